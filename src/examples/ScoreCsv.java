import dev.lanewise.model.Model;
import dev.lanewise.nn.Predictor;
import dev.lanewise.table.RowStream;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Adds a column with the predicted class to a table of any size, 1000 rows at a time. Columns are
 * found by their names, in any order.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp lanewise.jar ScoreCsv.java model.npz &lt; new.csv
 * </pre>
 */
final class ScoreCsv {
  private static final int ROWS = 1000;

  private ScoreCsv() {}

  /**
   * Scores the table in standard input with the model in args[0], and writes it to standard output.
   */
  public static void main(String[] args) throws IOException {
    Model model = Model.load(Path.of(args[0]));
    Predictor predictor = model.predictor(ROWS);
    int outputs = model.outputs();
    float[] inputs = new float[ROWS * model.inputs()];
    double[] probabilities = new double[ROWS * outputs];
    int[] classes = new int[ROWS];
    try (RowStream rows = RowStream.open(System.in, "stdin", model, true)) {
      System.out.println(String.join(",", rows.columns()) + ",predicted");
      for (int count = rows.next(inputs); count > 0; count = rows.next(inputs)) {
        predictor.predictScaled(inputs, count, probabilities, classes);
        for (int row = 0; row < count; row++) {
          System.out.println(
              String.join(",", rows.texts(row)) + "," + model.className(classes[row]));
        }
      }
    }
  }
}
