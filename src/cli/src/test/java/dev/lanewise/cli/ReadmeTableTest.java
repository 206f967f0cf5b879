package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.Model;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.table.Table;
import dev.lanewise.train.Recipe;
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
    ReadOptions options = ReadOptions.defaults().withTarget("survived");
    Model model = Recipe.TABLE.fit(table.with(options)).model();

    Path out = directory.resolve("run");
    Run.line("train --data", file, "--target survived --out", out)
        .ok("Weights sha256 " + model.sha256());
    String readme = Files.readString(Path.of("README.md"));
    assertTrue(readme.contains("lanewise train --data titanic.csv --target survived"));
  }
}
