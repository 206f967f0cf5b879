package dev.lanewise.spark;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/** The parameters for columns of an estimator and its model. */
final class ColumnParams implements java.io.Serializable {
  private static final long serialVersionUID = 1L;

  final Param<String> featuresCol;
  final StringArrayParam inputCols;
  final Param<String> predictionCol;
  final Param<String> probabilityCol;
  final Param<String> rawPredictionCol;
  final Param<String> predictedLabelCol;
  final BooleanParam refuseUnseen;
  // The next ones are those of a model only, as trainings on Spark keep nothing for them.
  final Param<String> explanationCol;
  final Param<String> coverageCol;
  final DoubleParam coverage;

  ColumnParams(Params parent) {
    String inputs = "the input columns, of any kind, in place of a column of vectors";
    String unseen =
        "whether scoring refuses a row with a category that the model does not know, or a missing"
            + " value where the training rows had none";
    String level = "the probability with which sets or intervals of coverageCol contain the truth";
    featuresCol =
        new Param<>(parent, "featuresCol", "the column of vectors, or of arrays of numbers");
    inputCols = new StringArrayParam(parent, "inputCols", inputs);
    predictionCol = added(parent, "predictionCol", "predictions");
    probabilityCol = added(parent, "probabilityCol", "the probabilities of the classes");
    rawPredictionCol =
        added(parent, "rawPredictionCol", "the natural logarithms of the probabilities");
    predictedLabelCol = added(parent, "predictedLabelCol", "the names of the predicted classes");
    refuseUnseen = new BooleanParam(parent, "refuseUnseen", unseen);
    explanationCol = added(parent, "explanationCol", "what each column adds to the prediction");
    coverageCol = added(parent, "coverageCol", "the sets or intervals that contain the truth");
    coverage =
        new DoubleParam(parent, "coverage", level, ParamValidators.inRange(0, 1, false, false));
  }

  /** Returns the parameter for the name of a column that the model adds. */
  private static Param<String> added(Params parent, String name, String content) {
    return new Param<>(parent, name, "the column of " + content + "; \"\" for none");
  }
}
