package dev.lanewise.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.cli.Fixtures;
import dev.lanewise.cli.Run;
import dev.lanewise.format.NdArray;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares numbers with the texts that Python printed for them; see make_python_format.py. */
class PythonFormatTest {
  private final Locale before = Locale.getDefault();

  /** Sets a locale in which decimal commas and grouping dots would show. */
  @BeforeEach
  void inGermany() {
    Locale.setDefault(Locale.GERMANY);
  }

  @AfterEach
  void back() {
    Locale.setDefault(before);
  }

  /** Inspect does not show the small numbers of an array as zero. */
  @Test
  void smallNumbersOfAFileShowDigits(@TempDir Path directory) throws IOException {
    double[] small = {1e-30, 2e-30, -3e-30};
    Path file =
        Fixtures.npz(
            directory.resolve("small.npz"),
            "inputs_train target_train",
            Fixtures.inputs(3),
            NdArray.of(small, 3));
    Run run = Run.of("inspect", file.toString()).ok();
    assertEquals(2, run.out().split("-3.00000e-30  2.00000e-30", -1).length - 1, run.out());
  }

  @Test
  void measuresOfAnySizeShowDigits() {
    assertEquals("1.27037e-09", PythonFormat.measure(1.27037e-9));
    assertEquals("0.00000", PythonFormat.measure(0));
    assertEquals("999999999999999.00000", PythonFormat.measure(999_999_999_999_999.0));
    assertEquals("-2.82650e+54", PythonFormat.measure(-2.82649813841925e54));
    assertEquals("inf", PythonFormat.measure(Double.POSITIVE_INFINITY));
    assertEquals("nan", PythonFormat.measure(Double.NaN));
  }

  @Test
  void sameCharactersAsPython() throws IOException {
    List<String> lines;
    try (InputStream in = getClass().getResourceAsStream("python_format.txt")) {
      lines = new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
    assertTrue(lines.size() > 150);
    for (String line : lines) {
      if (line.startsWith("int")) {
        String[] part = line.split("\\|");
        int value = Integer.parseInt(part[1]);
        assertEquals(part[2], PythonFormat.integer(value, 3));
        assertEquals(part[3], PythonFormat.integer(value, 2));
      } else {
        String[] part = line.split(" ");
        double value = Double.longBitsToDouble(Long.parseUnsignedLong(part[0], 16));
        assertEquals(part[1], PythonFormat.fixed5(value), () -> "of " + value);
        assertEquals(part[2], PythonFormat.fixed(value, 4), () -> "of " + value);
      }
    }
  }

  @Test
  void tiesGoToTheEvenDigit() {
    assertEquals("0.01562", PythonFormat.fixed5(0.015625));
    assertEquals("0.04688", PythonFormat.fixed5(0.046875));
    assertEquals("-0.01562", PythonFormat.fixed5(-0.015625));
  }
}
