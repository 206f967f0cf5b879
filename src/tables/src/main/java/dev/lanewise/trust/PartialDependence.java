package dev.lanewise.trust;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Predictor;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * How an output changes if one column of rows takes other values and all other columns stay: for
 * each row its own curve (individual conditional expectation; Goldstein, Kapelner, Bleich and
 * Pitkin, "Peeking Inside the Black Box", 2015), and for several rows the mean of their curves
 * (Friedman, "Greedy Function Approximation", 2001). Where columns depend on each other, some of
 * these rows are unlike any real one.
 */
public final class PartialDependence {
  private static final int MOST_PLACES = 21;
  private static final double YEAR = 365.2425; // days
  private static final int EPOCH = 1970;

  private final Model model;
  private final int output;
  private final int[] features; // features of the column
  private final List<float[]> places = new ArrayList<>(); // scaled features of the column
  private final List<String> labels = new ArrayList<>(); // names of categories
  private final List<Double> positions = new ArrayList<>(); // values of numbers

  /**
   * Chooses the values of a column: all categories, or up to 21 quantiles of the numbers or dates
   * in rows, without missing values.
   *
   * @param model the model
   * @param rows scaled features, [rows][inputs], as for {@link Explainer#withBackground}
   * @param column as in {@link Explainer#columns}
   * @param output the class or output
   */
  public PartialDependence(Model model, float[] rows, int column, int output) {
    this.model = Objects.requireNonNull(model, "model");
    this.output = output;
    features = ColumnFeatures.of(model).features()[column];
    Column ofTable =
        model
            .schema()
            .map(Schema::columns)
            .map(all -> all.stream().filter(c -> c.inputs() > 0).toList().get(column))
            .orElse(null);
    if (ofTable instanceof CategoryColumn categories) {
      categories(categories);
    } else {
      boolean hasGaps = ofTable != null && ColumnProfile.number(ofTable).hasMissing();
      quantiles(rows, hasGaps, ofTable instanceof DateColumn);
    }
  }

  private Scaling scaling() {
    return model.scaling().orElse(Scaling.none());
  }

  private void categories(CategoryColumn column) {
    double[] raw = new double[features.length];
    for (String category : column.categories()) {
      column.encode(category, raw, 0);
      float[] scaled = new float[raw.length];
      for (int i = 0; i < raw.length; i++) {
        scaled[i] = scaling().scale(raw[i], features[i]);
      }
      places.add(scaled);
      labels.add(category);
    }
  }

  private void quantiles(float[] rows, boolean hasGaps, boolean isDate) {
    int inputs = model.inputs();
    List<float[]> values = new ArrayList<>();
    for (int row = 0; row < rows.length; row += inputs) {
      float[] value = new float[features.length];
      for (int i = 0; i < value.length; i++) {
        value[i] = rows[row + features[i]];
      }
      boolean isGap = hasGaps && value[1] > 0.5;
      if (!isGap && Double.isFinite(scaling().undo(value[0], features[0]))) {
        values.add(value);
      }
    }
    values.sort(Comparator.comparingDouble(value -> value[0]));
    int count = Math.min(MOST_PLACES, values.size());
    for (int i = 0; i < count; i++) {
      float[] value =
          values.get(count == 1 ? 0 : (int) ((long) i * (values.size() - 1) / (count - 1)));
      if (places.isEmpty() || value[0] > places.get(places.size() - 1)[0]) {
        double position = scaling().undo(value[0], features[0]);
        places.add(value);
        positions.add(isDate ? EPOCH + position / YEAR : position);
      }
    }
  }

  /** {@return the categories; empty for numbers and dates} */
  public List<String> labels() {
    return List.copyOf(labels);
  }

  /**
   * {@return the values of numbers in the units of the data, and of dates in years such as 2024.5,
   * ascending; empty for categories}
   */
  public double[] positions() {
    return positions.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** {@return the number of values that the column takes} */
  public int places() {
    return places.size();
  }

  /**
   * Computes the mean of the curves of rows; of one row, its own curve.
   *
   * @param rows scaled features, [rows][inputs], at least one row
   * @return the output at each value of the column
   * @throws ArithmeticException if a prediction is not finite
   */
  public double[] mean(float[] rows) {
    int inputs = model.inputs();
    int count = rows.length / inputs;
    Predictor predictor = model.predictor(Math.max(1, Math.min(count, 256)));
    double[] results = new double[count * model.outputs()];
    double[] means = new double[places.size()];
    for (int p = 0; p < means.length; p++) {
      float[] changed = rows.clone();
      for (int row = 0; row < count; row++) {
        for (int i = 0; i < features.length; i++) {
          changed[row * inputs + features[i]] = places.get(p)[i];
        }
      }
      predictor.predictScaled(changed, count, results, null);
      for (int row = 0; row < count; row++) {
        means[p] += results[row * model.outputs() + output] / count;
      }
    }
    return means;
  }
}
