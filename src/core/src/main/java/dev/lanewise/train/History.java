package dev.lanewise.train;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The results of each epoch of a training run. The file {@code nn_stats.npz} stores them as arrays
 * of rows (epoch, value).
 */
public final class History {
  // The arrays of a file, of which the first four are required, and their columns in a row.
  private static final List<String> NAMES =
      List.of(
          "train_ce",
          "valid_ce",
          "train_acc",
          "valid_acc",
          "train_ce_mean",
          "train_acc_mean",
          "learning_rate");
  private static final int[] COLUMNS = {1, 5, 2, 6, 3, 4, 8};
  private static final int REQUIRED = 4;

  private final List<EpochResult> results;
  // the histories of which these are means; none for one network
  private final List<History> members;

  private History(List<EpochResult> results, List<History> members) {
    this.results = results;
    this.members = members;
  }

  /**
   * {@return the history of several networks that were trained side by side: the means over the
   * networks that ran an epoch, and the sums of rows and seconds; the history itself if it is one}
   *
   * @param members one history per network
   */
  public static History of(List<History> members) {
    if (members.size() == 1) {
      return members.get(0);
    }
    List<EpochResult> means = new ArrayList<>();
    int epochs = members.stream().mapToInt(History::epochs).max().orElse(0);
    for (int e = 0; e < epochs; e++) {
      int epoch = e;
      List<EpochResult> all =
          members.stream().filter(m -> m.epochs() > epoch).map(m -> m.results.get(epoch)).toList();
      double[] mean = new double[EpochResult.COLUMNS];
      for (EpochResult result : all) {
        double[] row = result.row();
        Arrays.setAll(mean, c -> mean[c] + row[c]);
      }
      Arrays.setAll(mean, c -> mean[c] / all.size());
      mean[EpochResult.SECONDS] *= all.size();
      long rows = all.stream().mapToLong(EpochResult::rows).sum();
      means.add(EpochResult.of(mean, all.get(0).epochs(), rows));
    }
    return new History(List.copyOf(means), List.copyOf(members));
  }

  /**
   * Makes a history.
   *
   * @param results one per epoch, in order
   */
  public History(List<EpochResult> results) {
    this(List.copyOf(results), List.of());
  }

  /** {@return the histories of which this one has the means; this one for a single network} */
  public List<History> members() {
    return members.isEmpty() ? List.of(this) : members;
  }

  /** {@return the number of finished epochs} */
  public int epochs() {
    return results.size();
  }

  /** {@return the results of the epochs in an unmodifiable list} */
  public List<EpochResult> results() {
    return results;
  }

  /** {@return the number of each epoch: [epochs]} */
  public double[] numbers() {
    return values(EpochResult::epoch);
  }

  /** {@return the loss of each epoch's last mini-batch: [epochs]} */
  public double[] trainLoss() {
    return values(EpochResult::trainLoss);
  }

  /** {@return the score of each epoch's last mini-batch: [epochs]} */
  public double[] trainScore() {
    return values(EpochResult::trainScore);
  }

  /** {@return the mean loss of each epoch's training rows: [epochs]} */
  public double[] trainLossMean() {
    return values(EpochResult::trainLossMean);
  }

  /** {@return the score over each epoch's training rows: [epochs]} */
  public double[] trainScoreMean() {
    return values(EpochResult::trainScoreMean);
  }

  /** {@return the loss of the validation rows after each epoch: [epochs], NaN without such rows} */
  public double[] validLoss() {
    return values(EpochResult::validLoss);
  }

  /**
   * {@return the score on the validation rows after each epoch: [epochs], NaN without such rows}
   */
  public double[] validScore() {
    return values(EpochResult::validScore);
  }

  /** {@return the learning rate in the middle of each epoch: [epochs], NaN if it is not known} */
  public double[] learningRate() {
    return values(EpochResult::learningRate);
  }

  /** {@return the first epoch with the smallest validation loss; -1 if every loss is NaN} */
  public int bestEpoch() {
    int best = -1;
    double smallest = Double.POSITIVE_INFINITY;
    for (EpochResult result : results) {
      if (result.validLoss() < smallest) {
        smallest = result.validLoss();
        best = result.epoch();
      }
    }
    return best;
  }

  /**
   * Writes the results as .npz, and replaces an existing file atomically. The arrays {@code
   * train_ce, train_acc} (of the last mini-batch), {@code train_ce_mean, train_acc_mean}, {@code
   * valid_ce, valid_acc} and {@code learning_rate} are each [epochs][2] float64. Of several
   * networks, these are means, and arrays such as {@code member1/train_ce} are those of each.
   *
   * @param file the file to write
   * @throws IOException if the file cannot be written
   */
  public void save(Path file) throws IOException {
    Npz.write(file, arrays());
  }

  /**
   * Writes the content of the file of {@link #save(Path)} to a stream.
   *
   * @param out the stream, which is neither flushed nor closed
   * @throws IOException if writing fails
   */
  public void save(OutputStream out) throws IOException {
    Npz.write(out, arrays());
  }

  private Map<String, NdArray> arrays() {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    put(arrays, "");
    for (int m = 0; m < members.size(); m++) {
      members.get(m).put(arrays, prefix(m));
    }
    return arrays;
  }

  private void put(Map<String, NdArray> arrays, String prefix) {
    for (int a = 0; a < COLUMNS.length; a++) {
      int column = COLUMNS[a];
      double[] rows = new double[2 * epochs()];
      for (int e = 0; e < epochs(); e++) {
        double value = results.get(e).row()[column];
        rows[2 * e] = results.get(e).epoch();
        // The bits of a NaN depend on hardware and compilers, but the file should not.
        rows[2 * e + 1] = Double.isNaN(value) ? Double.NaN : value;
      }
      arrays.put(prefix + NAMES.get(a), NdArray.of(rows, epochs(), 2));
    }
  }

  private static String prefix(int member) {
    return "member" + (member + 1) + "/";
  }

  /**
   * Reads a file that {@link #save} or the program of the university course wrote, whose data
   * layout Lanewise shares. Times are NaN, and so are means and rates that the file lacks.
   *
   * @param file the .npz
   * @return the history
   * @throws IOException if the file cannot be read or holds other arrays
   */
  public static History load(Path file) throws IOException {
    try (Npz npz = Npz.open(file)) {
      List<History> members = new ArrayList<>();
      while (npz.contains(prefix(members.size()) + "train_ce")) {
        members.add(new History(results(npz, file, prefix(members.size()))));
      }
      return new History(List.copyOf(results(npz, file, "")), members);
    }
  }

  private static List<EpochResult> results(Npz npz, Path file, String prefix) throws IOException {
    NdArray first = column(npz, file, prefix + NAMES.get(0), -1);
    int epochs = first.dimension(0);
    double[][] rows = new double[epochs][EpochResult.COLUMNS];
    for (int e = 0; e < epochs; e++) {
      Arrays.fill(rows[e], Double.NaN);
      rows[e][0] = first.doubleAt(2 * e);
    }
    for (int a = 0; a < COLUMNS.length; a++) {
      String name = prefix + NAMES.get(a);
      if (a < REQUIRED || npz.contains(name)) {
        NdArray array = column(npz, file, name, epochs);
        for (int e = 0; e < epochs; e++) {
          rows[e][COLUMNS[a]] = array.doubleAt(2 * e + 1);
        }
      }
    }
    return Arrays.stream(rows).map(row -> EpochResult.of(row, epochs, 0)).toList();
  }

  private static NdArray column(Npz npz, Path file, String name, int epochs) throws IOException {
    if (!npz.contains(name)) {
      throw new FormatException(file.toString(), "no array " + name + ", expected it");
    }
    NdArray array = npz.read(name);
    // numpy stores an empty list with the shape (0,).
    boolean empty = array.length() == 0 && array.rank() == 1;
    boolean pairs = array.rank() == 2 && array.dimension(1) == 2;
    if (!(empty || pairs)
        || !array.type().isFloatingPoint()
        || (epochs >= 0 && array.dimension(0) != epochs)) {
      throw new FormatException(
          file.toString(),
          "%s is %s, expected floating-point rows (epoch, value)%s",
          name,
          npz.header(name),
          epochs >= 0 ? ", " + epochs + " of them" : "");
    }
    return array;
  }

  /** {@return such as {@code History[30 epochs, best 12, last EpochResult[...]]}} */
  @Override
  public String toString() {
    Object last = results.isEmpty() ? "none" : results.get(epochs() - 1);
    return "History[%s epochs, best %s, last %s]".formatted(epochs(), bestEpoch(), last);
  }

  private double[] values(ToDoubleFunction<EpochResult> value) {
    return results.stream().mapToDouble(value).toArray();
  }
}
