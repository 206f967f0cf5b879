package dev.lanewise.trust;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.NdArray;
import dev.lanewise.model.Model;
import dev.lanewise.nn.PredictiveModel;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What a model keeps of the rows that it was trained on, column by column, and of its results on
 * rows that were held out. With a profile, new rows can be compared to the training rows when these
 * are no longer there. Immutable.
 *
 * <pre>{@code
 * Dataset data = Datasets.load(Path.of("houses.csv"));
 * Model model = Profile.keep(Recipe.TABLE.fit(data).model(), data);
 * model.save(Path.of("nn_model.npz")); // with its profile
 * double median = Profile.of(model).get().column("rooms").median();
 * }</pre>
 *
 * <p>If there are more than 65,536 training rows, the profile is that of 65,536 of them, evenly
 * spaced in the order of the data set. Row weights are ignored. The results are those on the
 * validation rows of the data set, or on its test rows if it has no validation rows. Without either
 * there are no results, as a network is too sure of rows that it was trained on; nor are there if
 * one is not finite. They are those before calibration and decision, so both can be changed later.
 *
 * <p>A model file has the profile in the arrays {@code fact/profile...}: about 270 bytes for each
 * column of numbers, and 4 bytes for each category.
 */
public final class Profile {
  final List<Histogram> results; // histogram of each output, or of the largest probability
  final int[] classes; // [classes] how often each is predicted; empty without classes or results
  // means of the inputs of dates, except days and missing values, as floats
  final double[] dateParts;
  private final Model model;
  private final int rows;
  private final List<ColumnProfile> columns;
  private final String heldOut;

  Profile(
      Model model,
      int rows,
      List<ColumnProfile> columns,
      double[] dateParts,
      String heldOut,
      List<Histogram> results,
      int[] classes) {
    this.model = model;
    this.rows = rows;
    this.columns = List.copyOf(columns);
    this.dateParts = dateParts;
    this.heldOut = heldOut;
    this.results = List.copyOf(results);
    this.classes = results.isEmpty() ? new int[0] : classes;
  }

  /**
   * Makes the profile of the training rows and adds it to the model's further facts. A model
   * without a schema, which was not trained on a table, stays as it is.
   *
   * @param model the model
   * @param data the data set that it was trained on
   * @return the model with its profile
   * @throws IllegalArgumentException if the data set has other columns or another scaling than the
   *     model
   */
  public static Model keep(Model model, Dataset data) {
    return model.schema().isEmpty() ? model : of(model, data).in(model);
  }

  /**
   * Makes the profile of the training rows.
   *
   * @param model the model, which was trained on a table
   * @param data the data set that it was trained on
   * @return the profile
   * @throws IllegalArgumentException if the model has no schema, or the data set has other columns
   *     or another scaling than the model
   */
  public static Profile of(Model model, Dataset data) {
    Schema schema = schema(model);
    if (!Schema.of(data).equals(model.schema()) || !data.scaling().equals(scaling(model))) {
      throw new ArgumentException(
          "profile: data with the columns %s, expected the data that the model was trained on, with the columns %s and the same scaling",
          Schema.of(data).map(Schema::columnNames).orElse(List.of("none")), schema.columnNames());
    }
    return new ProfileBuilder(model, data).build();
  }

  /**
   * {@return the profile that a model contains; empty if it contains none}
   *
   * @param model the model
   * @throws IllegalArgumentException if the arrays of the profile do not fit the model
   */
  public static Optional<Profile> of(Model model) {
    return ProfileArrays.isIn(model)
        ? Optional.of(new ProfileArrays(model).read())
        : Optional.empty();
  }

  /**
   * {@return a model with this profile among its further facts, in place of an earlier profile}
   *
   * @param other a model of the same columns and outputs
   */
  public Model in(Model other) {
    Map<String, NdArray> facts = new TreeMap<>(other.furtherFacts());
    facts.keySet().removeIf(ProfileArrays::isOne);
    facts.putAll(ProfileArrays.of(this));
    return other.withFurtherFacts(facts);
  }

  /** {@return the number of training rows that were looked at, at least 1} */
  public int rows() {
    return rows;
  }

  /** {@return one profile per column of the schema, in its order} */
  public List<ColumnProfile> columns() {
    return columns;
  }

  /**
   * {@return the profile of a column}
   *
   * @param name the name of the column
   * @throws IllegalArgumentException if the schema of the model has no such column
   */
  public ColumnProfile column(String name) {
    return columns.stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ArgumentException(
                    "profile: column %s, expected one of %s",
                    name, columns.stream().map(ColumnProfile::name).toList()));
  }

  /**
   * {@return the split whose rows gave the results: {@code validation}, {@code test}, or an empty
   * text if there are no results}
   */
  public String heldOut() {
    return heldOut;
  }

  /** {@return the number of rows with results that were looked at, or 0} */
  public int heldOutRows() {
    return results.isEmpty() ? 0 : results.get(0).count();
  }

  /**
   * {@return the class of two that was predicted more rarely for the held-out rows, the second if
   * both were equally often; empty without results or with another number of classes}
   */
  public OptionalInt rarerClass() {
    return classes.length == 2
        ? OptionalInt.of(classes[0] < classes[1] ? 0 : 1)
        : OptionalInt.empty();
  }

  /**
   * Returns the inputs of the network that stand for an average row, for example as the row that an
   * explanation starts from: of numbers the scaled median, and of everything else the mean over the
   * training rows, which for a category is its share.
   *
   * @return the scaled inputs, [inputs], for {@link dev.lanewise.nn.Predictor#predictScaled}
   */
  public float[] baseline() {
    float[] inputs = new float[model.inputs()];
    int part = 0;
    for (ColumnProfile profile : columns) {
      Column column = profile.column;
      int at = profile.firstInput;
      int end = at + column.inputs();
      if (column instanceof CategoryColumn category) {
        double rows = profile.rows();
        int[] counts = profile.counts;
        for (int i = at; i < end; i++) {
          boolean isGap = category.hasMissing() && i == end - 1;
          int place = isGap ? counts.length - 1 : Math.min(i - at, counts.length - 2);
          inputs[i] = (float) (counts[place] / rows);
        }
        if (end == at + 1) { // two categories: -1 and 1
          inputs[at] = (float) (counts[1] / rows - counts[0] / rows);
        }
        continue;
      }
      NumberColumn number = ColumnProfile.number(column);
      inputs[at++] = scaling(model).scale(number.median(), profile.firstInput);
      if (number.hasMissing()) {
        inputs[at++] = (float) profile.gapShare();
      }
      while (at < end) {
        inputs[at++] = (float) dateParts[part++];
      }
    }
    return inputs;
  }

  static Schema schema(Model model) {
    return model
        .schema()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "profile: a model without a schema, expected a model that was trained on a"
                        + " table"));
  }

  static Scaling scaling(PredictiveModel model) {
    return model.scaling().orElse(Scaling.none());
  }

  /** {@return such as {@code Profile[300 rows of 8 columns, results on 100 validation rows]}} */
  @Override
  public String toString() {
    return "Profile[%s rows of %s columns, results on %s %s rows]"
        .formatted(rows, columns.size(), heldOutRows(), heldOut.isEmpty() ? "held-out" : heldOut);
  }
}
