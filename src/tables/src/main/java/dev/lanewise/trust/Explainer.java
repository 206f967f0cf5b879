package dev.lanewise.trust;

import dev.lanewise.engine.internal.Decision;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Predictor;
import dev.lanewise.nn.Scaling;
import dev.lanewise.parallel.Team;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.internal.RowEncoder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Explains predictions: by how much each column of a row moves an output of the model away from a
 * base value. All inputs that a column makes, such as one per category and one for missing values,
 * count as one. For several networks, it explains their average. An explainer is an immutable value
 * that threads can share; the results are the same, bit for bit, with any number of threads.
 *
 * <pre>{@code
 * Model model = Model.load(Path.of("nn_model.npz"));
 * float[] background = new float[50 * model.inputs()];
 * try (RowStream rows = RowStream.open(Path.of("train.csv"), model, false)) {
 *   rows.next(background);
 * }
 * Explainer explainer = Explainer.of(model).withBackground(background);
 * Explanation why = explainer.explain(Map.of("age", 42, "sex", "male"));
 * for (int column : why.order()) {
 *   System.out.println(explainer.columns().get(column) + " " + why.contributions().get(column));
 * }
 * }</pre>
 *
 * <p>Contributions are integrated gradients (Sundararajan, Taly and Yan, 2017), with as many steps
 * as it takes for them to add up. They compare a row with a baseline: the median of each number and
 * the mean of every other input, which for a category are the shares of its values, among the
 * background rows or, without these, in the {@link Profile} of the model.
 */
public final class Explainer {
  private static final int ROWS_AT_ONCE = 4; // rows of each thread, until the caller is asked again

  private final Model model;
  private final ColumnFeatures columns;
  // The options are set only in a new copy, before anyone else sees it.
  private float[] baseline; // [inputs], scaled: of background rows or the model's profile, or null
  private int output = -1; // the predicted one
  private int threads = 1;

  private Explainer(Model model, ColumnFeatures columns, float[] baseline) {
    this.model = model;
    this.columns = columns;
    this.baseline = baseline;
  }

  /** Returns a copy with one option changed. */
  private Explainer with(Consumer<Explainer> change) {
    Explainer copy = new Explainer(model, columns, baseline);
    copy.output = output;
    copy.threads = threads;
    change.accept(copy);
    return copy;
  }

  /**
   * {@return an explainer of the predicted class, on one thread, without background rows yet}
   *
   * @param model the model
   * @throws IllegalArgumentException if the model contains a profile that does not fit it
   */
  public static Explainer of(Model model) {
    ColumnFeatures columns = ColumnFeatures.of(Objects.requireNonNull(model, "model"));
    return new Explainer(model, columns, Profile.of(model).map(Profile::baseline).orElse(null));
  }

  /**
   * {@return an explainer with background rows, whose average row is the baseline}
   *
   * @param rows scaled features, [rows][inputs], as {@link dev.lanewise.table.RowStream#next} and
   *     {@link dev.lanewise.data.Rows#copyRows} give them
   * @throws IllegalArgumentException if there are no rows, the last is not whole, or a feature is
   *     not finite
   */
  public Explainer withBackground(float[] rows) {
    if (Objects.requireNonNull(rows, "rows").length == 0) {
      throw new IllegalArgumentException("explain: no background rows, expected at least one row");
    }
    float[] average = baseline(rows, rows("background", rows));
    return with(copy -> copy.baseline = average);
  }

  /**
   * {@return an explainer of one class or output for all rows, instead of the predicted one}
   *
   * @param output the class or output, from 0
   * @throws IllegalArgumentException if the model has fewer outputs
   */
  public Explainer withOutput(int output) {
    if (output < 0 || output >= model.outputs()) {
      throw new ArgumentException(
          "explain: output %s, expected a number from 0 to %s", output, model.outputs() - 1);
    }
    return with(copy -> copy.output = output);
  }

  /**
   * {@return an explainer that explains several rows at the same time}
   *
   * @param threads the largest number of threads, from 1 to 1024
   * @throws IllegalArgumentException if the number is out of range
   */
  public Explainer withThreads(int threads) {
    Team.checked(threads);
    return with(copy -> copy.threads = threads);
  }

  /** {@return the names of the columns, in the order of their contributions} */
  public List<String> columns() {
    return columns.names();
  }

  /** {@return whether there is something to compare rows with} */
  public boolean isReady() {
    return baseline != null;
  }

  /**
   * Explains a row of a table.
   *
   * @param row a value for each column, as {@link dev.lanewise.model.TablePredictor#set(String,
   *     Object)} accepts it; other keys are ignored
   * @return the explanation
   * @throws IllegalStateException if the model was not trained on a table, or as for {@link
   *     #explain(float[])}
   * @throws IllegalArgumentException if a column has no key or refuses its value
   */
  public Explanation explain(Map<String, ?> row) {
    Objects.requireNonNull(row, "row");
    Schema schema =
        model
            .schema()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "explain: the model has no schema, expected a model that was trained"
                            + " on a table (explain takes arrays, too)"));
    RowEncoder encoder = new RowEncoder(schema, model.scaling().orElse(Scaling.none()));
    encoder.setAll(row, "explain");
    float[] features = new float[encoder.inputs()];
    encoder.scale(features, 0);
    return explain(features).get(0);
  }

  /**
   * Explains rows.
   *
   * @param rows scaled features, [rows][inputs], as for {@link #withBackground}
   * @return the explanations in the order of the rows
   * @throws IllegalArgumentException if the last row is not whole, or a feature is not finite
   * @throws IllegalStateException if background rows are needed, or no output was chosen although
   *     the model predicts several numbers
   * @throws ArithmeticException if a prediction is not finite
   */
  public List<Explanation> explain(float[] rows) {
    return explain(rows, done -> true);
  }

  /**
   * Explains rows, and may end before the last.
   *
   * @param rows as for {@link #explain(float[])}
   * @param goesOn gets the number of rows that are explained, on the calling thread after some
   *     rows, and returns false to end after these
   * @return the explanations in the order of the rows; only the first ones if it was ended
   * @throws IllegalArgumentException as for {@link #explain(float[])}
   * @throws IllegalStateException as for {@link #explain(float[])}
   * @throws ArithmeticException as for {@link #explain(float[])}
   */
  public List<Explanation> explain(float[] rows, IntPredicate goesOn) {
    Objects.requireNonNull(goesOn, "goesOn");
    int count = rows("rows", Objects.requireNonNull(rows, "rows"));
    checkReady();
    int size = Math.min(Math.max(1, count), Team.most(threads));
    Explanation[] found = new Explanation[count];
    int done = 0;
    try (Team team = new Team(size)) {
      Worker[] workers = new Worker[size];
      boolean hasMore = count > 0;
      while (hasMore) {
        int end = Math.min(count, done + ROWS_AT_ONCE * size);
        AtomicInteger next = new AtomicInteger(done); // rows differ in their work
        team.run(
            Math.min(size, end - done),
            member -> {
              workers[member] = workers[member] == null ? new Worker() : workers[member];
              for (int row = next.getAndIncrement(); row < end; row = next.getAndIncrement()) {
                found[row] = workers[member].explain(rows, row);
              }
            });
        done = end;
        hasMore = goesOn.test(done) && done < count;
      }
    }
    return List.copyOf(Arrays.asList(found).subList(0, done));
  }

  /** Refuses what is missing before any work. */
  private void checkReady() {
    if (!isReady()) {
      throw new IllegalStateException(
          "explain: no background rows, expected training rows (withBackground)");
    }
    if (model.loss().task().hasNumbers() && model.outputs() > 1 && output < 0) {
      throw new IllegalStateException(
          "explain: a model of %s numbers, expected that one of them is chosen (withOutput)"
              .formatted(model.outputs()));
    }
    rows("average row of the profile, by schema_medians and the scaling", baseline);
  }

  /** Checks rows and returns their number. */
  private int rows(String what, float[] rows) {
    int inputs = model.inputs();
    if (rows.length % inputs != 0) {
      throw new ArgumentException(
          "explain: %s of %s features, expected whole rows of %s", what, rows.length, inputs);
    }
    for (int i = 0; i < rows.length; i++) {
      if (!Float.isFinite(rows[i])) {
        throw new ArgumentException(
            "explain: %s, row %s, feature %s is %s, expected a finite number",
            what, i / inputs, i % inputs, rows[i]);
      }
    }
    return rows.length / inputs;
  }

  /** Returns the baseline: the median of each number and the mean of every other feature. */
  private float[] baseline(float[] background, int rows) {
    int inputs = model.inputs();
    boolean[] isNumber = model.schema().map(Schema::scaledInputs).orElse(null);
    float[] average = new float[inputs];
    double[] values = new double[rows];
    for (int j = 0; j < inputs; j++) {
      int feature = j;
      Arrays.setAll(values, row -> background[row * inputs + feature]);
      if (isNumber == null || isNumber[j]) {
        Arrays.sort(values);
        average[j] = (float) ((values[(rows - 1) / 2] + values[rows / 2]) / 2);
      } else {
        average[j] = (float) (Arrays.stream(values).sum() / rows);
      }
    }
    return average;
  }

  /** Explains rows on one thread. */
  private final class Worker {
    private final Predictor predictor = model.predictor(1);
    private final double[] results = new double[model.outputs()];
    private final int[] labels = new int[model.outputs()];
    private final IntegratedGradients gradients = new IntegratedGradients(model, columns, baseline);

    Explanation explain(float[] rows, int row) {
      float[] features = Arrays.copyOfRange(rows, row * model.inputs(), (row + 1) * model.inputs());
      predictor.predictScaled(features, 1, results, labels);
      int chosen = output;
      if (chosen < 0) {
        chosen = model.loss().task().hasClasses() ? labels[0] : Decision.first(results);
      }
      return gradients.explain(features, chosen);
    }
  }
}
