package dev.lanewise.spark;

import dev.lanewise.model.Coverage;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Predictions;
import dev.lanewise.nn.Scaling;
import dev.lanewise.trust.Explainer;
import dev.lanewise.trust.Explanation;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The names of the columns that say how far predictions can be believed; a column with an empty
 * name is left out. Their values are those of the commands {@code predict} and {@code serve}.
 *
 * @param explanation column of what each column of the row adds to the prediction
 * @param coverage column of the sets of classes or of the intervals
 * @param level probability with which these contain the truth; null without the column
 */
record TrustColumns(String explanation, String coverage, Double level) implements Serializable {
  /** The fields of an explanation after the class or output. */
  private static final String WHY =
      " STRING, base DOUBLE, prediction DOUBLE, sum DOUBLE, remainder DOUBLE, effort INT,"
          + " columns ARRAY<STRUCT<column: STRING, contribution: DOUBLE>>";

  TrustColumns {
    if (coverage.isEmpty() != (level == null)) {
      throw new IllegalArgumentException(
          "coverageCol is \"%s\" and coverage is %s, expected both, such as \"set\" and 0.9"
              .formatted(coverage, level));
    }
  }

  /** Computes the values of a column for a batch of rows, [rows][inputs], not scaled. */
  interface Values {
    IntFunction<Object> of(Predictions from, double[][] raw);
  }

  /** A column in one task. */
  record Column(StructField field, Values values) {
    Column(String name, DataType type, Values values) {
      this(DataTypes.createStructField(name, type, true), values);
    }
  }

  /**
   * Returns the columns in order, for use by one thread.
   *
   * @throws IllegalArgumentException if the model does not have what a column needs
   */
  List<Column> of(Model model) {
    List<Column> columns = new ArrayList<>();
    boolean hasClasses = model.loss().task().hasClasses();
    if (!explanation.isEmpty()) {
      Explainer explainer = explainer(model);
      Values why =
          (from, raw) -> {
            List<Explanation> all = explainer.explain(scaled(model, raw));
            return row -> explanation(model, explainer.columns(), all.get(row));
          };
      String fields = (hasClasses ? "`class`" : "`output`") + WHY;
      columns.add(new Column(explanation, StructType.fromDDL(fields), why));
    }
    if (!coverage.isEmpty()) {
      String problem = "coverageCol: the model has no coverage";
      Coverage.Level limits = has(model.coverage(), problem, "cover").at(level);
      DataType end = model.outputs() > 1 ? SQLDataTypes.VectorType() : DataTypes.DoubleType;
      StructType ends = new StructType().add("low", end).add("high", end);
      DataType names = DataTypes.createArrayType(DataTypes.StringType);
      Values sets = (from, raw) -> row -> set(model, limits.set(from.values(row)));
      Values intervals = (from, raw) -> row -> interval(limits, from.values(row));
      columns.add(new Column(coverage, hasClasses ? names : ends, hasClasses ? sets : intervals));
    }
    return columns;
  }

  private static <T> T has(Optional<T> fact, String problem, String command) {
    return fact.orElseThrow(
        () -> new IllegalArgumentException(problem + ", expected a model of " + command));
  }

  private static Explainer explainer(Model model) {
    Optional<Explainer> explainer = Optional.of(Explainer.of(model)).filter(Explainer::isReady);
    boolean isOfOne = model.outputs() == 1 || !model.loss().task().hasNumbers();
    return has(
        explainer.filter(ready -> isOfOne),
        "explanationCol: the model keeps nothing of its training rows or predicts several numbers",
        "train for a table with one target");
  }

  private static float[] scaled(Model model, double[][] raw) {
    int inputs = model.inputs();
    float[] scaled = new float[raw.length * inputs];
    Scaling scaling = model.scaling().orElse(Scaling.none());
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = scaling.scale(raw[i / inputs][i % inputs], i % inputs);
    }
    return scaled;
  }

  private static Row explanation(Model model, List<String> names, Explanation why) {
    Row[] parts = new Row[names.size()];
    Arrays.setAll(parts, c -> RowFactory.create(names.get(c), why.contributions().get(c)));
    String of = model.className(why.output());
    return RowFactory.create(
        of, why.base(), why.prediction(), why.sum(), why.remainder(), why.effort(), parts);
  }

  private static String[] set(Model model, boolean[] inside) {
    IntStream classes = IntStream.range(0, inside.length).filter(c -> inside[c]);
    return classes.mapToObj(model::className).toArray(String[]::new);
  }

  private static Row interval(Coverage.Level limits, double[] predicted) {
    double[] low = predicted.clone();
    double[] high = predicted.clone();
    Arrays.setAll(low, k -> limits.low(k, predicted[k]));
    Arrays.setAll(high, k -> limits.high(k, predicted[k]));
    return low.length > 1
        ? RowFactory.create(Vectors.dense(low), Vectors.dense(high))
        : RowFactory.create(low[0], high[0]);
  }
}
