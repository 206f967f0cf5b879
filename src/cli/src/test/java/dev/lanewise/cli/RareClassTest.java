package dev.lanewise.cli;

import static dev.lanewise.Texts.assertContains;
import static dev.lanewise.cli.Fixtures.assertOmits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.files.RunFiles;
import dev.lanewise.files.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where one of two classes is rare, ROC AUC and average precision come first in each command. */
class RareClassTest {
  private static final int ROWS = 900;

  @TempDir static Path directory;
  private static Path rare; // a sixth of the rows is of the class yes
  private static Path equal;

  @BeforeAll
  static void write() throws IOException {
    rare = write("rare.csv", 6);
    equal = write("equal.csv", 2);
  }

  private static Path write(String name, int every) throws IOException {
    StringBuilder text = new StringBuilder("passenger,a,b,kind\n");
    for (int i = 0; i < ROWS; i++) {
      boolean isRare = i * 7 % every == 0;
      text.append("p").append(i).append(',').append(i * 31 % 97 + (isRare ? 40 : 0)).append(',');
      text.append(i * 17 % 89).append(isRare ? ",yes\n" : ",no\n");
    }
    return Files.writeString(directory.resolve(name), text);
  }

  private static Path train(Path data, String name, String... options) {
    Path out = directory.resolve(name);
    String more = String.join(" ", options);
    Run.line("train", data, "--preset table-fast --epochs 5 " + more + " --out", out).ok();
    return out;
  }

  @Test
  void crossValidateBeginsWithTheRanking() throws IOException {
    Path out = directory.resolve("folds");
    String options = "--folds 5 --preset table-fast --epochs 5 --out";
    Run run = Run.line("cross-validate", rare, options, out).ok();
    String head = run.first("fold ");
    assertTrue(
        head.matches("fold +train +test +roc_auc +average_precision +loss +accuracy .*"), head);
    run.ok("Out of fold, 900 rows: roc_auc ");
    assertContains(
        Files.readString(out.resolve(CrossValidateCommand.PAGE)), "5 folds: the mean roc auc is ");
    Run usual = Run.line("cross-validate", equal, options, directory.resolve("equal folds")).ok();
    usual.ok("Out of fold, 900 rows: accuracy ").omits("roc_auc");
  }

  @Test
  void searchBeginsWithTheRanking() throws IOException {
    Path out = directory.resolve("search");
    Run run = Run.line("search", rare, "--preset table-fast --trials 2 --epochs 3 --out", out).ok();
    String head = run.first("model ");
    assertTrue(head.matches("model +test_roc_auc +test_average_precision +test_loss .*"), head);
    String page = Files.readString(out.resolve("search.html"));
    String results = page.substring(page.indexOf("Models that the search gave"));
    assertTrue(
        results.contains("test roc auc")
            && results.indexOf("test roc auc") < results.indexOf("test loss"),
        results);
    assertOmits(results.substring(0, results.indexOf("</table>")), "<td class=\"n\">-");
  }

  @Test
  void compareBeginsWithTheRanking() throws IOException {
    Path one = train(rare, "one", "--label-smoothing 0.1");
    Path two = train(rare, "two", "--label-smoothing 0", "--eta 0.01");
    Path page = directory.resolve("compare.html");
    Run run = Run.line("compare", one, two, "--out", page).ok();
    String head = run.lines().get(0);
    assertTrue(head.matches("run +test ROC AUC +test average precision +train loss .*"), head);
    Map<String, Object> known = RunRecord.of(one).object("metrics", "imbalance");
    Map<String, Object> found =
        Run.line("compare", one, two, "--json --out", page).ok().objects().get(0);
    assertEquals(known.get("roc_auc"), ((Map<?, ?>) found.get("test")).get("roc_auc"));
    int ranked = run.lines().indexOf(run.first("ROC AUC: "));
    assertTrue(ranked < run.lines().indexOf(run.first("Average precision: ")));
    assertTrue(ranked < run.lines().indexOf(run.first("Accuracy: ")));
    String html = Files.readString(page);
    assertTrue(html.indexOf("test ROC AUC") < html.indexOf("train loss"));
  }

  @Test
  void aReportSaysThatLabelsWereSmoothed() throws IOException {
    Path out = train(rare, "smoothed", "--label-smoothing 0.1");
    String report = Files.readString(out.resolve(RunFiles.REPORT));
    assertContains(
        report,
        "Training with label smoothing",
        "The training loss of the curve is that of smoothed labels");
    Path plain = train(rare, "plain", "--label-smoothing 0");
    report = Files.readString(plain.resolve(RunFiles.REPORT));
    assertOmits(report, "label smoothing,", "smoothed labels");
  }
}
