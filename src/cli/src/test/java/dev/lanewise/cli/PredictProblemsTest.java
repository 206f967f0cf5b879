package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file of rows to predict is refused once, with all that is wrong in it. */
class PredictProblemsTest {
  private static final int ROWS = 3000; // more than a batch

  @TempDir static Path directory;
  private static String model;

  /** Columns of plain numbers, of numbers in a notation, of dates in one, and of categories. */
  private static List<String> rows() {
    List<String> lines = new ArrayList<>(List.of("age;price;when;town;y"));
    for (int i = 0; i < ROWS; i++) {
      lines.add(
          "%s;1.%03d,%s \u20ac;%02d.05.20%02d;%s;%s"
              .formatted(
                  i % 61,
                  i * 7 % 1000,
                  i % 10,
                  1 + i % 28,
                  i % 24,
                  "abc".charAt(i % 3),
                  i % 61 > 30));
    }
    return lines;
  }

  private static String file(String name, List<String> lines) throws IOException {
    return Files.write(directory.resolve(name), lines).toString();
  }

  @BeforeAll
  static void train() throws IOException {
    model = directory.resolve("run").toString();
    String data = file("train.csv", rows());
    Run.of("train", data, "--epochs=1", "--members=1", "--hidden=3", "--out=" + model).ok();
  }

  private static List<String> wrong() {
    List<String> lines = rows();
    lines.set(3, lines.get(3).replaceFirst("^[^;]*", "old"));
    lines.set(900, lines.get(900).replaceFirst("1[.][^;]*", "tbd"));
    lines.set(901, lines.get(901).replaceFirst("1[.][^;]*", "offen"));
    lines.set(2500, lines.get(2500).replaceFirst("^[^;]*", "young"));
    lines.set(2600, lines.get(2600).replaceFirst("[0-9.]*(;[^;]*;[^;]*)$", "soon$1"));
    return lines;
  }

  @Test
  void oneAdviceMendsAllColumns() throws IOException {
    String file = file("wrong.csv", wrong());
    String scored = directory.resolve("scored.csv").toString();
    String[] words = {"predict", file, "--model=" + model, "--out=" + scored};
    List<String> said = Run.of(words).failed().errors().lines().toList();
    assertEquals(6, said.size(), said::toString);
    assertEquals(
        "lanewise: " + file + ": 4 columns or lines cannot be read as they are:", said.get(0));
    String price = "column price is \"%s\", expected a number such as 1.234,5 \u20ac (--missing-";
    assertTrue(said.get(1).startsWith("  line 901, " + price.formatted("tbd")), said.get(1));
    assertTrue(said.get(2).startsWith("  line 902, " + price.formatted("offen")), said.get(2));
    assertTrue(said.get(3).startsWith("  line 2601, column when is \"soon\", exp"), said.get(3));
    assertTrue(said.get(4).startsWith("  line 4, column age is \"old\", expected a"), said.get(4));
    assertTrue(said.get(4).contains("(line 2501: \"young\")"), said.get(4));
    String advice = "--missing-also \"offen,old,soon,tbd,young\"";
    assertEquals("  what options mend at once: " + advice, said.get(5));
    Run.of(words[0], file, words[2], "--missing-also=offen,old,soon,tbd,young").ok();
    assertTrue(Files.notExists(Path.of(scored)));
  }

  @Test
  void linesOfAnotherWidthAreNamedWithThem() throws IOException {
    List<String> lines = wrong();
    lines.set(10, "1;2");
    lines.set(2000, lines.get(2000) + ";more");
    String file = file("lines.csv", lines);
    List<String> said =
        Run.of("predict", file, "--model=" + model).failed().errors().lines().toList();
    assertEquals(8, said.size(), said::toString);
    assertTrue(said.get(0).endsWith(": 6 columns or lines cannot be read as they are:"));
    assertEquals("  line 11 has 2 columns, expected 5 as in the lines before", said.get(1));
    assertEquals("  line 2001 has 6 columns, expected 5 as in the lines before", said.get(4));
  }

  /** A number in another notation is never advised as a missing value. */
  @Test
  void numbersAreNoMissingValues() throws IOException {
    List<String> lines = rows();
    lines.set(5, lines.get(5).replaceFirst("1[.][^;]*", "12 kg"));
    lines.set(6, lines.get(6).replaceFirst("1[.][^;]*", "tbd"));
    String file = file("kg.csv", lines);
    List<String> said =
        Run.of("predict", file, "--model=" + model).failed().errors().lines().toList();
    assertEquals(4, said.size(), said::toString);
    assertTrue(said.get(1).endsWith("is \"12 kg\", expected a number such as 1.234,5 \u20ac"));
    assertEquals("  what options mend at once: --missing-also \"tbd\"", said.get(3));
  }

  @Test
  void manyLinesEndTheMessage() throws IOException {
    List<String> lines = rows();
    for (int i = 5; i < 2000; i++) {
      lines.set(i, "1;2");
    }
    String file = file("many.csv", lines);
    List<String> said =
        Run.of("predict", file, "--model=" + model).failed().errors().lines().toList();
    assertEquals(19, said.size(), said::toString);
    assertTrue(said.get(0).endsWith(" cannot be read as they are, such as the first 18:"));
  }

  /** A single problem has its line alone, without the advice to leave a column of the model out. */
  @ParameterizedTest
  @ValueSource(strings = {"predict", "evaluate"})
  void aColumnOfTheModelIsNotLeftOut(String command) throws IOException {
    List<String> lines = rows();
    for (int i = 1; i < 40; i++) {
      lines.set(i, lines.get(i).replaceFirst("^[^;]*", "x" + i));
    }
    String file = file("words.csv", lines);
    String said = Run.of(command, file, "--model=" + model).failed().errors();
    assertEquals(1, said.lines().count(), said);
    assertTrue(said.contains("line 2, column age is \"x1\", expected a"), said);
    assertTrue(!said.contains("--ignore"), said);
    for (int i = 1; i < 40; i++) {
      lines.set(i, lines.get(i).replaceFirst("[0-9.]*(;[^;]*;[^;]*)$", "" + i + "z$1"));
    }
    if (command.equals("predict")) {
      String both = Run.of(command, file("both.csv", lines), "--model=" + model).failed().errors();
      assertEquals(3, both.lines().count(), both);
      assertTrue(!both.contains("--ignore") && !both.contains("at once"), both);
    }
  }

  /** What cannot be read twice gets its first problem. */
  @Test
  void aStreamHasOneProblem() throws Exception {
    byte[] bytes = (String.join("\n", wrong()) + "\n").getBytes(StandardCharsets.UTF_8);
    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream(bytes));
      String said = Run.of("predict", "--data=-", "--model=" + model).failed().errors();
      assertEquals(1, said.lines().count(), said);
    } finally {
      System.setIn(before);
    }
  }
}
