package dev.lanewise.nn.internal;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Allowed;
import dev.lanewise.format.internal.CodePoints;
import dev.lanewise.format.internal.EnumLabels;
import dev.lanewise.format.internal.Fields;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.nn.ClassWeighting;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads and writes models as .npz: the parameters as W1, b1, W2, b2, ..., the other facts of a
 * model in further arrays, and a checksum of all of them. The arrays are plain numbers and strings,
 * which numpy reads without pickle. Arrays with other names are ignored.
 */
public final class ModelFile {
  /** Facts of later versions on which predictions depend, by name. */
  private static final String NEEDS = "needs";

  private static final String[] SCALINGS =
      EnumLabels.of(Scaling.Kind.values()).toArray(new String[0]);

  final Fields in;
  final SealedNpz npz;
  private final Set<Assumption> assumed = new LinkedHashSet<>();

  private ModelFile(SealedNpz npz) {
    this.in = Fields.of(npz);
    this.npz = npz;
  }

  /** Returns whether an array's name has a meaning here; a checksum must cover such an array. */
  public static boolean hasMeaning(String array) {
    return array.equals(NEEDS) || MetadataName.owner(array) != null || NetworkArrays.owns(array);
  }

  /**
   * Writes a model with further arrays, which readers of models ignore. The checksum of the file
   * covers these arrays, too.
   *
   * @throws IllegalArgumentException if one of the names is reserved for an array of the model
   * @throws IOException if the file cannot be written; an existing file then stays as it was
   */
  public static void write(Mlp network, Path file, Map<String, NdArray> others) throws IOException {
    Map<String, NdArray> arrays = saved(network.members(), MlpState.of(network).facts(), file);
    for (String name : others.keySet()) {
      if (hasMeaning(name)) {
        throw new IllegalArgumentException(
            "an array " + name + " beside a model: must have another name than arrays of a model");
      }
    }
    arrays.putAll(others);
    SealedNpz.write(file, arrays);
  }

  /** Returns the arrays of a model; refuses a model that could not be read again. */
  public static Map<String, NdArray> saved(List<Mlp> members, NetworkMetadata facts, Object file) {
    requireFinite(members, file);
    return arrays(members, facts);
  }

  /** Refuses parameters that are not finite, as no file could be read with them. */
  public static void requireFinite(List<Mlp> members, Object file) {
    for (Mlp member : members) {
      float[] parameters = MlpState.of(member).parameters();
      for (int i = 0; i < parameters.length; i++) {
        if (!Float.isFinite(parameters[i])) {
          throw new IllegalStateException(
              "save %s: parameter %s of %s is %s, expected finite numbers (a training that diverged?)"
                  .formatted(file, i, parameters.length, parameters[i]));
        }
      }
    }
  }

  /** Returns the arrays of a whole model; the parameters are not copied. */
  public static Map<String, NdArray> arrays(List<Mlp> members, NetworkMetadata facts) {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    NetworkArrays.put(arrays, members);
    if (facts.further() != null) {
      arrays.putAll(facts.further().arrays());
    }
    arrays.putAll(Fields.written(out -> facts(facts, facts, out)));
    arrays.putAll(facts.others());
    return arrays;
  }

  /**
   * Reads a model and verifies the checksum of its file.
   *
   * @param given networks that replace the networks of the file, if there are any
   * @throws IOException if the file cannot be read or is not a model
   */
  public static StoredModel read(SealedNpz file, List<Mlp> given) throws IOException {
    return new ModelFile(file).readOn(given);
  }

  /** Returns the arrays of a model without its parameters. */
  public static Map<String, NdArray> withoutParameters(List<Mlp> members, NetworkMetadata facts) {
    Map<String, NdArray> arrays = arrays(members, facts);
    arrays.keySet().removeIf(name -> NetworkArrays.NUMBERED.matcher(name).matches());
    return arrays;
  }

  /** The facts of a network, but the further inputs: writes its own, or adds those of a file. */
  private static NetworkMetadata facts(NetworkMetadata start, NetworkMetadata own, Fields fields)
      throws IOException {
    NetworkMetadata facts = start;
    if (fields.has("loss", own)) {
      facts = facts.withLoss(Loss.of(fields.text("loss", () -> own.loss().label())));
    }
    if (fields.has("scaling", own.scaling())) {
      facts = facts.withScaling(scaling("scaling", own.scaling(), fields));
    }
    Scaling ofTargets = own.targetScaling().isNone() ? null : own.targetScaling();
    if (fields.has("target_scaling", ofTargets)) {
      facts = facts.withTargetScaling(scaling("target_scaling", ofTargets, fields));
    }
    if (fields.has("class_names", own)) {
      facts = facts.withClassNames(fields.texts("class_names", own::classNames));
    }
    if (fields.has("input_shape", own)) {
      long[] shape =
          fields.ints("input_shape", () -> own.inputShape().stream().mapToInt(d -> d).toArray());
      facts = facts.withInputShape(Arrays.stream(shape).mapToObj(Math::toIntExact).toList());
    }
    if (fields.has("training", own)) {
      facts = facts.withTraining(fields.texts("training", own::training));
    }
    return fields.has("class_weights", own.weighting())
        ? facts.withWeighting(weighting(own.weighting(), fields))
        : facts;
  }

  /** A scaling: its name, and an array or two of its numbers. */
  private static Scaling scaling(String name, Scaling own, Fields fields) throws IOException {
    String label = fields.kind(name, () -> EnumLabels.of(own.kind()), SCALINGS);
    Scaling.Kind kind = EnumLabels.find(Scaling.Kind.values(), label, name);
    String second = name + "_" + kind.second();
    Allowed widths = Allowed.FROM_ZERO;
    switch (kind) {
      case NONE:
        return Scaling.none();
      case DIVIDE:
        return Scaling.divide(fields.number(second, Allowed.ABOVE_ZERO, () -> own.second()[0]));
      case MINMAX:
        widths = Allowed.FINITE;
        break;
      case ROBUST:
        widths = Allowed.FROM_ZERO_OR_NAN;
        break;
      default:
    }
    return Scaling.of(
        kind,
        fields.doubles(name + "_" + kind.first(), Allowed.FINITE, () -> own.first()),
        fields.doubles(second, widths, () -> own.second()));
  }

  /** Weights of the classes in the training. */
  private static ClassWeighting weighting(ClassWeighting own, Fields fields) throws IOException {
    String name = "class_weights";
    double[] weights = fields.doubles(name, Allowed.ABOVE_ZERO, () -> own.weights());
    double smoothing =
        fields.number(name + "_smoothing", Allowed.FROM_ZERO_TO_ONE, () -> own.smoothing(), 1);
    return ClassWeighting.of(smoothing, weights);
  }

  private StoredModel readOn(List<Mlp> given) throws IOException {
    npz.refuseAdded(ModelFile::hasMeaning);
    try {
      if (npz.contains(NEEDS)) {
        throw new FormatException(
            in.file(), "needs %s: written by a later Lanewise", in.texts(NEEDS, null));
      }
      List<Mlp> networks = NetworkArrays.read(this, given);
      says("loss", Assumption.LOSS);
      says("scaling", Assumption.SCALING);
      NetworkMetadata start = MlpState.of(networks.get(0)).facts();
      NetworkMetadata facts = facts(start, NetworkMetadata.of(start.network()), in);
      for (MetadataName fact : MetadataName.values()) {
        facts =
            fact.compareTo(MetadataName.MEMBER_WEIGHTS) < 0
                ? facts
                : facts.with(fact, carried(fact));
      }
      npz.verify();
      refuseLeftOver();
      Set<Assumption> all = assumptions();
      boolean isWeighted = facts.loss().task().hasClasses() && facts.weighting() == null;
      if (isWeighted && NetworkMetadata.isWeighted(facts.training())) {
        all.add(Assumption.WEIGHTED);
      }
      NetworkMetadata common = facts.ofNetwork();
      List<Mlp> members = new ArrayList<>();
      for (Mlp network : networks) {
        MlpState own = MlpState.of(network);
        members.add(new MlpState(common.like(own.facts()), own.parameters(), all).mlp());
      }
      return new StoredModel(members, facts);
    } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
      throw new FormatException(in.file(), Message.of(e), e);
    }
  }

  /** Reads the arrays of a fact that other modules know. */
  private Map<String, NdArray> carried(MetadataName fact) throws IOException {
    List<String> names = new ArrayList<>(npz.names());
    names.removeIf(name -> !fact.owns(name));
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    if (fact == MetadataName.FURTHER) {
      names.sort(CodePoints.ORDER);
    } else if (!npz.contains(fact.array())) {
      return arrays; // those without their owner are refused
    }
    for (String name : names) {
      arrays.put(name, in.any(name, null));
    }
    return arrays;
  }

  /**
   * Returns whether an array is there; if not, notes the assumption. Every version has written
   * activations and loss, so a sealed file without them is refused; an unknown scaling is not.
   */
  boolean says(String name, Assumption otherwise) throws FormatException {
    boolean there = npz.contains(name);
    if (!there) {
      assumed.add(otherwise);
    }
    if (!there && otherwise != Assumption.SCALING) {
      npz.requireSealed(name);
    }
    return there;
  }

  /** Returns the assumptions; in a file of Lanewise, a missing array is none. */
  private Set<Assumption> assumptions() {
    if (npz.trusted().isPresent()) {
      assumed.add(Assumption.TRUST);
    } else if (npz.format().isPresent()) {
      assumed.clear();
    } else {
      assumed.add(Assumption.CHECKSUM);
    }
    return assumed;
  }

  /**
   * Refuses an array whose owner is absent or does not use it, such as target_scaling_mean without
   * target_scaling, because the model was a different one. A trusted file is not checked.
   */
  private void refuseLeftOver() throws FormatException {
    for (String name : npz.names()) {
      if (npz.trusted().isEmpty()
          && !in.isTaken(name)
          && !NetworkArrays.NUMBERED.matcher(name).matches()
          && hasMeaning(name)) {
        MetadataName fact = MetadataName.owner(name);
        String owner = fact == null ? name : fact.array();
        throw new FormatException(
            in.file(),
            npz.contains(owner)
                ? "%s beside a %s that does not use it, expected no such array"
                : "%s without %s, expected both or neither",
            name,
            owner);
      }
    }
  }
}
