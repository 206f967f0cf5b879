package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextChartTest {
  private static final double NAN = Double.NaN;
  private static final double[] FIVE = {0, 1, 2, 3, 4};

  /** Compares lines with a picture whose lines end with a bar, to show spaces at their ends. */
  private static void assertShown(String expected, List<String> lines) {
    assertEquals(expected, String.join("|\n", lines) + "|\n");
  }

  private static LineChart falling() {
    return Charts.crossEntropy(FIVE, new double[] {4, 3, 2, 1, 0.5}, new double[] {4, 3, 3, 3, 3});
  }

  @Test
  void twoSeriesDifferInTheirDots() {
    assertShown(
        """
        Cross entropy                 ▲ best 1|
        4 ┤⠤⠤⣄⣀⡀                              |
        3 ┤    ⠉⠉⠓⠒⠦⠤⠤⣄⣄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄|
        2 ┤             ⠉⠉⠒⠒⠤⠤⢄⣀⡀             |
        1 ┤                     ⠈⠉⠑⠒⠢⠤⠤⠤⠤⣀⣀⣀⣀⡀|
        0 ┤                                  ⠈|
          └┬───────▲────────┬───────┬────────┬|
           0       1        2       3        4|
           Epoch  ⠒⠒ Training  ⠂⠂ Validation  |
        """,
        falling().withMark(1, "best 1").text(38, 5, true));
  }

  @Test
  void asciiDoes() {
    assertShown(
        """
        Cross entropy                 ^ best 1|
        4 +oooo                               |
        3 +    ooooooooooooooooooooooooooooooo|
        2 +             ********              |
        1 +                     ************* |
        0 +                                  *|
          ++-------^--------+-------+--------+|
           0       1        2       3        4|
           Epoch  * Training  o Validation    |
        """,
        falling().withMark(1, "best 1").text(38, 5, false));
  }

  @Test
  void infiniteValuesAndNaNLeaveGaps() {
    LineChart chart =
        Charts.accuracy(
            FIVE, new double[] {0, NAN, 0.5, 1, 1}, new double[] {0.5, 0.5, NAN, 1, 0.5});
    assertShown(
        """
        Accuracy                  ▲ best 3|
        1.0 ┤                  ⣀⡠⠤⠤⠤⡤⡤⠤⠤⠤⠤|
        0.5 ┤⠄⠄⠄⠄⠄⠄⠄⠄      ⠔⠒⠉⠉       ⠁⠁⠂⠆|
        0.0 ┤⠄                            |
            └┬──────┬──────┬──────▲──────┬|
             0      1      2      3      4|
         Epoch  ⠒⠒ Training  ⠂⠂ Validation|
        """,
        chart.withMark(3, "best 3").text(34, 3, true));
  }

  @Test
  void withoutValuesThereAreAxes() {
    assertShown(
        """
        Accuracy                |
        1.0 +                   |
        0.5 + no finite values  |
        0.0 +                   |
            ++-----------------+|
             0                 1|
             Epoch  * Training  |
        """,
        Charts.accuracy(new double[0], new double[0], new double[0]).text(24, 3, false));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 313, 100_000})
  void everyLengthAndSizeOfNumbersFits(int epochs) {
    for (double size : new double[] {0, 1e-300, 1e-7, 1 + 1e-9, 12345678, 1e299}) {
      double[] x = new double[epochs];
      double[] y = new double[epochs];
      Arrays.setAll(x, i -> i);
      Arrays.setAll(y, i -> size * (1 + 1e-9 * ((i * 7L) % 5)));
      for (int width : new int[] {20, 38, 200}) {
        LineChart chart = Charts.r2(x, y, y).withMark(epochs - 1, "best " + epochs);
        for (boolean unicode : new boolean[] {true, false}) {
          List<String> lines = chart.text(width, 9, unicode);
          assertEquals(13, lines.size());
          int length = lines.get(0).length();
          assertTrue(length == width || width == 20 && length < 30, lines.toString());
          for (String line : lines) {
            assertEquals(length, line.length(), line);
          }
          assertTrue(lines.get(0).endsWith(" best " + epochs), lines.get(0));
        }
      }
    }
  }

  @Test
  void tooSmallSizesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> falling().text(19, 9, true));
    assertThrows(IllegalArgumentException.class, () -> falling().text(20, 1, true));
  }
}
