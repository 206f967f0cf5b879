package dev.lanewise.nn;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Allowed;
import dev.lanewise.format.internal.Fields;
import dev.lanewise.nn.internal.Assumption;
import dev.lanewise.nn.internal.Change;
import dev.lanewise.nn.internal.Fact;
import dev.lanewise.nn.internal.Facts;
import dev.lanewise.nn.internal.Said;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** The facts of a single network. */
final class NetworkFacts {
  static final Fact<Loss> LOSS = new OfLoss();
  static final Fact<Scaling> SCALING = new OfFeatures();
  static final Fact<Scaling> TARGET_SCALING = new OfTargets();
  static final Fact<List<String>> CLASS_NAMES = new ClassNames();
  static final Fact<List<Integer>> INPUT_SHAPE = new InputShape();
  static final Fact<List<String>> TRAINING = new Texts("training", Change.TRAINING);

  private NetworkFacts() {}

  /** Returns the name of a class, or its number if the classes have no names. */
  static String className(List<String> names, int label) {
    return names.isEmpty() ? Integer.toString(label) : names.get(label);
  }

  /** Refuses a fact for another number of features than those of a network. */
  static void requireInputs(Facts others, String what, int found) {
    if (found != others.inputs()) {
      throw new IllegalArgumentException(
          (what + ": network %s takes %s").formatted(found, others.network(), others.inputs()));
    }
  }

  private static final class OfLoss extends Fact<Loss> {
    OfLoss() {
      super("loss", null, null);
    }

    @Override
    public Assumption assumption() {
      return Assumption.LOSS;
    }

    @Override
    public Loss visit(Loss loss, Fields fields, Facts others) throws IOException {
      return Loss.of(fields.text(name(), () -> loss.label()));
    }

    @Override
    public Said say(Loss loss, Facts facts) {
      return new Said("", name(), loss.label()); // those who read the names read the loss there
    }
  }

  /** A scaling: its name, and an array or two of its numbers. */
  private abstract static class OfScaling extends Fact<Scaling> {
    private static final String[] KINDS = {"none", "divide", "standard", "minmax", "robust"};

    OfScaling(String name, Scaling none) {
      super(name, name + "_", none);
    }

    @Override
    public Scaling visit(Scaling scaling, Fields fields, Facts others) throws IOException {
      Supplier<double[]> first = () -> ((FeatureScaling) scaling).first;
      Supplier<double[]> second = () -> ((FeatureScaling) scaling).second;
      String prefix = name() + "_";
      // The name of a scaling that divides is its divisor.
      String kind =
          fields.kind(
              name(), () -> scaling instanceof Scaling.Divide ? "divide" : scaling.name(), KINDS);
      return switch (kind) {
        case "none" -> Scaling.none();
        case "divide" ->
            Scaling.divide(
                fields.number(
                    prefix + "divisor",
                    Allowed.ABOVE_ZERO,
                    () -> ((Scaling.Divide) scaling).divisor()));
        case "standard" ->
            Scaling.standardise(
                fields.doubles(prefix + "mean", Allowed.FINITE, first),
                fields.doubles(prefix + "deviation", Allowed.FROM_ZERO, second));
        case "minmax" ->
            Scaling.minMax(
                fields.doubles(prefix + "minimum", Allowed.FINITE, first),
                fields.doubles(prefix + "maximum", Allowed.FINITE, second));
        default -> // robust
            Scaling.robust(
                fields.doubles(prefix + "median", Allowed.FINITE, first),
                fields.doubles(prefix + "range", Allowed.FROM_ZERO_OR_NAN, second));
      };
    }
  }

  /** The scaling of the features; absent if it is unknown. */
  private static final class OfFeatures extends OfScaling {
    OfFeatures() {
      super("scaling", null);
    }

    @Override
    public Assumption assumption() {
      return Assumption.SCALING;
    }

    @Override
    public Scaling checked(Scaling scaling, Facts others) {
      requireInputs(others, "scaling of %s features", scaling.features().orElse(others.inputs()));
      return scaling;
    }

    @Override
    public Said say(Scaling scaling, Facts facts) {
      String kind = scaling == null ? "not stored" : scaling.name();
      return new Said("Scaling " + kind, name(), kind);
    }
  }

  /** The scaling of numeric targets. */
  private static final class OfTargets extends OfScaling {
    OfTargets() {
      super("target_scaling", Scaling.none());
    }

    @Override
    public Scaling checked(Scaling scaling, Facts others) {
      int outputs = scaling.features().orElse(others.outputs());
      if (outputs != others.outputs()) {
        throw new IllegalArgumentException(
            "target scaling of %s outputs: network %s has %s"
                .formatted(outputs, others.network(), others.outputs()));
      }
      Loss loss = others.get(LOSS);
      if (!loss.task().scalesTargets() && !(scaling instanceof Scaling.None)) {
        throw new IllegalArgumentException(
            "target scaling: loss %s takes none, %s do"
                .formatted(loss.label(), Loss.scaledLabels()));
      }
      return scaling;
    }

    @Override
    public boolean outlives(Change change, Scaling scaling, Facts now) {
      return change != LOSS || now.get(LOSS).task().scalesTargets();
    }

    @Override
    public Said say(Scaling scaling, Facts facts) {
      boolean isNone = scaling instanceof Scaling.None;
      String kind = scaling.name();
      return new Said(isNone ? "" : "Scaling of targets " + kind, name(), kind);
    }
  }

  /** A list of texts, such as notes for people. */
  private static class Texts extends Fact<List<String>> {
    Texts(String name, Change... endings) {
      super(name, null, List.of(), endings);
    }

    @Override
    public List<String> visit(List<String> texts, Fields fields, Facts others) throws IOException {
      return fields.texts(name(), () -> texts);
    }

    @Override
    public List<String> checked(List<String> texts, Facts others) {
      NdArray.ofStrings(texts, texts.size()); // refuses texts that cannot be saved
      return List.copyOf(texts);
    }

    @Override
    public Said say(List<String> texts, Facts facts) {
      String line = "Trained with " + String.join(", ", texts).replace('=', ' ');
      return new Said(texts.isEmpty() ? List.of() : List.of(line), name(), texts, true);
    }
  }

  /** One name per class or output, or none. */
  private static final class ClassNames extends Texts {
    ClassNames() {
      super("class_names");
    }

    @Override
    public List<String> checked(List<String> names, Facts others) {
      if (!names.isEmpty() && names.size() != others.outputs()) {
        throw new IllegalArgumentException(
            "%s class names: network %s has %s classes"
                .formatted(names.size(), others.network(), others.outputs()));
      }
      NdArray.checkNames("class names", names);
      return List.copyOf(names);
    }

    @Override
    public Said say(List<String> names, Facts facts) {
      Loss loss = facts.get(LOSS);
      String all = names.isEmpty() ? "0 to " + (facts.outputs() - 1) : String.join(", ", names);
      List<String> lines =
          loss.task().hasClasses()
              ? List.of("Classes " + all)
              : List.of("Loss " + loss.label(), "Outputs " + all);
      return new Said(lines, name(), names, false);
    }
  }

  /** The dimensions of an input, or none. */
  private static final class InputShape extends Fact<List<Integer>> {
    InputShape() {
      super("input_shape", null, List.of());
    }

    @Override
    public List<Integer> visit(List<Integer> shape, Fields fields, Facts others)
        throws IOException {
      long[] all = fields.ints(name(), () -> shape.stream().mapToInt(d -> d).toArray());
      return Arrays.stream(all).mapToInt(Math::toIntExact).boxed().toList();
    }

    @Override
    public List<Integer> checked(List<Integer> shape, Facts others) {
      long product = 1;
      for (int dimension : shape) {
        // A product of -1 differs from the number of inputs, so the check below refuses it.
        product = dimension < 1 || product > Integer.MAX_VALUE ? -1 : product * dimension;
      }
      if (!shape.isEmpty() && product != others.inputs()) {
        throw new IllegalArgumentException(
            "input shape %s: network %s takes %s inputs"
                .formatted(shape, others.network(), others.inputs()));
      }
      return List.copyOf(shape);
    }

    @Override
    public Said say(List<Integer> shape, Facts facts) {
      return new Said("", name(), shape);
    }
  }
}
