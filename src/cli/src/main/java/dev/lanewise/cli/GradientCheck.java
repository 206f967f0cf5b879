package dev.lanewise.cli;

import dev.lanewise.cli.GradientCheckResult.Element;
import dev.lanewise.cli.GradientCheckResult.Parameter;
import dev.lanewise.data.Rows;
import dev.lanewise.data.internal.RowPreparation;
import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.model.Bins;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.MlpState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Compares the gradients that training computes with central differences, {@code (L(w + h) - L(w -
 * h)) / 2h}, at random elements of every parameter array (Bishop, "Pattern Recognition and Machine
 * Learning", 2006, section 5.3.3).
 *
 * <p>The analytic side is what training runs: kernels in float, forward and back. The numerical
 * side is a plain network in double that shares no code with them. With h = 2^-20 the two usually
 * differ by a millionth of the largest gradient, by the rounding of the floats; a thousandth of an
 * array's largest passes, and so does the {@linkplain GradientCheckResult#ROUNDING unit roundoff}
 * of the network's.
 *
 * <p>ReLU has no derivative at its kink. So a check takes the ten rows, of a hundred drawn, whose
 * hidden pre-activations are farthest from 0. If some sum crosses 0 between w - h and w + h, the
 * element is tried again with h = 2^-23 and then replaced by another. The bias of a unit whose sum
 * is 0 on every row cannot be compared. An element with both gradients exactly 0, such as a weight
 * of a unit that no row activates, would always pass, so it is replaced by another if there is one.
 *
 * <p>Immutable; safe to share between threads.
 */
public final class GradientCheck {
  /** The course's network: 2304-16-80-7. */
  public static final Architecture COURSE = Architecture.relu(2304, List.of(16, 80), 7);

  private static final int ROWS = 10;
  private static final int ROWS_DRAWN = 100;
  private static final int ELEMENTS = 20;

  /** Maximum number of elements of an array that are tried. */
  private static final int ELEMENTS_DRAWN = 200;

  /** Maximum number of networks drawn to find one without an array of zero gradients. */
  private static final int NETWORKS_DRAWN = 50;

  /** Relative distance from a kink that exceeds the rounding errors of float sums. */
  private static final double CLEAR = 1e-6;

  private static final double ROW_DEVIATION = 0.1;
  private static final double BIAS_DEVIATION = 0.1;
  private static final double TARGET_DEVIATION = 2;

  // Uses of a seed: third argument of CounterRandom.key.
  private static final int KEY_ROWS = 0;
  private static final int KEY_LABELS = 1;
  private static final int KEY_NETWORKS = 2;
  private static final int KEY_BIASES = 3;
  private static final int KEY_ELEMENTS = 4; // + number of the parameter array

  private final long seed;
  private final Loss loss; // null: half the sum of the squares of the outputs

  private GradientCheck(long seed, Loss loss) {
    this.seed = seed;
    this.loss = loss;
  }

  /**
   * {@return a check with the course's loss, half the sum of the squares of all outputs of all
   * rows}
   */
  public static GradientCheck ofSeed(long seed) {
    return new GradientCheck(seed, null);
  }

  /**
   * Returns the same check with a loss of training and random targets.
   *
   * <p>Three of four rows have the class that is least likely to the network, or the less likely
   * targets of a sigmoid; the others have random ones. True targets would not do: for rows of which
   * a trained network is sure, the gradient p - t is lost in the rounding of p. In regression
   * targets have the deviation 2, so that there are errors on both sides of Huber's limit.
   */
  public GradientCheck withLoss(Loss loss) {
    return new GradientCheck(seed, Objects.requireNonNull(loss, "loss"));
  }

  /**
   * Checks a network of given sizes on random rows. Weights are drawn by {@link Initializer#HE},
   * biases with deviation 0.1, because a check could not see that a bias of 0 is ignored. If all
   * gradients of an array are 0 but for rounding, as in a small network or where the signs of
   * errors cancel, another network is drawn.
   */
  public GradientCheckResult check(Architecture architecture) {
    return check(architecture, UnaryOperator.identity());
  }

  /** Checks a model on rows of standard normal numbers times 0.1. */
  public GradientCheckResult check(Mlp model) {
    return check(model, UnaryOperator.identity());
  }

  /**
   * Checks a model on rows of a split; on all of them if there are fewer than ten. The rows are
   * unscaled, or scaled as the model expects.
   */
  public GradientCheckResult check(Mlp model, Rows split) {
    Rows scaled = RowPreparation.agreed(model, split);
    int[] order = new int[split.rows()];
    CounterRandom.permutation(key(KEY_ROWS), order);
    int inputs = model.architecture().inputs(); // the features and perhaps their bins
    Optional<Bins> bins = Model.of(model).bins();
    float[][] rows = new float[Math.min(ROWS_DRAWN, order.length)][inputs];
    for (int r = 0; r < rows.length; r++) {
      float[] row = rows[r];
      scaled.copyRows(order, r, 1, row, 0);
      bins.ifPresent(seen -> seen.encode(row, 0, row, seen.features()));
    }
    return check(model, rows, UnaryOperator.identity());
  }

  /** Checks with a filter of the analytic gradient, in which tests make errors. */
  GradientCheckResult check(Architecture architecture, UnaryOperator<float[]> filter) {
    GradientCheckResult result = null;
    for (int i = 0; i < NETWORKS_DRAWN; i++) {
      GradientCheck check = new GradientCheck(CounterRandom.bits(key(KEY_NETWORKS), i), loss);
      result = check.check(check.network(architecture), filter);
      boolean telling =
          result.parameters().stream().allMatch(array -> array.maxNumerical() > array.rounding());
      boolean constant = architecture.outputs() == 1 && loss != null && loss.task().hasClasses();
      if (telling || constant) {
        break;
      }
    }
    return result;
  }

  GradientCheckResult check(Mlp model, UnaryOperator<float[]> filter) {
    float[][] rows = new float[ROWS_DRAWN][model.architecture().inputs()];
    long counter = 0;
    for (float[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) (ROW_DEVIATION * CounterRandom.gaussian(key(KEY_ROWS), counter++));
      }
    }
    return check(model, rows, filter);
  }

  private Mlp network(Architecture architecture) {
    float[] parameters = Mlp.initial(architecture, Initializer.HE, seed).parameters();
    for (Layer layer : architecture.layers()) {
      for (int i = layer.biasesOffset(); i < layer.biasesOffset() + layer.outputs(); i++) {
        parameters[i] = (float) (BIAS_DEVIATION * CounterRandom.gaussian(key(KEY_BIASES), i));
      }
    }
    return Mlp.of(architecture, parameters);
  }

  /** Compares the gradients on the drawn rows that are farthest from a kink. */
  private GradientCheckResult check(Mlp model, float[][] drawn, UnaryOperator<float[]> filter) {
    ReferenceNetwork reference = new ReferenceNetwork(model);
    float[][] rows = choose(reference, drawn);
    int[] labels = labels(reference, rows);
    float[] targets = targets(reference, rows);
    float[] analytic = filter.apply(analytic(model, rows, labels, targets));
    CentralDifferences numerical = new CentralDifferences(reference, loss, rows, labels, targets);
    List<Layer> layers = model.layers();
    List<List<Element>> elements = new ArrayList<>(); // W1, b1, W2, b2, ...
    double largest = 0;
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = layers.get(l);
      int[] offsets = {layer.weightsOffset(), layer.biasesOffset()};
      int[] lengths = {layer.inputs() * layer.outputs(), layer.outputs()};
      for (int i = 0; i < offsets.length; i++) {
        long key = key(KEY_ELEMENTS + 2 * l + i);
        elements.add(elements(analytic, numerical, offsets[i], lengths[i], key));
        for (Element element : elements.get(2 * l + i)) {
          largest = Math.max(largest, Math.abs(element.numerical()));
        }
      }
    }
    double rounding = GradientCheckResult.ROUNDING * largest;
    List<Parameter> parameters = new ArrayList<>();
    for (int l = layers.size() - 1; l >= 0; l--) {
      List<Integer> shape = List.of(layers.get(l).inputs(), layers.get(l).outputs());
      List<Integer> outputs = shape.subList(1, 2);
      parameters.add(new Parameter("W" + (l + 1), shape, elements.get(2 * l), rounding));
      parameters.add(new Parameter("b" + (l + 1), outputs, elements.get(2 * l + 1), rounding));
    }
    return new GradientCheckResult(parameters);
  }

  /**
   * Returns the rows farthest from a kink, without rows that rounding may put on its other side.
   */
  private static float[][] choose(ReferenceNetwork reference, float[][] drawn) {
    double[] clearances = Arrays.stream(drawn).mapToDouble(reference::clearance).toArray();
    long clear = Arrays.stream(clearances).filter(clearance -> clearance > CLEAR).count();
    float[][] rows =
        IntStream.range(0, drawn.length)
            .boxed()
            .sorted(Comparator.comparingDouble(r -> -clearances[r])) // equal ones as drawn
            .map(r -> drawn[r])
            .toArray(float[][]::new);
    // If a unit is dead with a bias of 0, no row is clear of its kink, and all rows are taken.
    return Arrays.copyOf(rows, (int) Math.min(ROWS, clear == 0 ? rows.length : clear));
  }

  /** Draws labels for which p - t cancels neither in a row nor in the sum over the rows. */
  private int[] labels(ReferenceNetwork reference, float[][] rows) {
    int[] labels = new int[rows.length];
    if (loss != null && loss.task().hasClasses()) {
      int leastLikely = reference.leastLikely(rows);
      for (int r = 0; r < rows.length; r++) {
        boolean any = r % 4 == 3;
        labels[r] =
            any ? CounterRandom.below(key(KEY_LABELS), r, reference.classes()) : leastLikely;
      }
    }
    return labels;
  }

  /**
   * Draws targets [rows][outputs]; for sigmoids mostly those that are less likely to the network.
   */
  private float[] targets(ReferenceNetwork reference, float[][] rows) {
    int columns = reference.classes();
    float[] targets = new float[rows.length * columns];
    for (int i = 0; i < targets.length; i++) {
      double drawn = CounterRandom.gaussian(key(KEY_LABELS), i);
      double target = TARGET_DEVIATION * drawn;
      targets[i] = (float) (loss == null || loss.task().takes(target) ? target : Math.abs(target));
      if (loss != null && loss.task().hasLabels()) {
        int row = i / columns;
        boolean likely = reference.outputs(rows[row], margin -> {})[i % columns] > 0;
        targets[i] = (row % 4 == 3 ? drawn > 0 : !likely) ? 1 : 0;
      }
    }
    return targets;
  }

  /** Returns the gradient, in the layout of the parameters, from the code that trains. */
  private float[] analytic(Mlp model, float[][] rows, int[] labels, float[] targets) {
    Backpropagation network =
        MlpState.backpropagation(
            model.withLoss(loss == null ? Loss.SOFTMAX : loss), rows.length, 1);
    for (int r = 0; r < rows.length; r++) {
      int to = r * rows[r].length;
      System.arraycopy(rows[r], 0, network.inputs(), to, rows[r].length);
    }
    System.arraycopy(labels, 0, network.labels(), 0, labels.length);
    if (network.targets() != null) {
      System.arraycopy(targets, 0, network.targets(), 0, targets.length);
    }
    float[] parameters = model.parameters();
    if (loss != null) {
      network.rows(parameters, 0, rows.length, rows.length, 0);
    } else {
      network.forward(parameters, 0, rows.length, 0);
      float[] outputs = network.outputs(); // the gradient of half their squares
      System.arraycopy(outputs, 0, network.outputGradient(), 0, outputs.length);
      network.backward(parameters, 0, rows.length, 0);
    }
    float[] gradient = new float[parameters.length];
    List<Layer> layers = model.layers();
    for (int l = 0; l < layers.size(); l++) {
      network.weightGradient(l, 0, layers.get(l).inputs(), rows.length, gradient, 0);
      network.biasGradient(l, 0, layers.get(l).outputs(), rows.length, gradient);
    }
    return gradient;
  }

  /** Draws the elements of one array and compares them. */
  private static List<Element> elements(
      float[] analytic, CentralDifferences numerical, int offset, int length, long key) {
    List<Element> telling = new ArrayList<>();
    List<Element> zero = new ArrayList<>();
    Set<Integer> drawn = new HashSet<>();
    int most = Math.min(length, ELEMENTS_DRAWN);
    for (long i = 0; telling.size() < ELEMENTS && drawn.size() < most; i++) {
      int index = CounterRandom.below(key, i, length);
      OptionalDouble derivative =
          drawn.add(index) ? numerical.derivative(offset + index) : OptionalDouble.empty();
      if (derivative.isPresent()) {
        Element element = new Element(index, analytic[offset + index], derivative.getAsDouble());
        boolean isZero = element.analytic() == 0 && element.numerical() == 0;
        (isZero ? zero : telling).add(element);
      }
    }
    telling.addAll(zero.subList(0, Math.min(zero.size(), ELEMENTS - telling.size())));
    return telling;
  }

  private long key(int use) {
    return CounterRandom.key(seed, CounterRandom.CHECK, use);
  }
}
