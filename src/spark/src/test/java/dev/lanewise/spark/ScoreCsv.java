package dev.lanewise.spark;

import java.io.IOException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The README's example: trains on the labelled rows of a CSV file, and predicts the others. */
public final class ScoreCsv {
  private ScoreCsv() {}

  /**
   * Takes paths that all executors can read: the CSV file, the model's folder, the scored table.
   */
  public static void main(String[] args) throws IOException {
    SparkSession spark = SparkSession.builder().getOrCreate();
    Dataset<Row> people =
        spark.read().option("header", true).option("inferSchema", true).csv(args[0]);
    LanewiseModel model =
        new LanewiseClassifier()
            .setInputCols("age", "town", "income") // numbers, texts and missing values
            .setLabelCol("paid")
            .setPredictedLabelCol("expected") // the name of the class
            .fit(people.where("paid IS NOT NULL"));
    model.write().overwrite().save(args[1]); // contains nn_model.npz
    model
        .transform(people.where("paid IS NULL"))
        .drop("rawPrediction", "probability")
        .write()
        .mode("overwrite")
        .parquet(args[2]);
  }
}
