import dev.lanewise.data.Dataset;
import dev.lanewise.model.Model;
import dev.lanewise.model.TablePredictor;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.table.Table;
import dev.lanewise.train.Optimizer;
import dev.lanewise.train.Trainer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;

/**
 * Trains on the rows of a database that have a target, and writes predictions to the rows without
 * one.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp lanewise.jar:h2.jar ScoreDatabase.java jdbc:h2:mem:
 * </pre>
 */
final class ScoreDatabase {
  private ScoreDatabase() {}

  /** Makes a table in the database with the address args[0], and fills in the missing targets. */
  public static void main(String[] args) throws Exception {
    try (Connection database = DriverManager.getConnection(args[0]);
        Statement statement = database.createStatement()) {
      statement.execute("CREATE TABLE loans (id INT, income FLOAT, rent FLOAT, paid VARCHAR(3))");
      for (int i = 0; i < 400; i++) {
        double income = 1000 + i * 37 % 4000;
        double rent = 300 + i * 53 % 1500;
        String paid = i % 4 == 0 ? "NULL" : income > 2 * rent ? "'yes'" : "'no'";
        statement.execute(
            "INSERT INTO loans VALUES (%s, %s, %s, %s)".formatted(i, income, rent, paid));
      }

      ResultSet known =
          statement.executeQuery("SELECT income, rent, paid FROM loans WHERE paid IS NOT NULL");
      Dataset data = Table.of(known).dataset();
      Architecture layers = Architecture.relu(data.features(), List.of(32), data.classes());
      Mlp initial = Mlp.initial(layers, Initializer.HE, 0).withLoss(data.loss());
      Trainer trainer =
          Trainer.builder().epochs(100).optimizer(Optimizer.adam()).learningRate(0.01).build();
      Model model = Model.of(trainer.fit(initial, data).model());

      TablePredictor predictor = model.tablePredictor();
      try (ResultSet open =
              statement.executeQuery("SELECT id, income, rent FROM loans WHERE paid IS NULL");
          PreparedStatement update =
              database.prepareStatement("UPDATE loans SET paid = ? WHERE id = ?")) {
        while (open.next()) {
          predictor.set("INCOME", open.getDouble("income")).set("RENT", open.getDouble("rent"));
          update.setString(1, predictor.predict().className(0));
          update.setInt(2, open.getInt("id"));
          update.addBatch();
        }
        update.executeBatch();
      }
      ResultSet right =
          statement.executeQuery(
              "SELECT COUNT(*) FROM loans WHERE MOD(id, 4) = 0 AND"
                  + " paid = CASE WHEN income > 2 * rent THEN 'yes' ELSE 'no' END");
      right.next();
      System.out.println(right.getInt(1) + " of 100 predictions are right");
    }
  }
}
