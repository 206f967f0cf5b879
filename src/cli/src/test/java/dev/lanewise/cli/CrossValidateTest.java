package dev.lanewise.cli;

import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.recipe.Recipe;
import dev.lanewise.report.CrossValidationPage;
import dev.lanewise.selection.CrossValidation;
import dev.lanewise.selection.CrossValidationRun;
import dev.lanewise.table.Datasets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests cross-validation from the command line. */
class CrossValidateTest {
  private static final String QUICK = "--preset table-fast --epochs 3 --hidden 8 --quiet";

  @TempDir Path directory;
  private Path table;

  @BeforeEach
  void makeTable() throws IOException {
    Random random = new Random(5);
    StringBuilder text = new StringBuilder("patient,size,day,kind\n");
    for (int i = 0; i < 80; i++) {
      double size = random.nextDouble();
      String kind = size + random.nextGaussian() / 4 > 0.5 ? "large" : "small";
      text.append("p%s,%s,%s,%s%n".formatted(i % 16, size, i, kind));
    }
    table = Files.writeString(directory.resolve("table.csv"), text);
  }

  private Run run(Object... options) {
    return Run.line("cross-validate", table, QUICK, List.of(options));
  }

  private List<String[]> predictions(Path out) throws IOException {
    List<String[]> rows = new ArrayList<>();
    for (String line : Files.readAllLines(out.resolve("oof.csv"))) {
      rows.add(line.split(","));
    }
    return rows;
  }

  @Test
  void figuresAreThoseOfThePredictions() throws IOException {
    Path out = directory.resolve("out");
    run("--folds", "4", "--repeats", "2", "--out", out.toString()).ok();
    List<String[]> rows = predictions(out);
    assertEquals("row,repeat,fold,true,predicted,p_large,p_small", String.join(",", rows.get(0)));
    assertEquals(161, rows.size());
    List<String> lines =
        run("--folds", "4", "--repeats", "2", "--json", "--force", "--out", out.toString())
            .ok()
            .lines();
    Map<String, Object> record = JsonReader.object(lines.get(lines.size() - 1));
    List<?> outOfFold = (List<?>) record.get("out_of_fold");
    for (int repeat = 0; repeat < 2; repeat++) {
      int right = 0;
      for (int i = 0; i < 80; i++) {
        String[] row = rows.get(1 + 80 * repeat + i);
        assertEquals(i + "", row[0]);
        assertEquals(repeat + 1 + "", row[1]);
        right += row[3].equals(row[4]) ? 1 : 0;
        boolean isLarge = Double.parseDouble(row[5]) >= Double.parseDouble(row[6]);
        assertEquals(isLarge ? "large" : "small", row[4]);
      }
      Map<?, ?> figures = (Map<?, ?>) outOfFold.get(repeat);
      assertEquals(right / 80.0, (double) figures.get("accuracy"), 1e-15);
    }
    String page = Files.readString(out.resolve("cross_validation.html"));
    assertContains(page, "Cross-validation of ", "id=\"confusion\"");
    assertFalse(page.contains("interrupted"));
    run("--out", out.toString()).failed("holds a cross-validation already");
    run("--out", out.toString(), "--force").ok();
  }

  /** The data of 80 rows, of which the first two folds have 14, is described with fold 1. */
  @Test
  void theFirstFoldIsDescribed() {
    String options = QUICK.replace("--quiet", "--ignore day --folds 6 --threads 4 --out");
    List<String> lines =
        Run.line("cross-validate", table, options, directory.resolve("out")).ok().lines();
    assertEquals("In fold 1 of 6, whose rows are the test:", lines.get(0));
    assertTrue(lines.get(1).startsWith("Target kind is the last column"), lines.get(1));
    assertTrue(lines.get(2).contains("train 66, test 14 rows"), lines.get(2));
    assertTrue(lines.get(3).startsWith("Preset table-fast: "), lines.get(3));
    assertTrue(lines.get(4).startsWith("Network"), lines.get(4));
    assertTrue(lines.get(5).startsWith("Fold 1 of 6: 66 rows beside it"), lines.get(5));
  }

  @Test
  void theSameOnOneAndTwoThreads() throws IOException {
    Path one = directory.resolve("one");
    Path two = directory.resolve("two");
    run("--threads", "1", "--out", one.toString()).ok();
    run("--threads", "2", "--out", two.toString()).ok();
    assertEquals(-1, Files.mismatch(one.resolve("oof.csv"), two.resolve("oof.csv")));
  }

  @Test
  void aPatientIsInOneFold() throws IOException {
    Path out = directory.resolve("out");
    run("--group", "patient", "--out", out.toString()).ok();
    Set<String> pairs = new HashSet<>();
    for (String[] row : predictions(out).subList(1, 81)) {
      pairs.add(Integer.parseInt(row[0]) % 16 + " " + row[2]);
    }
    assertEquals(16, pairs.size());
  }

  @Test
  void laterRowsAreTested() throws IOException {
    Path out = directory.resolve("out");
    run("--order", "day", "--out", out.toString()).ok();
    List<String[]> rows = predictions(out);
    assertEquals(66, rows.size());
    assertEquals("15", rows.get(1)[0]);
    for (String[] row : rows.subList(1, 66)) {
      assertEquals((Integer.parseInt(row[0]) - 15) / 13 + 1 + "", row[2]);
    }
  }

  /** With many threads, an interrupt may leave only folds of a later repeat. */
  @Test
  void thePageOfALaterRepeat() throws IOException {
    Recipe recipe = Recipe.TABLE_FAST.with("epochs", 1);
    CrossValidationRun whole =
        CrossValidation.of(recipe).folds(2).repeats(2).run(fold -> Datasets.load(table, fold));
    CrossValidationRun later = new CrossValidationRun(2, 2, whole.folds().subList(3, 4));
    List<List<String>> cells = List.of(List.of("fold", "train"), List.of("2-2", "40"));
    List<String> names = List.of("large", "small");
    String page = CrossValidationPage.html("table", later, names, cells, cells);
    assertContains(page, "It was interrupted", "these are the rows of repeat 2", "<bdi>2-2</bdi>");
  }

  /** Training keeps the rows of a patient together, and evaluate finds the same test rows. */
  @Test
  void trainHasTheSameRules() throws IOException {
    Path out = directory.resolve("out");
    Run train = Run.line("train", table, QUICK, "--group patient --out", out).ok();
    Run evaluate = Run.line("evaluate", out, table, "--quiet").ok();
    String scores = train.first("Acc");
    assertTrue(evaluate.out().contains(scores), evaluate.out());
    Run.line("inspect", out.resolve("nn_model.npz")).ok("groups of patient");
  }
}
