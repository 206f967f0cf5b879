package dev.lanewise.report;

import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** The first sentence of a report, and each warning with a case where it must not appear. */
class FindingsTest {
  private static final int ROWS = 60;

  /** Returns rows with a larger input for their class, so that the identity predicts it. */
  private static Rows rows(int[] labels, float hint) {
    float[][] x = Reports.numbers(labels.length, 3, 7);
    for (int i = 0; i < labels.length; i++) {
      x[i][labels[i]] += hint;
    }
    return Rows.of(x, labels);
  }

  private static int[] labels(int classes) {
    int[] labels = new int[ROWS];
    Arrays.setAll(labels, i -> i % classes);
    return labels;
  }

  private static Page page(Model model, String name, Rows split) {
    return Reports.page(
        new Report("t", model)
            .data(Dataset.of(split, split, split))
            .evaluation(name, split, Evaluator.evaluate(model, split, 1)));
  }

  private static boolean warns(Page page, String of) {
    return page.warnings().stream().anyMatch(w -> w.contains(of));
  }

  private static final Model IDENTITY = Model.of(Reports.identity(Loss.SOFTMAX, 3));

  @Test
  void figuresOfTrainingRows() {
    Rows split = rows(labels(3), 2);
    String warning = "All figures here are measured on its training rows.";
    assertTrue(warns(page(IDENTITY, "train", split), warning));
    assertFalse(warns(page(IDENTITY, "valid", split), warning));
    assertFalse(warns(page(IDENTITY, "all", split), warning));
  }

  @Test
  void noBetterThanOneAnswer() {
    String warning = "It is no better than giving every row the same answer";
    Model constant =
        Model.of(
            Mlp.of(
                    IDENTITY.members().get(0).architecture(),
                    new float[] {0, 0, 0, 0, 0, 0, 0, 0, 0, /* biases */ 1, 0, 0})
                .withLoss(Loss.SOFTMAX));
    assertTrue(warns(page(constant, "test", rows(labels(3), 2)), warning));
    String nothing = ": it has learned nothing that is of use for these rows.";
    assertTrue(warns(page(constant, "test", rows(labels(3), 2)), warning + nothing));
    Model biased =
        Model.of(
            Mlp.of(
                    IDENTITY.members().get(0).architecture(),
                    new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1, 99, 0, 0})
                .withLoss(Loss.SOFTMAX));
    String ranks = ", but its probabilities tell the classes apart: ROC AUC ";
    assertTrue(warns(page(biased, "test", rows(labels(3), 2)), warning + ranks));
    Page better = page(IDENTITY, "test", rows(labels(3), 2));
    assertFalse(warns(better, warning));
    assertContains(
        better.lead(), "Always answering \"0\", the most frequent class, would be right in 33.3%.");
    float[] y = new float[ROWS];
    float[][] x = Reports.numbers(ROWS, 1, 7);
    for (int i = 0; i < ROWS; i++) {
      y[i] = x[i][0];
    }
    Model one = Model.of(Reports.identity(Loss.MSE, 1));
    Page exact = page(one, "test", Rows.of(x, y));
    assertFalse(warns(exact, warning));
    assertTrue(exact.lead().startsWith("It explains 100.0% of the differences among 60 test rows"));
    for (int i = 0; i < ROWS; i++) {
      y[i] = -x[i][0];
    }
    Page wrong = page(one, "test", Rows.of(x, y));
    assertTrue(warns(wrong, warning));
    assertFalse(warns(wrong, "alone"));
    y[7] = 1e4f;
    assertContains(
        page(one, "test", Rows.of(x, y)).warnings().toString(),
        warning + nothing + " Row #7 alone has ");
    assertTrue(wrong.lead().startsWith("It explains nothing of the differences"), wrong.lead());
  }

  @Test
  void classesNeverPredictedOrNeverThere() {
    Rows all = rows(labels(3), 9);
    Page found = page(IDENTITY, "test", all);
    assertFalse(warns(found, "No row"), found.warnings().toString());
    Model blind =
        Model.of(
            Mlp.of(
                    IDENTITY.members().get(0).architecture(),
                    new float[] {1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, -99})
                .withLoss(Loss.SOFTMAX));
    Page never = page(blind, "test", all);
    assertTrue(warns(never, "No row was given class 2, though some are of it."));
    assertFalse(warns(never, "No row here is of"));
    Page absent = page(IDENTITY, "test", rows(labels(2), 9));
    assertTrue(warns(absent, "No row here is of class 2, so nothing shows how well it is found."));
    assertFalse(warns(absent, "No row was given"));
  }

  @Test
  void columnsThatGiveTheAnswerAway() {
    float[][] x = Reports.numbers(200, 4, 3);
    int[] labels = new int[200];
    for (int i = 0; i < 200; i++) {
      labels[i] = i % 3;
      x[i][2] = 10 * labels[i];
    }
    Model model = Model.of(Reports.model(Loss.SOFTMAX, 4, List.of(3), 3));
    Page given = page(model, "test", Rows.of(x, labels));
    assertTrue(warns(given, "Column input 2 alone nearly gives the answer (right in 100.0%)."));
    for (int i = 0; i < 200; i += 5) {
      x[i][2] = 5;
    }
    Page hinted = page(model, "test", Rows.of(x, labels));
    assertFalse(warns(hinted, "alone nearly"), hinted.warnings().toString());
    float[] y = new float[200];
    for (int i = 0; i < 200; i++) {
      y[i] = labels[i];
      x[i][2] = y[i];
      x[i][3] = -y[i];
    }
    Page both = page(Model.of(Reports.model(Loss.MSE, 4, List.of(3), 1)), "test", Rows.of(x, y));
    assertTrue(
        warns(both, "Columns input 2, input 3 alone nearly give the answer (R2 1.000)."),
        both.warnings().toString());
  }

  /** A single column is not reported, because no other column could be used. */
  @Test
  void theOnlyColumnMayGiveTheAnswer() {
    float[][] x = new float[60][1];
    int[] labels = labels(2);
    for (int i = 0; i < 60; i++) {
      x[i][0] = labels[i];
    }
    Page page =
        page(Model.of(Reports.model(Loss.SOFTMAX, 1, List.of(), 2)), "test", Rows.of(x, labels));
    assertFalse(warns(page, "alone"), page.warnings().toString());
  }

  private static Page page(History history, int best) {
    return Page.of(new Report("t", IDENTITY).history(history, List.of(best)).html());
  }

  private static double[] losses(int epochs, IntToDoubleFunction loss) {
    double[] losses = new double[epochs];
    Arrays.setAll(losses, loss);
    return losses;
  }

  /** Returns a report on 60 rows of three classes after epochs with these accuracies. */
  private static Page pageOf(int best, int epochs, double train, double valid, String split) {
    Rows rows = rows(labels(3), 2);
    List<EpochResult> results = new ArrayList<>();
    for (int i = 0; i < epochs; i++) {
      boolean isKept = best < 0 ? i >= epochs - 5 : i == best;
      double growing = 1 + i / 10.0;
      double mean = isKept ? train : 0.5;
      double score = isKept ? valid : 0.5;
      results.add(new EpochResult(i, epochs, 0.1, 1, 0.1, mean, growing, score, 1, 60, 0.1));
    }
    return Reports.page(
        new Report("t", IDENTITY)
            .data(Dataset.of(rows, rows, rows))
            .history(new History(results), List.of(best))
            .evaluation(split, rows, Evaluator.evaluate(IDENTITY, rows, 1)));
  }

  /** Each network counts with its best epoch, which is no epoch of the others. */
  @Test
  void overfittingOfSeveralNetworks() {
    String warning = "It has learned its training rows by heart (overfitting)";
    for (double valid : new double[] {0.34, 0.5}) {
      List<History> networks = List.of(network(50, 10, valid), network(100, 90, valid));
      Rows split = rows(labels(3), 2);
      Report report =
          new Report("t", IDENTITY)
              .data(Dataset.of(split, split))
              .evaluation("valid", split, Evaluator.evaluate(IDENTITY, split, 1))
              .history(History.of(networks), List.of(10, 90));
      assertEquals(valid < 0.5, warns(Reports.page(report), warning));
    }
  }

  /** Returns a network that is overfitted in all epochs but perhaps the best. */
  private static History network(int epochs, int best, double valid) {
    List<EpochResult> results = new ArrayList<>();
    for (int e = 0; e < epochs; e++) {
      double train = e == best ? 0.5 : 1;
      double other = e == best ? valid : 0.34;
      results.add(
          new EpochResult(e, epochs, 1, train, 1, train, e == best ? 1 : 2, other, 1, 60, 0.1));
    }
    return new History(results);
  }

  /** Overfitting is reported if other rows have less than half the gain of training rows. */
  @Test
  void overfitting() {
    String warning = "It has learned its training rows by heart (overfitting)";
    double[][] alarms = {{1, 0.55}, {0.6, 0.35}, {1, 0.2}, {0.9, 0.6}};
    double[][] others = {
      {1, 0.98}, // no alarm, although the validation loss grows
      {1, 0.7}, // others have more than half of the gain
      {0.8, 0.9}, // training rows are worse, as with dropout
      {0.36, 0.2}, // it has learned nothing
      {0.5, 0.4}, // the difference may be chance
      {1, Double.NaN} // unknown
    };
    for (int best : new int[] {-1, 30}) {
      for (double[] each : alarms) {
        Page page = pageOf(best, 100, each[0], each[1], "valid");
        assertTrue(warns(page, warning), Arrays.toString(each) + page.warnings());
        assertEquals(best < 0, warns(page, "patience(20)"));
        assertTrue(warns(page, "for 60 others, 33.3% without it."), page.warnings().toString());
      }
    }
    for (double[] each : others) {
      Page page = pageOf(-1, 100, each[0], each[1], "valid");
      assertFalse(warns(page, warning), Arrays.toString(each) + page.warnings());
    }
    // On the test rows, which count, too, the identity is right.
    assertTrue(warns(pageOf(-1, 100, 1, 0.5, "valid"), warning));
    assertFalse(warns(pageOf(-1, 100, 1, 0.5, "test"), warning));
    double[] grows = losses(100, i -> 1 + Math.abs(i - 30) / 100.0);
    assertEquals(List.of(), page(Reports.history(grows), -1).warnings());
  }

  @Test
  void stillGettingBetter() {
    String warning = "It was still getting better when the training ended";
    double[] falls = losses(100, i -> 3 - i / 50.0);
    assertTrue(warns(page(Reports.history(falls), -1), warning));
    // The rates are unknown, as in files of other programs.
    assertTrue(warns(page(Reports.historyOfRates(Double.NaN, Double.NaN, falls), -1), warning));
    // The schedule has reached its end.
    assertFalse(warns(page(Reports.historyOfRates(0.1, 0.0001, falls), -1), warning));
    double[] levels = losses(100, i -> 1 + StrictMath.exp(-i / 10.0));
    assertFalse(warns(page(Reports.history(levels), -1), warning));
  }

  @Test
  void lossesThatAreNoNumbers() {
    double[] some = losses(100, i -> i > 40 ? Double.NaN : 3 - i / 50.0);
    Page page = page(Reports.history(some), -1);
    assertTrue(page.text().contains("smallest after epoch 40"), page.text());
    Page none = page(Reports.history(losses(100, i -> Double.NaN)), -1);
    assertEquals(List.of(), none.warnings());
    assertTrue(none.text().contains("There is no validation loss"));
    // An epoch can have the best accuracy although all losses are NaN.
    Page kept = page(Reports.history(losses(100, i -> Double.NaN)), 12);
    assertTrue(kept.text().contains("The network has the weights of epoch 12"), kept.text());
  }

  @Test
  void anyNumberOfEpochs() {
    for (int epochs : new int[] {1, 2, 10, 10_000}) {
      Page page = page(Reports.history(losses(epochs, i -> 1 + 1.0 / (1 + i))), epochs - 1);
      int size = page.html().length();
      assertTrue(size < 250_000, epochs + " epochs take " + size);
      assertTrue(page.text().contains("The first epoch has the number 0."));
    }
    Page empty = page(Reports.history(), -1);
    assertFalse(empty.text().contains("How the training went"));
  }
}
