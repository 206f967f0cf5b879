package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the hints on totals and on numbers far larger than all others. */
class OddRowsTest {
  @TempDir Path directory;

  private List<String> hints(String end) throws IOException {
    StringBuilder text = new StringBuilder("region,units,price,kind\n");
    for (int i = 1; i <= 40; i++) {
      text.append("r%s,%s,%s.5,%s\n".formatted(i % 3, i, i * 37 % 50, i % 2 == 0 ? "x" : "y"));
    }
    Path file = Files.writeString(directory.resolve("t.csv"), text + end);
    return Datasets.load(file).notes().stream()
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
}
