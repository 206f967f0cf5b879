package dev.lanewise.trust;

import dev.lanewise.data.Rows;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.FormatException;
import dev.lanewise.model.Model;
import dev.lanewise.table.RowStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How new rows differ from the rows that a model was trained on, column by column, and how its
 * results on them differ from those on held-out rows. Immutable.
 *
 * <pre>{@code
 * Model model = Model.load(Path.of("nn_model.npz")); // with a profile
 * try (RowStream rows = RowStream.open(Path.of("new.csv"), model, true)) {
 *   Drift drift = Drift.of(model, rows, 0.01);
 *   drift.alarms().forEach(column -> System.out.println(column.name()));
 * }
 * }</pre>
 *
 * <p>The training rows are those of the model's {@link Profile}. Fisher's exact test compares the
 * shares of values in both samples: of numbers each of up to 16 bins between quantiles of the
 * training rows, each value that many rows have, and all numbers up to the end of a bin; of
 * categories each that is frequent, the others together, and the most frequent unknown one; and
 * missing values. The smallest p-value of a column is corrected for the number of tests
 * (Bonferroni), and those of the columns for the number of columns (Holm). So the probability of
 * any alarm if nothing has changed is at most the level.
 *
 * <p>Rows are assumed to be independent. If many of them are about the same person or day, alarms
 * are more frequent than the level.
 *
 * @param rows the number of new rows
 * @param trainingRows the number of training rows that they are compared to
 * @param heldOutRows the number of held-out rows whose results are compared to those of the new
 *     rows; 0 if the model keeps fewer than 50, so that results are not compared
 * @param level the largest p-value of an alarm
 * @param columns the columns of the schema in its order, then the results
 */
public record Drift(
    long rows, int trainingRows, int heldOutRows, double level, List<ColumnDrift> columns) {
  /**
   * Reads all rows and compares them to the training rows of the model.
   *
   * @param model a model with a profile, see {@link Profile#keep}
   * @param rows opened for this model and with texts
   * @param level the largest p-value of an alarm, above 0 and below 1
   * @return the differences
   * @throws IllegalArgumentException if the model has no profile or one of fewer than 50 rows, the
   *     rows are not those of a table, or the level is out of range
   * @throws FormatException if a row does not fit the model, or there are fewer than 50 rows
   * @throws IOException if reading fails
   */
  public static Drift of(Model model, RowStream rows, double level) throws IOException {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException(
          "drift: level " + level + ", expected a number above 0 and below 1, such as 0.01");
    }
    Profile profile =
        Profile.of(model)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "drift: a model without a profile of its training rows, expected a"
                            + " model that this version trained on a table (train again)"));
    if (profile.rows() < DriftCounter.LEAST_ROWS) {
      throw new ArgumentException(
          "drift: a profile of %s training rows, expected at least %s",
          profile.rows(), DriftCounter.LEAST_ROWS);
    }
    int[] positions = rows.positions();
    if (positions.length != profile.columns().size()) {
      throw new IllegalArgumentException(
          "drift: rows of arrays, expected a table with the columns of the model");
    }
    DriftCounter counter = new DriftCounter(model, profile, rows.columns(), positions);
    float[] inputs = counter.block();
    for (int count = rows.next(inputs); count > 0; count = rows.next(inputs)) {
      counter.count(inputs, count, rows::texts);
    }
    if (counter.rows() < DriftCounter.LEAST_ROWS) {
      throw new ArgumentException(
          "drift: %s rows, expected at least %s: fewer rows could show only huge differences",
          counter.rows(), DriftCounter.LEAST_ROWS);
    }
    return of(profile, counter, level);
  }

  /**
   * Compares rows in memory to the training rows of the model. Values of a category that the model
   * does not know count as one.
   *
   * @param model the model
   * @param rows scaled as the model scales
   * @param level the largest p-value of an alarm, above 0 and below 1
   * @return the differences; empty without a profile, or if there are fewer than 50 rows of either
   */
  public static Optional<Drift> of(Model model, Rows rows, double level) {
    Profile profile = Profile.of(model).orElse(null);
    if (profile == null || Math.min(profile.rows(), rows.rows()) < DriftCounter.LEAST_ROWS) {
      return Optional.empty();
    }
    int[] places = new int[profile.columns().size()];
    DriftCounter counter = new DriftCounter(model, profile, List.of(), places);
    float[] inputs = counter.block();
    int block = inputs.length / model.inputs();
    for (int first = 0; first < rows.rows(); first += block) {
      int count = Math.min(block, rows.rows() - first);
      rows.copyRows(null, first, count, inputs, 0);
      counter.count(inputs, count, row -> List.of("unknown"));
    }
    return Optional.of(of(profile, counter, level));
  }

  private static Drift of(Profile profile, DriftCounter counter, double level) {
    int heldOut = profile.heldOutRows() < DriftCounter.LEAST_ROWS ? 0 : profile.heldOutRows();
    return new Drift(
        counter.rows(), profile.rows(), heldOut, level, corrected(counter.compare(), level));
  }

  /** Corrects p-values for their number, by Holm's method. */
  private static List<ColumnDrift> corrected(List<ColumnDrift> columns, double level) {
    List<ColumnDrift> corrected = new ArrayList<>(columns);
    List<Integer> order =
        IntStream.range(0, columns.size())
            .boxed()
            .sorted(Comparator.comparingDouble(c -> columns.get(c).p()))
            .toList();
    double largest = 0;
    for (int i = 0; i < order.size(); i++) {
      ColumnDrift column = columns.get(order.get(i));
      largest = Math.max(largest, Math.min(1, (order.size() - i) * column.p()));
      corrected.set(order.get(i), column.with(largest, level));
    }
    return List.copyOf(corrected);
  }

  /** {@return whether at least one column or result is an alarm} */
  public boolean isAlarm() {
    return !alarms().isEmpty();
  }

  /** {@return the columns and results that are alarms, in their order} */
  public List<ColumnDrift> alarms() {
    return columns.stream().filter(ColumnDrift::alarm).toList();
  }
}
