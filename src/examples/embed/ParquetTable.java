import dev.lanewise.model.Model;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.table.Table;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;

class ParquetTable {
  public static void main(String[] args) throws Exception {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duck.createStatement()) {
      sql.execute(
          "COPY (SELECT i % 50 AS age, DATE '2024-01-01' + i::INT AS day, i % 50 < 18 AS minor"
              + " FROM range(2000) t(i)) TO 'ages.parquet' (FORMAT parquet)");
      Table table = Table.of(sql.executeQuery("SELECT * FROM 'ages.parquet'"));
      ReadOptions target = ReadOptions.defaults().withTarget("minor");
      Model model = Recipe.TABLE_FAST.fit(table.dataset(target)).model();
      Map<String, ?> row = Map.of("age", 11, "day", "2024-06-01");
      System.out.println(table + " " + model.tablePredictor().predict(row).byName(0));
    }
  }
}
