package dev.lanewise.train;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The values of each epoch of a training run, as the file {@code nn_stats.npz} keeps them: arrays
 * of rows (epoch, value).
 */
public final class History {
  private final List<EpochResult> results;

  /**
   * A history of given epochs.
   *
   * @param results one an epoch, in order
   */
  public History(List<EpochResult> results) {
    this.results = List.copyOf(results);
  }

  /**
   * The number of epochs.
   *
   * @return how many were finished
   */
  public int epochs() {
    return results.size();
  }

  /**
   * The epochs one by one.
   *
   * @return an unmodifiable list
   */
  public List<EpochResult> results() {
    return results;
  }

  /**
   * The numbers of the epochs.
   *
   * @return [epochs]
   */
  public double[] numbers() {
    return values(EpochResult::epoch);
  }

  /**
   * Loss of each epoch's last mini-batch.
   *
   * @return [epochs]
   */
  public double[] trainLoss() {
    return values(EpochResult::trainLoss);
  }

  /**
   * Accuracy of each epoch's last mini-batch.
   *
   * @return [epochs]
   */
  public double[] trainAccuracy() {
    return values(EpochResult::trainAccuracy);
  }

  /**
   * Mean loss of each epoch's training rows.
   *
   * @return [epochs]
   */
  public double[] trainLossMean() {
    return values(EpochResult::trainLossMean);
  }

  /**
   * Accuracy over each epoch's training rows.
   *
   * @return [epochs]
   */
  public double[] trainAccuracyMean() {
    return values(EpochResult::trainAccuracyMean);
  }

  /**
   * Loss of the validation set after each epoch.
   *
   * @return [epochs], NaN without a validation set
   */
  public double[] validLoss() {
    return values(EpochResult::validLoss);
  }

  /**
   * Accuracy on the validation set after each epoch.
   *
   * @return [epochs], NaN without a validation set
   */
  public double[] validAccuracy() {
    return values(EpochResult::validAccuracy);
  }

  /**
   * The learning rate of each epoch, in its middle if it changes.
   *
   * @return [epochs], NaN where it is not known
   */
  public double[] learningRate() {
    return values(EpochResult::learningRate);
  }

  /**
   * The epoch with the smallest validation loss.
   *
   * @return its number, the first of equals; -1 if no loss is a number
   */
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
   * Writes the statistics as .npz and replaces a file whole: {@code train_ce, train_acc} (of the
   * last mini-batch), {@code train_ce_mean, train_acc_mean}, {@code valid_ce, valid_acc} and {@code
   * learning_rate}, each [epochs][2] float64.
   *
   * @param file where to
   * @throws IOException if the file cannot be written
   */
  public void save(Path file) throws IOException {
    Npz.write(file, arrays());
  }

  /**
   * Writes what {@link #save(Path)} does to a stream.
   *
   * @param out where to; neither flushed nor closed
   * @throws IOException if writing fails
   */
  public void save(OutputStream out) throws IOException {
    Npz.write(out, arrays());
  }

  private Map<String, NdArray> arrays() {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("train_ce", rows(trainLoss()));
    arrays.put("valid_ce", rows(validLoss()));
    arrays.put("train_acc", rows(trainAccuracy()));
    arrays.put("valid_acc", rows(validAccuracy()));
    arrays.put("train_ce_mean", rows(trainLossMean()));
    arrays.put("train_acc_mean", rows(trainAccuracyMean()));
    arrays.put("learning_rate", rows(learningRate()));
    return arrays;
  }

  /**
   * Reads statistics that {@link #save} or the course's program wrote; means and rates that a file
   * lacks are NaN, and so are the times.
   *
   * @param file the .npz
   * @return the history
   * @throws IOException if the file cannot be read or holds other arrays
   */
  public static History load(Path file) throws IOException {
    try (Npz npz = Npz.open(file)) {
      NdArray trainLoss = column(npz, file, "train_ce", -1);
      int epochs = trainLoss.dimension(0);
      NdArray trainAccuracy = column(npz, file, "train_acc", epochs);
      NdArray validLoss = column(npz, file, "valid_ce", epochs);
      NdArray validAccuracy = column(npz, file, "valid_acc", epochs);
      NdArray lossMean = optional(npz, file, "train_ce_mean", epochs);
      NdArray accuracyMean = optional(npz, file, "train_acc_mean", epochs);
      NdArray rate = optional(npz, file, "learning_rate", epochs);
      List<EpochResult> results = new ArrayList<>();
      for (int i = 0; i < epochs; i++) {
        int value = 2 * i + 1;
        results.add(
            new EpochResult(
                (int) trainLoss.doubleAt(2 * i),
                epochs,
                trainLoss.doubleAt(value),
                trainAccuracy.doubleAt(value),
                valueOf(lossMean, value),
                valueOf(accuracyMean, value),
                validLoss.doubleAt(value),
                validAccuracy.doubleAt(value),
                Double.NaN,
                0,
                valueOf(rate, value)));
      }
      return new History(results);
    }
  }

  /** An array, or null if the file lacks it. */
  private static NdArray optional(Npz npz, Path file, String name, int epochs) throws IOException {
    return npz.contains(name) ? column(npz, file, name, epochs) : null;
  }

  private static double valueOf(NdArray array, int index) {
    return array == null ? Double.NaN : array.doubleAt(index);
  }

  private static NdArray column(Npz npz, Path file, String name, int epochs) throws IOException {
    if (!npz.contains(name)) {
      throw new FormatException(file.toString(), "no array " + name + ", expected it");
    }
    NdArray array = npz.read(name);
    // numpy keeps an empty list as shape (0,).
    boolean empty = array.length() == 0 && array.rank() == 1;
    boolean pairs = array.rank() == 2 && array.dimension(1) == 2;
    if (!(empty || pairs)
        || !array.type().isFloatingPoint()
        || (epochs >= 0 && array.dimension(0) != epochs)) {
      throw new FormatException(
          file.toString(),
          name
              + " is "
              + npz.header(name)
              + ", expected floating-point rows (epoch, value)"
              + (epochs >= 0 ? ", " + epochs + " of them" : ""));
    }
    return array;
  }

  private NdArray rows(double[] values) {
    double[] rows = new double[2 * values.length];
    for (int i = 0; i < values.length; i++) {
      rows[2 * i] = results.get(i).epoch();
      // Hardware and compilers differ in the bits of a NaN: the file has the same ones everywhere.
      rows[2 * i + 1] = Double.isNaN(values[i]) ? Double.NaN : values[i];
    }
    return NdArray.of(rows, values.length, 2);
  }

  private double[] values(ToDoubleFunction<EpochResult> value) {
    return results.stream().mapToDouble(value).toArray();
  }
}
