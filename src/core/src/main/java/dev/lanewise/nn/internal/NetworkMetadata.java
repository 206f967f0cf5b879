package dev.lanewise.nn.internal;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.NdArray;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.ClassWeighting;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The facts of a network besides its parameters: how raw data becomes inputs, and the meaning of
 * outputs. Methods that change one drop those that the change makes untrue.
 *
 * @param network the layers
 * @param loss the loss; softmax if nothing is known
 * @param scaling of the features; null if it is unknown
 * @param targetScaling of numeric targets
 * @param classNames one per class or output, or none
 * @param inputShape the dimensions of an input, or none
 * @param training notes for people
 * @param weighting weights of the classes in the training; null without
 * @param further inputs that are computed of features; null without
 * @param others the arrays of facts that other modules know, by name, in the order of a file
 */
public record NetworkMetadata(
    Architecture network,
    Loss loss,
    Scaling scaling,
    Scaling targetScaling,
    List<String> classNames,
    List<Integer> inputShape,
    List<String> training,
    ClassWeighting weighting,
    FurtherInputs further,
    Map<String, NdArray> others) {
  /** Notes on a training with weights of classes. */
  private static final Pattern WEIGHTED = Pattern.compile("balanced=.*|class-weights=(?!none).*");

  /** {@return what is known of layers alone} */
  public static NetworkMetadata of(Architecture network) {
    List<String> none = List.of();
    return new NetworkMetadata(
        network, Loss.SOFTMAX, null, Scaling.none(), none, List.of(), none, null, null, Map.of());
  }

  /** {@return whether notes on a training tell of weights of classes} */
  public static boolean isWeighted(List<String> notes) {
    return notes.stream().anyMatch(WEIGHTED.asMatchPredicate());
  }

  /** Returns the name of a class, or its number if the classes have no names. */
  public static String className(List<String> names, int label) {
    return names.isEmpty() ? Integer.toString(label) : names.get(label);
  }

  /** {@return the number of features of a row} */
  public int inputs() {
    return further == null ? network.inputs() : further.features();
  }

  /** {@return the number of outputs of the network} */
  public int outputs() {
    return network.outputs();
  }

  /** {@return these facts with other parameters, in the same or in other layers} */
  public NetworkMetadata on(Architecture layers) {
    return copy(layers, loss, scaling, targetScaling, weighting, but(MetadataName.Role.OF_RESULTS));
  }

  /** {@return these facts after another training} */
  public NetworkMetadata trained() {
    Map<String, NdArray> left = but(MetadataName.Role.OF_TRAINING);
    return copy(network, loss, scaling, targetScaling, null, left).withTraining(List.of());
  }

  /** {@return these facts with another loss, for which a target scaling may be untrue} */
  public NetworkMetadata withLoss(Loss other) {
    Scaling kept = other.task().scalesTargets() ? targetScaling : Scaling.none();
    return copy(network, other, scaling, kept, null, but(MetadataName.Role.OF_RESULTS));
  }

  /** {@return these facts with another scaling of the features} */
  public NetworkMetadata withScaling(Scaling other) {
    requireInputs("scaling of %s features", other.features().orElse(inputs()));
    return copy(network, loss, other, targetScaling, weighting, but(MetadataName.Role.OF_RESULTS));
  }

  /** Refuses a fact for a number of features other than that of the network. */
  public void requireInputs(String what, int found) {
    if (found != inputs()) {
      throw new IllegalArgumentException(
          (what + ": network %s takes %s").formatted(found, network, inputs()));
    }
  }

  /** {@return these facts with another scaling of the targets} */
  public NetworkMetadata withTargetScaling(Scaling other) {
    int found = other.features().orElse(outputs());
    if (found != outputs()) {
      throw new ArgumentException(
          "target scaling of %s outputs: network %s has %s", found, network, outputs());
    } else if (!loss.task().scalesTargets() && !other.isNone()) {
      throw new ArgumentException(
          "target scaling: loss %s takes none, %s do", loss.label(), Loss.scaledLabels());
    }
    return copy(network, loss, scaling, other, weighting, but(MetadataName.Role.OF_RESULTS));
  }

  /** {@return these facts with other weights of classes; null for none} */
  public NetworkMetadata withWeighting(ClassWeighting other) {
    int classes = other == null ? outputs() : other.weights().length;
    if (other != null && (!loss.task().hasClasses() || classes != outputs())) {
      throw new ArgumentException(
          "class weights %s: loss %s of %s outputs, expected softmax of %s classes",
          other, loss.label(), outputs(), classes);
    }
    return copy(network, loss, scaling, targetScaling, other, but(MetadataName.Role.OF_RESULTS));
  }

  /** {@return these facts with other names of classes or outputs} */
  public NetworkMetadata withClassNames(List<String> names) {
    if (!names.isEmpty() && names.size() != outputs()) {
      throw new ArgumentException(
          "%s class names: network %s has %s classes", names.size(), network, outputs());
    }
    NdArray.checkNames("class names", names);
    return described(List.copyOf(names), inputShape, training, further);
  }

  /** {@return these facts with another shape of an input} */
  public NetworkMetadata withInputShape(List<Integer> shape) {
    long product = 1;
    for (int dimension : shape) {
      // A product of -1 differs from the number of inputs, so the check below refuses it.
      product = dimension < 1 || product > Integer.MAX_VALUE ? -1 : product * dimension;
    }
    if (!shape.isEmpty() && product != inputs()) {
      throw new ArgumentException(
          "input shape %s: network %s takes %s inputs", "" + shape, network, inputs());
    }
    return described(classNames, List.copyOf(shape), training, further);
  }

  /** {@return these facts with other notes on the training} */
  public NetworkMetadata withTraining(List<String> notes) {
    NdArray.ofStrings(notes, notes.size()); // refuses texts that cannot be saved
    return described(classNames, inputShape, List.copyOf(notes), further);
  }

  /** {@return these facts with other further inputs; the caller has checked their number} */
  public NetworkMetadata withFurther(FurtherInputs other) {
    return described(classNames, inputShape, training, other);
  }

  /** {@return these facts with other arrays of facts that other modules know} */
  public NetworkMetadata withOthers(Map<String, NdArray> arrays) {
    return copy(network, loss, scaling, targetScaling, weighting, arrays);
  }

  /** {@return these facts with other arrays of one that other modules know; none drops it} */
  public NetworkMetadata with(MetadataName fact, Map<String, NdArray> arrays) {
    return withOthers(with(others, fact, arrays));
  }

  /** {@return these facts with those whose arrays are given in place of their old ones} */
  public NetworkMetadata withAll(Map<String, NdArray> arrays) {
    NetworkMetadata changed = this;
    for (MetadataName fact : MetadataName.values()) {
      changed = arrays.containsKey(fact.array()) ? changed.with(fact, arrays) : changed;
    }
    return changed;
  }

  /** {@return arrays of facts with others of one, in the order of a file} */
  public static Map<String, NdArray> with(
      Map<String, NdArray> all, MetadataName fact, Map<String, NdArray> arrays) {
    Map<String, NdArray> changed = new LinkedHashMap<>();
    for (MetadataName each : MetadataName.values()) {
      (each == fact ? arrays : all)
          .forEach(
              (name, array) -> {
                if (each.owns(name)) {
                  changed.put(name, array);
                }
              });
    }
    return changed;
  }

  /** {@return these facts without those of the average of networks} */
  public NetworkMetadata ofNetwork() {
    return withOthers(but(MetadataName.Role.OF_RESULTS))
        .with(MetadataName.MEMBER_WEIGHTS, Map.of());
  }

  /** {@return these facts for other layers with other further inputs} */
  public NetworkMetadata like(NetworkMetadata that) {
    Map<String, NdArray> same = others;
    return copy(that.network, loss, scaling, targetScaling, weighting, same)
        .withFurther(that.further);
  }

  /** {@return the names of the facts that a network carries and that only a model honours} */
  public List<String> needed() {
    return MetadataName.needed(
        name ->
            name.equals(MetadataName.BINS.array()) ? further != null : others.containsKey(name));
  }

  private Map<String, NdArray> but(MetadataName.Role ended) {
    Map<String, NdArray> left = new LinkedHashMap<>(others);
    left.keySet().removeIf(name -> MetadataName.owner(name).is(ended));
    return left;
  }

  private NetworkMetadata copy(
      Architecture layers,
      Loss objective,
      Scaling features,
      Scaling targets,
      ClassWeighting weights,
      Map<String, NdArray> arrays) {
    return new NetworkMetadata(
        layers,
        objective,
        features,
        targets,
        classNames,
        inputShape,
        training,
        weights,
        further,
        arrays);
  }

  private NetworkMetadata described(
      List<String> names, List<Integer> shape, List<String> notes, FurtherInputs inputs) {
    return new NetworkMetadata(
        network, loss, scaling, targetScaling, names, shape, notes, weighting, inputs, others);
  }
}
