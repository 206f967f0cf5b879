package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables as Excel exports them become models with at most one refusal, whose advice works. */
class ExcelExportsTest {
  @TempDir Path directory;

  private String file(String name) throws IOException {
    Path file = directory.resolve(name);
    try (InputStream in =
        ExcelExportsTest.class.getResourceAsStream("/dev/lanewise/excel/" + name)) {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return file.toString();
  }

  private Run train(String file, List<String> more) {
    List<String> words = new ArrayList<>(List.of("train", file, "--epochs=4", "--hidden=4"));
    words.addAll(List.of("--preset=table-fast", "--force", "--out=" + directory.resolve("out")));
    words.addAll(more);
    return Run.of(words.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "german.csv,, 216",
    "american.csv, --skip-totals, 216",
    "workbook.xlsx,, 216",
    "workbook.xlsx, --sheet=Older, 108"
  })
  void trainsAndPredicts(String name, String option, int rows) throws IOException {
    String file = file(name);
    List<String> options = option == null ? List.of() : List.of(option);
    if (name.startsWith("american")) {
      train(file, List.of()).warns(option + " leaves it out");
    }
    Run run = train(file, options);
    run.ok();
    run.says("Target Bonus is the last column (--target NAME chooses another)");
    run.says("Data %s: train %s, test %s rows".formatted(file, rows, rows / 9));
    String model = "--model=" + directory.resolve("out");
    List<String> lines = Run.of("predict", file, model, "--missing-also=Total").ok().lines();
    assertTrue(lines.size() >= 241, lines.size() + " lines");
    Run.of("evaluate", model).ok().says("test " + rows / 9 + " rows");
    Run.of("verify", directory.resolve("out").toString()).ok();
  }

  /** 234.567 in a cell would be 234567 in the notation 1.234,5 of the training. */
  @Test
  void aModelOfTextsWithCommasRefusesAWorkbook() throws IOException {
    train(file("german.csv"), List.of()).ok();
    String model = "--model=" + directory.resolve("out");
    for (String command : List.of("predict", "evaluate")) {
      Run run = Run.of(command, file("workbook.xlsx"), model);
      assertEquals(1, run.code());
      run.warns(
          "expected a comma as in 1.234,5 \u20ac of column Umsatz (--decimal , gives them one)");
    }
  }

  /** All three have the same numbers, whatever the notation. */
  @Test
  void theNumbersAreThoseOfTheSheet() throws IOException {
    String[] files = {file("german.csv"), file("american.csv"), file("workbook.xlsx")};
    String[] revenue = new String[3];
    for (int i = 0; i < 3; i++) {
      String[] words = {"inspect", files[i], "--missing-also", "k.A.,Total"};
      revenue[i] =
          Run.of(words).ok().lines().stream()
              .filter(line -> line.matches("(Umsatz|Revenue) .*"))
              .findFirst()
              .orElseThrow();
    }
    String german = revenue[0].replaceFirst("Umsatz ", "Revenue");
    assertEquals(german.replaceAll(" +", " "), revenue[2].replaceAll(" +", " "));
    assertTrue(revenue[1].contains("numbers"), revenue[1]);
  }
}
