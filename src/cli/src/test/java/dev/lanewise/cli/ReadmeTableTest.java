package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Model;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.table.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java lines for a table in README give the same weights as the command. */
class ReadmeTableTest {
  @TempDir Path directory;

  @Test
  void javaGivesTheDigestOfTheCommand() throws Exception {
    Path file = directory.resolve("titanic.csv");
    String rows =
        IntStream.range(0, 90)
            .mapToObj(
                i ->
                    List.of(
                            i % 3 == 0 ? "female" : "male",
                            i % 11 == 0 ? "" : "" + i * 7 % 60,
                            List.of("1st", "2nd", "3rd").get(i * i % 3),
                            i * i % 7 < 3 ? "yes" : "no")
                        .stream()
                        .collect(Collectors.joining(",")))
            .collect(Collectors.joining("\n", "sex,age,passengerClass,survived\n", "\n"));
    Files.writeString(file, rows);

    Table table = Table.read(file);
    Model model = Recipe.TABLE.fit(table.withTarget("survived"), 2).model();
    record Passenger(String sex, Double age, String passengerClass) {}
    var passengers =
        List.of(new Passenger("female", 42.0, "1st"), new Passenger("male", null, "3rd"));
    String survived = model.tablePredictor().predict(passengers).className(0);

    Path out = directory.resolve("run");
    Run.line("train --data", file, "--target survived --out", out)
        .ok("Weights sha256 " + model.sha256());
    Path new1 = directory.resolve("new.csv");
    Files.writeString(new1, "passengerClass,sex,age\n1st,female,42\n3rd,male,\n");
    Run.line("predict --data", new1, "--model", out).ok("0," + survived);
    String readme = Files.readString(Path.of("README.md"));
    assertTrue(readme.contains("lanewise train --data titanic.csv --target survived"));
    String source =
        Files.readString(Path.of("src/cli/src/test/java/dev/lanewise/cli/ReadmeTableTest.java"));
    String lines =
        source.substring(source.indexOf("    Model model"), source.indexOf("    Path out"));
    String bare = readme.replaceAll("//.*|\\s+", "");
    assertTrue(bare.contains(lines.replaceAll("\\s+", "")), lines);
  }

  /** The target may be any column, and a recipe may set the options of the command. */
  @Test
  void optionsAndSeveralTargetsGiveTheDigestOfTheCommand() throws Exception {
    Path file = directory.resolve("rooms.csv");
    StringBuilder rows = new StringBuilder("area,rent,windows,heat\n");
    for (int i = 0; i < 60; i++) {
      rows.append("%s,%s,%s,%s%n".formatted(i * 7 % 60, 3 * i + 0.5, i % 4, i % 9 + i * 0.25));
    }
    Table table = Table.read(Files.writeString(file, rows));
    for (Recipe recipe : List.of(Recipe.TABLE_FAST, Recipe.TABLE_BEST)) {
      Recipe few = recipe.with("epochs", 3).with("hidden", 6).with("seed", 5);
      String digest = few.fit(table.withTarget("rent,heat"), 1, epoch -> true).model().sha256();
      String options = "--target rent,heat --epochs 3 --hidden 6 --seed 5 --preset";
      Path out = directory.resolve(recipe.name());
      Run.line("train --data", file, options, recipe.name(), "--out", out)
          .ok("Weights sha256 " + digest);
    }
  }
}
