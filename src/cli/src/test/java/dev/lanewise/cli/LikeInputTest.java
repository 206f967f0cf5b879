package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.terminal.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Predictions in the notation of their input. */
class LikeInputTest {
  @TempDir Path directory;
  private Path out;

  @BeforeEach
  void train() throws IOException {
    out = directory.resolve("out");
    Run.of("train", table(";", ",", ""), "--epochs=3", "--hidden=3", "--out=" + out).ok();
  }

  /** Returns a table of numbers in this notation. */
  private String table(String separator, String decimal, String mark) throws IOException {
    StringBuilder text = new StringBuilder(mark + "size" + separator + "price\n");
    Random random = new Random(1);
    for (int i = 0; i < 60; i++) {
      double size = random.nextInt(1000) / 8.0;
      text.append((size + separator + (size * 3 + 0.25) + "\n").replace(".", decimal));
    }
    return Files.writeString(directory.resolve("t" + mark.length() + ".csv"), text).toString();
  }

  @Test
  void separatorMarkAndDigits() throws IOException {
    String file = table(";", ",", "\ufeff");
    List<String> plain = Run.of("predict", file, "--model=" + out).ok().lines();
    Run run = Run.of("predict", file, "--model=" + out, "--like-input", "--keep").ok();
    List<String> like = run.lines();
    assertEquals("\ufeffsize;price;y_price", like.get(0));
    List<String> given = Files.readAllLines(Path.of(file));
    assertEquals(61, like.size());
    for (int i = 1; i <= 60; i++) {
      String number = plain.get(i).replaceFirst(".*,", "");
      String six =
          new BigDecimal(Float.parseFloat(number))
              .round(new MathContext(6))
              .stripTrailingZeros()
              .toPlainString();
      assertEquals(given.get(i) + ";" + six.replace('.', ','), like.get(i));
    }
    Path scored = directory.resolve("scored.csv");
    Run.of("predict", file, "--model=" + out, "--like-input", "--keep", "--out=" + scored).ok();
    assertEquals(run.out(), Files.readString(scored));
    assertTrue(Run.of("predict", scored.toString(), "--model=" + out).ok().lines().size() == 61);
  }

  /** Excel takes text without a byte order mark for Windows-1252, and the output is UTF-8. */
  @Test
  void windowsTextGetsAByteOrderMark() throws IOException {
    Charset windows = Charset.forName("windows-1252");
    for (int first : new int[] {0, 50, -1}) {
      StringBuilder text = new StringBuilder("size;price;town\n");
      for (int i = 0; i < 60; i++) {
        text.append(i + ";4,5;" + (first >= 0 && i >= first ? "K\u00f6ln" : "Bonn") + "\n");
      }
      Path file = directory.resolve("w" + first + ".csv");
      Files.write(file, text.toString().getBytes(windows));
      String[] words = {"predict", file + "", "--model=" + out, "--like-input", "--keep"};
      List<String> lines = Run.of(words).ok().lines();
      assertEquals((first < 0 ? "" : "\ufeff") + "size;price;town;y_price", lines.get(0));
      assertTrue(lines.get(51).startsWith("50;4,5;" + (first < 0 ? "Bonn" : "K\u00f6ln")));
      Files.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
      assertEquals("size;price;town;y_price", Run.of(words).ok().lines().get(0));
    }
  }

  /** What stdin shows after the header comes too late for the beginning of the output. */
  @Test
  void windowsTextThatComesLateInAStreamIsSaid() throws IOException {
    InputStream before = System.in;
    try {
      for (String header : List.of("size;town\n", "size;Stra\u00dfe\n")) {
        String rows = header + "1;Bonn\n".repeat(3) + "2;K\u00f6ln\n";
        System.setIn(new ByteArrayInputStream(rows.getBytes("windows-1252")));
        Run run = Run.of("predict", "--data=-", "--model=" + out, "--like-input").ok();
        boolean isLate = header.contains("town");
        assertEquals(!isLate, run.out().startsWith("\ufeff"));
        assertEquals(isLate, run.err().contains("no byte order mark"), run.err());
      }
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void onlyTextHasANotation() throws IOException {
    for (String wrong : List.of("--json", "--out=" + directory.resolve("p.npz"))) {
      Run run = Run.of("predict", table(";", ",", ""), "--model=" + out, "--like-input", wrong);
      assertEquals(Problem.USAGE, run.code());
      assertTrue(run.err().contains("--like-input"), run.err());
    }
  }
}
