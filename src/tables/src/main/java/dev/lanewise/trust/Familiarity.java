package dev.lanewise.trust;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Allowed;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictive;
import dev.lanewise.nn.Predictor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How much a row is like the rows that a network was trained on. A network is often sure of a row
 * that is like none of them, so its probability does not tell. Immutable.
 *
 * <p>The distance of a row is the smallest Mahalanobis distance of its outputs of the last hidden
 * layer from the mean of the training rows of a class, or of all training rows in regression. The
 * covariance is that within the classes (Lee, Lee, Lee and Shin, "A simple unified framework for
 * detecting out-of-distribution samples", 2018), shrunk toward a multiple of the identity (Ledoit
 * and Wolf, "A well-conditioned estimator for large-dimensional covariance matrices", 2004). The
 * familiarity of a row is the share of held-out rows that are at least as far away, counting the
 * row itself: of ordinary rows, a tenth has at most 0.1.
 *
 * <pre>{@code
 * Dataset data = Datasets.load(Path.of("houses.csv"));
 * Model model = Familiarity.keep(Recipe.TABLE.fit(data).model(), data);
 * Familiarity familiarity = Familiarity.of(model).get();
 * double[] each = familiarity.of(data.test().get()); // from just above 0 to 1
 * }</pre>
 *
 * <p>Of several networks the first is used. Of more than 16,384 training rows as many are used,
 * evenly spaced in the order of the data set; row weights are ignored. The model file has the
 * arrays {@code fact/familiar...}: with d units in the last hidden layer and k classes, d (d + 1) /
 * 2 + k d floats, and the distances of at most 1,000 held-out rows.
 */
public final class Familiarity {
  /** More rows would make the covariance only a little better. */
  private static final int MOST_ROWS = 1 << 14;

  private static final int MOST_DISTANCES = 1000;
  private static final int BLOCK = 256;
  private static final int DIGEST_BYTES = 256; // a string of 64 digits in an array
  private static final String WHITENING = "familiar_whitening"; // float32 [d (d + 1) / 2]
  private static final String MEANS = "familiar_means"; // float32 [classes][d], whitened
  private static final String DISTANCES = "familiar_distances"; // float64, ascending
  private static final String WEIGHTS = "familiar_weights"; // digest of the weights of the network

  private final Mlp network;
  private final int width; // d
  private final float[] whitening; // inverse of the Cholesky factor, lower triangle by rows
  private final float[] means;
  private final double[] distances;

  private Familiarity(Mlp network, float[] whitening, float[] means, double[] distances) {
    this.network = network;
    this.width = width(network);
    this.whitening = whitening;
    this.means = means;
    this.distances = distances;
  }

  private static int width(Mlp network) {
    int hidden = network.architecture().hidden().size();
    if (hidden == 0) {
      throw new IllegalArgumentException(
          "familiarity: a network without a hidden layer, expected at least one hidden layer");
    }
    return network.architecture().hidden().get(hidden - 1);
  }

  /**
   * Adds to the further facts of a model what {@link #of(Model)} reads.
   *
   * @param model the model
   * @param data the data set that it was trained on; the distances are those of its validation
   *     rows, or of its test rows if it has no validation rows
   * @return the model with its familiarity, in place of an earlier one
   * @throws IllegalArgumentException if the data has neither, the model has no hidden layer, or the
   *     data has another number of features or another scaling than the model
   */
  public static Model keep(Model model, Dataset data) {
    Objects.requireNonNull(model, "model");
    Split heldOut =
        data.validation()
            .or(data::test)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "familiarity: neither validation nor test rows, expected some of either, as"
                            + " training rows are more like themselves than new rows are"));
    return fit(model, data.train(), heldOut).in(model);
  }

  /**
   * Measures training rows, and how far held-out rows are from them.
   *
   * @param model the model
   * @param train the rows that it was trained on, scaled as for the training
   * @param heldOut other rows of the same kind
   * @return the familiarity
   * @throws IllegalArgumentException as for {@link #keep}
   */
  public static Familiarity fit(Model model, Split train, Split heldOut) {
    Objects.requireNonNull(model, "model");
    Mlp network = model.members().get(0);
    int d = width(network);
    require(model, Objects.requireNonNull(train, "train"));
    require(model, Objects.requireNonNull(heldOut, "heldOut"));
    int[] rows = spaced(train.rows(), MOST_ROWS);
    boolean hasClasses = model.loss().task().hasClasses();
    float[] outputs = new float[rows.length * d];
    read(
        network,
        train,
        rows,
        (row, hidden, at) -> System.arraycopy(hidden, at, outputs, row * d, d));
    int[] counts = new int[hasClasses ? model.outputs() : 1];
    double[] sums = new double[counts.length * d];
    for (int i = 0; i < rows.length; i++) {
      int c = hasClasses ? train.label(rows[i]) : 0;
      counts[c]++;
      for (int j = 0; j < d; j++) {
        sums[c * d + j] += outputs[i * d + j];
      }
    }
    double[] centred = new double[rows.length * d];
    for (int i = 0; i < rows.length; i++) {
      int c = hasClasses ? train.label(rows[i]) : 0;
      for (int j = 0; j < d; j++) {
        centred[i * d + j] = outputs[i * d + j] - sums[c * d + j] / counts[c];
      }
    }
    double[] inverse = ShrunkCovariance.inverseFactor(centred, rows.length, d);
    float[] whitening = floats(inverse);
    float[] means = new float[(int) Arrays.stream(counts).filter(n -> n > 0).count() * d];
    int at = 0;
    for (int c = 0; c < counts.length; c++) {
      if (counts[c] > 0) {
        double[] mean = new double[d];
        for (int j = 0; j < d; j++) {
          mean[j] = sums[c * d + j] / counts[c];
        }
        System.arraycopy(floats(whitened(whitening, mean)), 0, means, at, d);
        at += d;
      }
    }
    Familiarity open = new Familiarity(network, whitening, means, new double[0]);
    double[] all = open.distances(heldOut);
    Arrays.sort(all);
    int[] some = spaced(all.length, MOST_DISTANCES);
    double[] kept = Arrays.stream(some).mapToDouble(i -> all[i]).toArray();
    return new Familiarity(network, whitening, means, kept);
  }

  private static void require(Predictive model, Split rows) {
    if (rows.features() != model.inputs() || !rows.scaling().equals(Profile.scaling(model))) {
      throw new IllegalArgumentException(
          "familiarity: rows of %s features scaled %s, expected %s scaled %s as the model has"
              .formatted(
                  rows.features(),
                  rows.scaling().name(),
                  model.inputs(),
                  Profile.scaling(model).name()));
    }
  }

  private static int[] spaced(int rows, int most) {
    int[] some = new int[Math.min(rows, most)];
    Arrays.setAll(some, i -> (int) ((2L * i + 1) * rows / (2L * some.length)));
    return some;
  }

  private static float[] floats(double[] numbers) {
    return NdArray.of(numbers, numbers.length).toFloats();
  }

  /** Returns the product of the whitening, a lower triangle, and a vector. */
  private static double[] whitened(float[] whitening, double[] vector) {
    double[] result = new double[vector.length];
    int at = 0;
    for (int i = 0; i < vector.length; i++) {
      double sum = 0;
      for (int j = 0; j <= i; j++) {
        sum += whitening[at++] * vector[j];
      }
      result[i] = sum;
    }
    return result;
  }

  /**
   * {@return whether a model contains a familiarity}
   *
   * @param model the model
   */
  public static boolean isIn(Model model) {
    return Objects.requireNonNull(model, "model").furtherFacts().containsKey(WHITENING);
  }

  /**
   * {@return the familiarity that a model contains; empty if it contains none}
   *
   * @param model the model
   * @throws IllegalArgumentException if its arrays do not fit the model, or it was measured for
   *     other weights
   */
  public static Optional<Familiarity> of(Model model) {
    if (!isIn(model)) {
      return Optional.empty();
    }
    Map<String, NdArray> facts = model.furtherFacts();
    Mlp network = model.members().get(0);
    if (!isDigest(facts.get(WEIGHTS), network.sha256())) {
      throw new IllegalArgumentException(
          named(WEIGHTS)
              + " belongs to other weights, expected a familiarity that was measured with these");
    }
    int d = width(network);
    float[] means = floats(numbers(facts, MEANS, Allowed.FINITE_FLOATS));
    if (means.length % d != 0 || means.length == 0) {
      throw wrong(MEANS, means.length, "a positive multiple of " + d);
    }
    float[] whitening = floats(numbers(facts, WHITENING, Allowed.FINITE_FLOATS));
    if (whitening.length != d * (d + 1) / 2) {
      throw wrong(WHITENING, whitening.length, d * (d + 1) / 2);
    }
    for (int i = 0; i < d; i++) {
      Allowed.ABOVE_ZERO.in(named(WHITENING) + " diagonal", whitening[i * (i + 3) / 2]);
    }
    double[] distances = numbers(facts, DISTANCES, Allowed.FROM_ZERO);
    if (distances.length == 0) {
      throw wrong(DISTANCES, 0, "at least 1");
    }
    Allowed.ascending(named(DISTANCES), distances);
    return Optional.of(new Familiarity(network, whitening, means, distances));
  }

  private static boolean isDigest(NdArray array, String digest) {
    try {
      return array != null && array.length() == 1 && array.stringAt(0).equals(digest);
    } catch (IllegalStateException | IndexOutOfBoundsException e) { // numbers, or none
      return false;
    }
  }

  private static String named(String array) {
    return "familiarity of the model: fact/" + array;
  }

  private static double[] numbers(Map<String, NdArray> facts, String name, Allowed what) {
    NdArray array = facts.get(name);
    if (array == null) {
      throw wrong(name, 0, "an array of numbers");
    }
    try {
      return what.in(named(name), array.toDoubles());
    } catch (IllegalStateException e) {
      throw wrong(name, "text", "numbers");
    }
  }

  private static IllegalArgumentException wrong(String name, Object found, Object expected) {
    return new IllegalArgumentException(
        "%s has %s numbers, expected %s for its last hidden layer"
            .formatted(named(name), found, expected));
  }

  /**
   * {@return a model with this familiarity among its further facts, in place of an earlier one}
   *
   * @param model the model that was measured
   */
  public Model in(Model model) {
    Map<String, NdArray> facts =
        new TreeMap<>(Objects.requireNonNull(model, "model").furtherFacts());
    facts.put(WHITENING, NdArray.of(whitening, whitening.length));
    facts.put(MEANS, NdArray.of(means, means.length / width, width));
    facts.put(DISTANCES, NdArray.of(distances, distances.length));
    facts.put(WEIGHTS, NdArray.ofStrings(List.of(network.sha256()), 1));
    return model.withFurtherFacts(facts);
  }

  /** {@return the number of held-out rows whose distances are kept, at most 1,000} */
  public int heldOutRows() {
    return distances.length;
  }

  /**
   * {@return the number of bytes that it takes at most in the file of a model}
   *
   * @param model the model, with at least one hidden layer
   */
  public static long bytes(Predictive model) {
    long d = width(Objects.requireNonNull(model, "model").members().get(0));
    int classes = model.loss().task().hasClasses() ? model.outputs() : 1;
    long distances = (long) Double.BYTES * MOST_DISTANCES;
    return Float.BYTES * (d * (d + 1) / 2 + classes * d) + distances + DIGEST_BYTES;
  }

  /**
   * {@return how familiar rows are, each above 0 and at most 1}
   *
   * @param rows scaled as for the training
   * @throws IllegalArgumentException if they have another number of features or another scaling
   *     than the model
   */
  public double[] of(Split rows) {
    double[] each = distances(rows);
    for (int i = 0; i < each.length; i++) {
      each[i] = share(each[i]);
    }
    return each;
  }

  /** {@return a reader of this familiarity; each thread needs its own} */
  public Reader reader() {
    return new Reader();
  }

  private double[] distances(Split rows) {
    Objects.requireNonNull(rows, "rows");
    require(network, rows);
    double[] all = new double[rows.rows()];
    int[] places = spaced(all.length, all.length);
    read(network, rows, places, (row, hidden, at) -> all[row] = distance(hidden, at));
    return all;
  }

  /** Returns the smallest squared distance from a mean. */
  private double distance(float[] outputs, int from) {
    double[] vector = new double[width];
    Arrays.setAll(vector, j -> outputs[from + j]);
    double[] white = whitened(whitening, vector);
    double least = Double.POSITIVE_INFINITY;
    for (int mean = 0; mean < means.length; mean += width) {
      double sum = 0;
      for (int j = 0; j < width; j++) {
        double difference = white[j] - means[mean + j];
        sum += difference * difference;
      }
      least = Math.min(least, sum);
    }
    return least;
  }

  private double share(double distance) {
    int below = 0; // number of distances below this one
    int end = distances.length;
    while (below < end) {
      int middle = (below + end) >>> 1;
      if (distances[middle] < distance) {
        below = middle + 1;
      } else {
        end = middle;
      }
    }
    return (double) (1 + distances.length - below) / (1 + distances.length);
  }

  /**
   * Gives the outputs of the last hidden layer of some rows, which stand at a place of an array.
   */
  private interface HiddenOutputs {
    void accept(int row, float[] outputs, int at);
  }

  private static void read(Mlp network, Split rows, int[] places, HiddenOutputs use) {
    int last = network.architecture().hidden().size() - 1;
    int width = width(network);
    Predictor predictor = network.predictor(BLOCK);
    float[] block = new float[BLOCK * rows.features()];
    double[] results = new double[BLOCK * network.outputs()];
    for (int row = 0; row < places.length; row += BLOCK) {
      int count = Math.min(BLOCK, places.length - row);
      rows.copyRows(places, row, count, block, 0);
      predictor.predictScaled(block, count, results, null);
      float[] outputs = predictor.outputs(last);
      for (int i = 0; i < count; i++) {
        use.accept(row + i, outputs, i * width);
      }
    }
  }

  /** Reads how familiar rows in arrays are. Not thread-safe. */
  public final class Reader {
    private final Predictor predictor = network.predictor(BLOCK);
    private final int last = network.architecture().hidden().size() - 1;
    private final double[] results = new double[BLOCK * network.outputs()];

    private Reader() {}

    /**
     * Reads how familiar rows are.
     *
     * @param inputs scaled as for the training, [rows][inputs], row-major
     * @param rows how many
     * @return the familiarity of each, above 0 and at most 1
     * @throws IllegalArgumentException if an input is not finite
     */
    public double[] read(float[] inputs, int rows) {
      double[] each = new double[rows];
      for (int row = 0; row < rows; row += BLOCK) {
        int count = Math.min(BLOCK, rows - row);
        int from = row * network.inputs();
        float[] block = Arrays.copyOfRange(inputs, from, from + count * network.inputs());
        predictor.predictScaled(block, count, results, null);
        float[] outputs = predictor.outputs(last);
        for (int i = 0; i < count; i++) {
          each[row + i] = share(distance(outputs, i * width));
        }
      }
      return each;
    }
  }
}
