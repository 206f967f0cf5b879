package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests drift on a table with numbers, categories, dates and gaps. */
class DriftCommandTest {
  private static final String HEAD = "age,city,income,day,bought\n";
  @TempDir static Path directory;
  private static Path train;
  private static Path model;

  @BeforeAll
  static void train() throws IOException {
    train = file("train.csv", HEAD, 1, 1000, 0, "Ulm", 0);
    model = directory.resolve("run");
    Run.line("train", train, "--target bought --preset table-fast --epochs 3 --quiet --out", model)
        .ok();
  }

  /** Writes rows with a shift of the age, a city in 5% and gaps in a share of the ages. */
  private static Path file(
      String name, String head, int seed, int rows, int shift, String city, double gaps)
      throws IOException {
    Random random = new Random(seed);
    StringBuilder table = new StringBuilder(head);
    for (int i = 0; i < rows; i++) {
      int age = 18 + random.nextInt(60);
      String place = List.of("Bern", "Rom", "Ulm").get(random.nextInt(3));
      boolean buys = age + (place.equals("Rom") ? 20 : 0) + 10 * random.nextGaussian() > 55;
      String income = random.nextInt(9) == 0 ? "" : 1000 + random.nextInt(9000) + ".5";
      String day = "2024-0%s-1%s".formatted(1 + random.nextInt(9), random.nextInt(10));
      String shown = random.nextDouble() < gaps ? "" : age + shift + "";
      String town = random.nextInt(20) == 0 ? city : place;
      table.append("%s,%s,%s,%s,%s\n".formatted(shown, town, income, day, buys ? "yes" : "no"));
    }
    return Files.writeString(directory.resolve(name), table);
  }

  private static Run drift(Path data, String... more) {
    return Run.line("drift", model, data, more);
  }

  @Test
  void rowsOfTheSameKindAreNoAlarm() throws IOException {
    Run run = drift(file("same.csv", HEAD, 2, 1000, 0, "Ulm", 0)).ok("No alarm at the level 0.01");
    assertTrue(run.out().startsWith("1000 new rows against 900 training rows; predictions"));
    for (String column : List.of("age ", "city", "income", "day", "prediction: class")) {
      run.first(column);
    }
    run.omits("ALARM");
  }

  /** A column that is no input, such as a currency that never changed, is watched nevertheless. */
  @Test
  void ignoredColumnsAreWatched() throws IOException {
    Path before = directory.resolve("before.csv");
    Path after = directory.resolve("after.csv");
    List<String> lines = Files.readAllLines(file("plain.csv", HEAD, 6, 400, 0, "Ulm", 0));
    for (Path to : List.of(before, after)) {
      StringBuilder text = new StringBuilder("currency,branch,row," + lines.get(0) + "\n");
      for (int i = 1; i < lines.size(); i++) {
        String currency = to == before || i == 1 ? "EUR" : "USD";
        text.append("%s,b%s,r%s,%s\n".formatted(currency, i % 3, i, lines.get(i)));
      }
      Files.writeString(to, text);
    }
    Path run = directory.resolve("watched");
    Run.line("train", before, "--ignore branch,row --epochs 2 --out", run).ok("Column currency is");
    Run same = Run.line("drift", run, before).ok("No alarm");
    assertTrue(same.first("branch (ignored)").contains("0"), same.out());
    same.omits("row (ignored)"); // it names the rows
    Run other = Run.line("drift", run, after);
    assertEquals(3, other.code());
    assertTrue(other.first("currency (ignored)").contains("ALARM"), other.out());
    assertTrue(!other.first("branch (ignored)").contains("ALARM"), other.out());
  }

  @Test
  void changesAreAlarms() throws IOException {
    Run shifted = drift(file("older.csv", HEAD, 3, 1000, 9, "Ulm", 0));
    assertEquals(3, shifted.code());
    assertTrue(shifted.first("age").contains("ALARM"), shifted.out());
    assertTrue(!shifted.first("city").contains("ALARM"), shifted.out());
    assertTrue(shifted.err().contains("older.csv: alarm at the level 0.01: "), shifted.err());

    Run unknown = drift(file("other.csv", HEAD, 4, 1000, 0, "Genf", 0));
    assertEquals(3, unknown.code());
    assertTrue(
        unknown.first("city").endsWith("ALARM: \"Genf\", which the model does not know"),
        unknown.out());

    Run gaps = drift(file("gaps.csv", HEAD, 5, 1000, 0, "Ulm", 0.1));
    assertEquals(3, gaps.code());
    assertTrue(gaps.first("age").endsWith("ALARM: no value"), gaps.out());
    assertTrue(gaps.first("age").contains(" 0.0% "), gaps.out());
  }

  @Test
  void programsReadJson() throws IOException {
    Run run = drift(file("json.csv", HEAD, 3, 1000, 9, "Ulm", 0), "--json", "--level", "0.02");
    assertEquals(3, run.code());
    Map<String, Object> event = JsonReader.object(run.out().strip());
    assertEquals("drift", event.get("event"));
    assertEquals(true, event.get("alarm"));
    assertEquals(0.02, event.get("level"));
    assertEquals("test", event.get("held_out"));
    List<?> columns = (List<?>) event.get("columns");
    assertEquals(6, columns.size());
    Map<?, ?> age = (Map<?, ?>) columns.get(0);
    assertEquals("age", age.get("column"));
    assertEquals(true, age.get("alarm"));
    assertTrue((double) age.get("psi") > 0.1 && (double) age.get("p") < 1e-6, age::toString);
    assertTrue((double) age.get("training") != (double) age.get("new"));
  }
}
