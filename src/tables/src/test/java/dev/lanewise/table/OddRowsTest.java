package dev.lanewise.table;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.FormatException;
import dev.lanewise.model.Model;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.rows.Division;
import dev.lanewise.table.ReadOptions.Totals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the hints on totals and on numbers far larger than all others. */
class OddRowsTest {
  @TempDir Path directory;

  private Path file(String end) throws IOException {
    StringBuilder text = new StringBuilder("region,units,price,kind\n");
    for (int i = 1; i <= 40; i++) {
      text.append("r%s,%s,%s.5,%s\n".formatted(i % 3, i, i * 37 % 50, i % 2 == 0 ? "x" : "y"));
    }
    return Files.writeString(directory.resolve("t.csv"), text + end);
  }

  private List<String> hints(String end) throws IOException {
    ReadOptions kept = ReadOptions.defaults().withTotals(Totals.KEEP);
    return Datasets.load(file(end), kept).notes().stream()
        .filter(hint -> hint.contains("total") || hint.contains("thousand times"))
        .map(hint -> hint.replaceAll(":.*| \\(.*", ""))
        .toList();
  }

  @Test
  void aLabelBesideASumIsATotal() throws IOException {
    assertEquals(
        List.of(
            "The row in line 42 seems to be a total, as units has the sum of the numbers above there"),
        hints("Grand Total,820,,x\n"));
  }

  @Test
  void twoSumsNeedNoLabel() throws IOException {
    int prices = 0;
    for (int i = 1; i <= 40; i++) {
      prices += i * 37 % 50;
    }
    assertEquals(
        List.of(
            "The row in line 42 seems to be a total, as units, price has the sum of the numbers above there"),
        hints("r1,820,%s,x\n".formatted(prices + 20)));
  }

  @Test
  void aLabelOrASumAloneIsNone() throws IOException {
    assertEquals(List.of(), hints("Total,819,1,x\n"));
    assertEquals(List.of(), hints("r1,820,1,x\n"));
  }

  @Test
  void aNumberFarFromAllOthersIsNamed() throws IOException {
    assertEquals(
        List.of(
            "In line 42, column units is -40000, at least a thousand times every other number there"),
        hints("r1,-40000,1,x\nr2,40,2,y\n"));
    assertEquals(List.of(), hints("r1,39999,1,x\nr2,40,2,y\n"));
  }

  /** Most other cells are empty, sums or texts with digits, of a table of maps or in other rows. */
  @ParameterizedTest
  @ValueSource(strings = {"Total,,,1", "Somme,820,,x", ",Gesamt:,\"$1,000.00\",", "sum,820,965.0,"})
  void aTrainingRefusesARowOfTotals(String end) throws IOException {
    String why =
        "line 42 is a row of totals, expected rows of values alone (ReadOptions.withTotals(Totals.SKIP)"
            + " leaves it out, ReadOptions.withTotals(Totals.KEEP) takes it as one)";
    Path without = Files.writeString(directory.resolve("u.csv"), Files.readString(file("")));
    ReadOptions skip = ReadOptions.defaults().withTotals(Totals.SKIP);
    DivisionOptions other = DivisionOptions.defaults().withValidData(file(end));
    rejects(FormatException.class, () -> Datasets.load(directory.resolve("t.csv")), why);
    rejects(FormatException.class, () -> Datasets.load(without, other), why);
    Dataset expected = Datasets.load(without);
    Dataset data = Datasets.load(file(end), skip);
    assertEquals(Division.of(expected), Division.of(data));
    assertEquals(
        "The row of totals in line 42 of " + directory.resolve("t.csv") + " is left out",
        data.notes().get(1));
    if (end.contains("Gesamt")) {
      return; // a text among numbers, which is refused anyway
    }
    Model model = Recipe.COURSE.with("epochs", 1).fit(expected).model();
    try (RowStream rows = RowStream.open(file(end), model, false)) {
      while (rows.next(new float[9999]) > 0) {}
      String note =
          directory.resolve("t.csv") + ": line 42 is a row of totals, expected rows of values";
      assertTrue(rows.notes().contains(note + " alone (it is taken as one)"), rows.notes() + "");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Total,819,1,x", "Totals of May,,,", "r1,820,965.0,", "r1,,,Total"})
  void otherLastRowsAreRows(String end) throws IOException {
    assertEquals(
        41,
        Table.read(file(end))
            .dataset(
                DivisionOptions.defaults().withSplitSizes(List.of(1.0)),
                ReadOptions.defaults().withTarget("region"))
            .train()
            .rows());
  }
}
