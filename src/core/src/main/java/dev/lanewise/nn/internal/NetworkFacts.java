package dev.lanewise.nn.internal;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Allowed;
import dev.lanewise.format.internal.ArgumentException;
import dev.lanewise.format.internal.Fields;
import dev.lanewise.nn.ClassWeighting;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** The facts of a single network. */
public final class NetworkFacts {
  public static final Fact<Loss> LOSS = new OfLoss();
  public static final Fact<Scaling> SCALING = new OfFeatures();
  public static final Fact<Scaling> TARGET_SCALING = new OfTargets();
  public static final Fact<List<String>> CLASS_NAMES = new ClassNames();
  public static final Fact<List<Integer>> INPUT_SHAPE = new InputShape();
  public static final Fact<List<String>> TRAINING = new Texts(FactName.TRAINING);
  public static final Fact<ClassWeighting> CLASS_WEIGHTS = new OfClassWeights();

  /** What a network has of which nothing else is known: its loss is softmax. */
  public static final Facts NONE = Facts.NONE.with(LOSS, Loss.SOFTMAX);

  /** Notes on a training with weights of classes. */
  private static final Pattern WEIGHTED = Pattern.compile("balanced=.*|class-weights=(?!none).*");

  private NetworkFacts() {}

  /** {@return the facts of a single network} */
  public static List<Fact<?>> all() {
    return List.of(
        LOSS, SCALING, TARGET_SCALING, CLASS_NAMES, INPUT_SHAPE, TRAINING, CLASS_WEIGHTS);
  }

  /** {@return whether notes tell of weights of classes that are not stored} */
  public static boolean isWeighted(Facts facts) {
    return facts.get(LOSS).task().hasClasses()
        && facts.get(CLASS_WEIGHTS) == null
        && isWeighted(facts.get(TRAINING));
  }

  /** {@return whether notes on a training tell of weights of classes} */
  public static boolean isWeighted(List<String> notes) {
    return notes.stream().anyMatch(WEIGHTED.asMatchPredicate());
  }

  /** Returns the name of a class, or its number if the classes have no names. */
  public static String className(List<String> names, int label) {
    return names.isEmpty() ? Integer.toString(label) : names.get(label);
  }

  /** Refuses a fact for a number of features other than that of the network. */
  public static void requireInputs(Facts others, String what, int found) {
    if (found != others.inputs()) {
      throw new IllegalArgumentException(
          (what + ": network %s takes %s").formatted(found, others.network(), others.inputs()));
    }
  }

  private static final class OfLoss extends Fact<Loss> {
    OfLoss() {
      super(FactName.LOSS, null);
    }

    @Override
    public Assumption assumption() {
      return Assumption.LOSS;
    }

    @Override
    public Loss visit(Loss loss, Fields fields, Facts others) throws IOException {
      return Loss.of(fields.text(array(), () -> loss.label()));
    }

    @Override
    public Said say(Loss loss, Facts facts) {
      // the loss is printed beside the names, by their own fact
      return new Said("", array(), loss.label());
    }
  }

  /** A scaling: its name, and an array or two of its numbers. */
  private abstract static class OfScaling extends Fact<Scaling> {
    private static final String[] KINDS = {"none", "divide", "standard", "minmax", "robust"};

    OfScaling(FactName name, Scaling none) {
      super(name, none);
    }

    @Override
    public Scaling visit(Scaling scaling, Fields fields, Facts others) throws IOException {
      String prefix = array() + "_";
      // The name of a scaling that divides is its divisor.
      String kind =
          fields.kind(
              array(), () -> scaling instanceof Scaling.Divide ? "divide" : scaling.name(), KINDS);
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
                fields.doubles(
                    prefix + "mean", Allowed.FINITE, () -> ((Scaling.Standardise) scaling).mean()),
                fields.doubles(
                    prefix + "deviation",
                    Allowed.FROM_ZERO,
                    () -> ((Scaling.Standardise) scaling).deviation()));
        case "minmax" ->
            Scaling.minMax(
                fields.doubles(
                    prefix + "minimum", Allowed.FINITE, () -> ((Scaling.MinMax) scaling).minimum()),
                fields.doubles(
                    prefix + "maximum",
                    Allowed.FINITE,
                    () -> ((Scaling.MinMax) scaling).maximum()));
        default -> // robust
            Scaling.robust(
                fields.doubles(
                    prefix + "median", Allowed.FINITE, () -> ((Scaling.Robust) scaling).median()),
                fields.doubles(
                    prefix + "range",
                    Allowed.FROM_ZERO_OR_NAN,
                    () -> ((Scaling.Robust) scaling).range()));
      };
    }
  }

  /** The scaling of the features; absent if it is unknown. */
  private static final class OfFeatures extends OfScaling {
    OfFeatures() {
      super(FactName.SCALING, null);
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
      return new Said("Scaling " + kind, array(), kind);
    }
  }

  /** The scaling of numeric targets. */
  private static final class OfTargets extends OfScaling {
    OfTargets() {
      super(FactName.TARGET_SCALING, Scaling.none());
    }

    @Override
    public Scaling checked(Scaling scaling, Facts others) {
      int outputs = scaling.features().orElse(others.outputs());
      if (outputs != others.outputs()) {
        throw new ArgumentException(
            "target scaling of %s outputs: network %s has %s",
            outputs, others.network(), others.outputs());
      }
      Loss loss = others.get(LOSS);
      if (!loss.task().scalesTargets() && !(scaling instanceof Scaling.None)) {
        throw new ArgumentException(
            "target scaling: loss %s takes none, %s do", loss.label(), Loss.scaledLabels());
      }
      return scaling;
    }

    @Override
    public boolean outlives(Change change, Scaling scaling, Facts now) {
      return change != FactName.LOSS || now.get(LOSS).task().scalesTargets();
    }

    @Override
    public Said say(Scaling scaling, Facts facts) {
      boolean isNone = scaling instanceof Scaling.None;
      String kind = scaling.name();
      return new Said(isNone ? "" : "Scaling of targets " + kind, array(), kind);
    }
  }

  /** A list of texts, such as notes for people. */
  private static class Texts extends Fact<List<String>> {
    Texts(FactName name) {
      super(name, List.of());
    }

    @Override
    public List<String> visit(List<String> texts, Fields fields, Facts others) throws IOException {
      return fields.texts(array(), () -> texts);
    }

    @Override
    public List<String> checked(List<String> texts, Facts others) {
      NdArray.ofStrings(texts, texts.size()); // refuses texts that cannot be saved
      return List.copyOf(texts);
    }

    @Override
    public Said say(List<String> texts, Facts facts) {
      String line = "Trained with " + String.join(", ", texts).replace('=', ' ');
      return new Said(texts.isEmpty() ? List.of() : List.of(line), array(), texts, true);
    }
  }

  /** One name per class or output, or none. */
  private static final class ClassNames extends Texts {
    ClassNames() {
      super(FactName.CLASS_NAMES);
    }

    @Override
    public List<String> checked(List<String> names, Facts others) {
      if (!names.isEmpty() && names.size() != others.outputs()) {
        throw new ArgumentException(
            "%s class names: network %s has %s classes",
            names.size(), others.network(), others.outputs());
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
      return new Said(lines, array(), names, false);
    }
  }

  /** The dimensions of an input, or none. */
  private static final class InputShape extends Fact<List<Integer>> {
    InputShape() {
      super(FactName.INPUT_SHAPE, List.of());
    }

    @Override
    public List<Integer> visit(List<Integer> shape, Fields fields, Facts others)
        throws IOException {
      long[] all = fields.ints(array(), () -> shape.stream().mapToInt(d -> d).toArray());
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
        throw new ArgumentException(
            "input shape %s: network %s takes %s inputs",
            "" + shape, others.network(), others.inputs());
      }
      return List.copyOf(shape);
    }

    @Override
    public Said say(List<Integer> shape, Facts facts) {
      return new Said("", array(), shape);
    }
  }

  /** Weights of the classes in the training. */
  private static final class OfClassWeights extends Fact<ClassWeighting> {
    OfClassWeights() {
      super(FactName.CLASS_WEIGHTS, null);
    }

    @Override
    public ClassWeighting visit(ClassWeighting own, Fields fields, Facts others)
        throws IOException {
      double[] weights = fields.doubles(array(), Allowed.ABOVE_ZERO, () -> own.weights());
      double smoothing =
          fields.number(array() + "_smoothing", Allowed.FROM_ZERO_TO_ONE, () -> own.smoothing(), 1);
      return ClassWeighting.of(smoothing, weights);
    }

    @Override
    public ClassWeighting checked(ClassWeighting weighting, Facts others) {
      int classes = weighting.weights().length;
      Loss loss = others.get(LOSS);
      if (!loss.task().hasClasses() || classes != others.outputs()) {
        throw new ArgumentException(
            "class weights %s: loss %s of %s outputs, expected softmax of %s classes",
            weighting, loss.label(), others.outputs(), classes);
      }
      return weighting;
    }

    @Override
    public Said say(ClassWeighting weighting, Facts facts) {
      if (weighting != null) {
        String line = "Weights of the classes in the training, which probabilities undo: ";
        return new Said(line + weighting, array(), weighting.toString());
      }
      return null;
    }
  }
}
