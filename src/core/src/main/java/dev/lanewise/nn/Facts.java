package dev.lanewise.nn;

import dev.lanewise.engine.Expansion;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.SealedNpz;
import dev.lanewise.format.internal.CodePoints;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The facts of a model besides its layers and parameters: how raw data becomes inputs, and the
 * meaning of outputs. {@link Mlp} checks that the facts fit the network. Fields are set only in a
 * new copy, before anyone else sees it.
 */
final class Facts implements Cloneable {
  /** The defaults of a model without facts. */
  static final Facts NONE = new Facts();

  Loss loss = Loss.SOFTMAX;
  Optional<Scaling> scaling = Optional.empty(); // empty: unknown
  Scaling targetScaling = Scaling.none();
  List<String> classNames = List.of(); // one per class or output, or none
  List<Integer> inputShape = List.of(); // the dimensions of an input, or none
  Optional<Schema> schema = Optional.empty(); // of a table
  Optional<Division> division = Optional.empty(); // of the rows of the training file
  List<String> training = List.of(); // options of the training, name=value
  Map<String, NdArray> further = Map.of(); // of other packages, by name in order of code points
  private String furtherDigest = ""; // compares them, as arrays have no equals

  /** Of one network, or in the facts of a model of several; empty in those of its members. */
  Optional<Calibration> calibration = Optional.empty();

  /** Kept where the calibration is. */
  Optional<DecisionRule> rule = Optional.empty();

  /** Kept where the calibration is. */
  Optional<Coverage> coverage = Optional.empty();

  Optional<Bins> bins = Optional.empty(); // of features, whose bins are further inputs

  private Architecture network; // for the checks of a change

  private Facts() {}

  /** Returns these facts for a network. */
  Facts of(Architecture architecture) {
    return network == architecture ? this : with(copy -> copy.network = architecture);
  }

  /** Returns a copy after a change. */
  Facts with(Consumer<Facts> change) {
    try {
      Facts copy = (Facts) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns the number of features of a row, which the bins of features do not count among. */
  int inputs() {
    return network.inputs() - bins.map(Bins::count).orElse(0);
  }

  int outputs() {
    return network.outputs();
  }

  /** Returns the expansion of a row's features to inputs; null if the features are the inputs. */
  Expansion expansion() {
    return bins.map(Bins::expansion).orElse(null);
  }

  void setBins(Bins other) {
    Objects.requireNonNull(other, "bins");
    int features = network.inputs() - other.count();
    if (other.features() != features
        || scaling.isPresent() && scaling.get().features().orElse(features) != features
        || schema.isPresent() && schema.get().inputs() != features) {
      throw new IllegalArgumentException(
          "%s bins of %s features: network %s, expected as many inputs as both together, and a scaling and a schema of the features alone"
              .formatted(other.count(), other.features(), network));
    }
    bins = Optional.of(other);
  }

  /** Sets the calibration, and takes out what was for other probabilities. */
  void setCalibration(Optional<Calibration> other) {
    Objects.requireNonNull(other, "calibration");
    if (other.isPresent() && !other.get().fits(loss, outputs())) {
      throw new IllegalArgumentException(
          "calibration by %s: loss %s of %s outputs takes %s"
              .formatted(
                  other.get(),
                  loss.label(),
                  outputs(),
                  loss.takesClasses()
                      ? "a temperature"
                      : loss.takesFlags() ? "two numbers per output" : "none"));
    }
    calibration = other;
    rule = rule.filter(r -> !r.isThreshold());
    coverage = Optional.empty();
  }

  void setRule(Optional<DecisionRule> other) {
    Objects.requireNonNull(other, "rule");
    int classes = other.map(DecisionRule::classes).orElse(outputs());
    if (other.isPresent() && (!loss.takesClasses() || classes != outputs())) {
      throw new IllegalArgumentException(
          "decision by %s: loss %s of %s outputs, expected softmax of %s classes"
              .formatted(other.get(), loss.label(), outputs(), classes));
    }
    rule = other;
  }

  void setCoverage(Optional<Coverage> other) {
    Objects.requireNonNull(other, "coverage");
    if (other.isPresent() && !other.get().fits(loss, outputs())) {
      throw new IllegalArgumentException(
          "coverage of %s: loss %s of %s outputs takes %s"
              .formatted(
                  other.get(),
                  loss.label(),
                  outputs(),
                  loss.takesClasses()
                      ? "sets of its classes"
                      : loss.isRegression() && loss.quantile().isEmpty()
                          ? "intervals of its outputs"
                          : "none"));
    }
    coverage = other;
  }

  /** Returns these facts for other results, which calibration, decision and coverage do not fit. */
  Facts uncalibrated() {
    return calibration.isEmpty() && rule.isEmpty() && coverage.isEmpty()
        ? this
        : with(
            copy -> {
              copy.calibration = Optional.empty();
              copy.rule = Optional.empty();
              copy.coverage = Optional.empty();
            });
  }

  void setLoss(Loss other) {
    loss = Objects.requireNonNull(other, "loss");
    targetScaling = loss.isRegression() ? targetScaling : Scaling.none();
  }

  void setScaling(Scaling other) {
    Objects.requireNonNull(other, "scaling");
    requireInputs("scaling of %s features", other.features().orElse(inputs()));
    scaling = Optional.of(other);
  }

  private void requireInputs(String what, int found) {
    if (found != inputs()) {
      throw new IllegalArgumentException(
          (what + ": network %s takes %s").formatted(found, network, inputs()));
    }
  }

  void setTargetScaling(Scaling other) {
    Objects.requireNonNull(other, "scaling");
    int outputs = other.features().orElse(network.outputs());
    if (outputs != network.outputs()) {
      throw new IllegalArgumentException(
          "target scaling of %s outputs: network %s has %s"
              .formatted(outputs, network, network.outputs()));
    }
    if (!loss.isRegression() && !(other instanceof Scaling.None)) {
      throw new IllegalArgumentException(
          "target scaling: loss %s takes none, %s do"
              .formatted(loss.label(), Loss.regressionLabels()));
    }
    targetScaling = other;
  }

  void setClassNames(List<String> names) {
    Objects.requireNonNull(names, "names");
    if (!names.isEmpty() && names.size() != network.outputs()) {
      throw new IllegalArgumentException(
          "%s class names: network %s has %s classes"
              .formatted(names.size(), network, network.outputs()));
    }
    NdArray.checkNames("class names", names);
    classNames = List.copyOf(names);
  }

  void setInputShape(int... shape) {
    Objects.requireNonNull(shape, "shape");
    long product = 1;
    for (int dimension : shape) {
      // A product of -1 differs from the number of inputs, so the check below refuses it.
      product = dimension < 1 || product > Integer.MAX_VALUE ? -1 : product * dimension;
    }
    inputShape = Arrays.stream(shape).boxed().toList();
    if (shape.length > 0 && product != inputs()) {
      throw new IllegalArgumentException(
          "input shape %s: network %s takes %s inputs".formatted(inputShape, network, inputs()));
    }
  }

  void setSchema(Schema other) {
    Objects.requireNonNull(other, "schema");
    requireInputs("schema of %s inputs", other.inputs());
    schema = Optional.of(other);
  }

  void setTraining(List<String> options) {
    Objects.requireNonNull(options, "options");
    NdArray.ofStrings(options, options.size()); // refuses texts that cannot be saved
    training = List.copyOf(options);
  }

  void setFurther(Map<String, NdArray> arrays) {
    Objects.requireNonNull(arrays, "facts");
    NdArray.checkNames("further facts", arrays.keySet());
    Map<String, NdArray> sorted = new TreeMap<>(CodePoints.ORDER);
    sorted.putAll(arrays);
    if (sorted.containsKey("")) {
      throw new IllegalArgumentException("further facts: an empty name, expected one of its own");
    }
    further = Collections.unmodifiableMap(sorted);
    furtherDigest = sorted.isEmpty() ? "" : SealedNpz.sha256(sorted);
  }

  /** Returns these facts for the network and the bins of others. */
  Facts like(Facts others) {
    return with(
        copy -> {
          copy.network = others.network;
          copy.bins = others.bins;
        });
  }

  /** Returns whether other facts equal these, except for the network and perhaps its bins. */
  boolean agree(Facts that) {
    return like(that).equals(that);
  }

  private List<Object> all() {
    return List.of(
        loss,
        scaling,
        targetScaling,
        classNames,
        inputShape,
        schema,
        division,
        training,
        calibration,
        rule,
        coverage,
        bins,
        furtherDigest);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Facts that && all().equals(that.all());
  }

  @Override
  public int hashCode() {
    return all().hashCode();
  }
}
