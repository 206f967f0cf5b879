package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Numbers against what Python printed; see make_python_format.py. */
class PythonFormatTest {
  private final Locale before = Locale.getDefault();

  /** Where a decimal comma and grouping dots would show. */
  @BeforeEach
  void inGermany() {
    Locale.setDefault(Locale.GERMANY);
  }

  @AfterEach
  void back() {
    Locale.setDefault(before);
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
