package dev.lanewise.spark;

import java.io.IOException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The README's example: learns from the rows of a CSV file that have an answer, and answers. */
public final class ScoreCsv {
  private ScoreCsv() {}

  /** Paths that all executors see: the CSV file, the model's folder, the scored table. */
  public static void main(String[] args) throws IOException {
    SparkSession spark = SparkSession.builder().getOrCreate();
    Dataset<Row> people =
        spark.read().option("header", true).option("inferSchema", true).csv(args[0]);
    LanewiseModel model =
        new LanewiseClassifier()
            .setInputCols("age", "town", "income") // numbers, words and gaps, as they are
            .setLabelCol("paid")
            .setPredictedLabelCol("expected") // the name of the class beside its number
            .setValidationFraction(0.2) // to keep the best epoch
            .fit(people.where("paid IS NOT NULL"));
    model.write().overwrite().save(args[1]); // holds nn_model.npz
    model
        .transform(people.where("paid IS NULL"))
        .drop("rawPrediction", "probability")
        .write()
        .mode("overwrite")
        .parquet(args[2]);
  }
}
