package dev.lanewise.spark;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.Param;
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

  ColumnParams(Params parent) {
    featuresCol =
        new Param<>(parent, "featuresCol", "the column of vectors, or of arrays of numbers");
    inputCols =
        new StringArrayParam(
            parent, "inputCols", "the input columns, of any kind, in place of a column of vectors");
    predictionCol =
        new Param<>(parent, "predictionCol", "the column of predictions; \"\" for none");
    probabilityCol =
        new Param<>(
            parent,
            "probabilityCol",
            "the column of the probabilities of the classes; \"\" for none");
    rawPredictionCol =
        new Param<>(
            parent,
            "rawPredictionCol",
            "the column of the natural logarithms of the probabilities; \"\" for none");
    predictedLabelCol =
        new Param<>(
            parent,
            "predictedLabelCol",
            "the column of the names of the predicted classes; \"\" for none");
    refuseUnseen =
        new BooleanParam(
            parent,
            "refuseUnseen",
            "whether scoring refuses a row with a category that the model does not know, or a"
                + " missing value where the training rows had none");
  }
}
