package dev.lanewise.selection;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.DataFiles;
import dev.lanewise.data.Dataset;
import dev.lanewise.format.NdArray;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.DivisionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folds are trained and tested apart, and give the same results however they are trained. */
class CrossValidationTest {
  private static final int ROWS = 90;
  private static final Recipe QUICK = Recipe.TABLE_FAST.with("epochs", 3).with("hidden", "8");

  @TempDir Path directory;

  private Path table(String target) throws IOException {
    Random random = new Random(3);
    StringBuilder text = new StringBuilder("size,colour,day,target\n");
    for (int i = 0; i < ROWS; i++) {
      double size = random.nextInt(1000) / 100.0;
      boolean isLarge = size + random.nextGaussian() > 5;
      String label = target.equals("kind") ? isLarge ? "large" : "small" : size * size + "";
      text.append("%s,%s,%s,%s%n".formatted(size, i % 3 == 0 ? "red" : "blue", ROWS - i, label));
    }
    return Files.writeString(directory.resolve(target + ".csv"), text);
  }

  private static CrossValidation quick() {
    return CrossValidation.of(QUICK).folds(3).repeats(2);
  }

  private static List<String> digests(CrossValidationRun run) {
    return run.folds().stream().map(FoldResult::sha256).toList();
  }

  @Test
  void theSameOnAnyNumberOfThreads() throws IOException {
    Path file = table("kind");
    List<Integer> seen = new ArrayList<>();
    CrossValidationRun one = quick().run(fold -> Datasets.load(file, fold));
    CrossValidationRun four =
        quick()
            .threads(4)
            .listener(result -> seen.add(3 * result.repeat() + result.fold()))
            .run(fold -> Datasets.load(file, fold));
    assertEquals(digests(one), digests(four));
    assertEquals(6, digests(one).stream().distinct().count());
    assertEquals(List.of(0, 1, 2, 3, 4, 5), seen);
    assertTrue(one.isWhole());
  }

  /** A fold is what train makes of the same division. */
  @Test
  void aFoldIsATraining() throws IOException {
    Path file = table("kind");
    CrossValidationRun run = quick().run(fold -> Datasets.load(file, fold));
    Dataset data =
        Datasets.load(
            file,
            DivisionOptions.defaults()
                .withUsualDivision(QUICK.shares(), QUICK.isStratified())
                .withFold(2, 3, 1));
    assertTrue(data.validation().isEmpty()); // a fold of the training rows is
    assertEquals(QUICK.fit(data).model().sha256(), run.folds().get(5).sha256());
  }

  @Test
  void eachRowOnceARepeat() throws IOException {
    Path file = table("kind");
    CrossValidationRun run = quick().run(fold -> Datasets.load(file, fold));
    for (int repeat = 0; repeat < 2; repeat++) {
      List<Integer> rows = run.rows(repeat).stream().map(row -> row.row()).toList();
      assertEquals(IntStream.range(0, ROWS).boxed().toList(), rows);
      Evaluation all = run.outOfFold(repeat);
      double right = 0;
      for (int i = 0; i < ROWS; i++) {
        right += all.predicted(i) == all.label(i) ? 1 : 0;
      }
      assertEquals(right / ROWS, all.accuracy(), 1e-15);
      assertEquals(right / ROWS, mean(run.figures().get("accuracy"), repeat), 1e-12);
    }
    assertEquals(60, run.trainRows());
    assertEquals(30, run.testRows());
  }

  private static double mean(double[] folds, int repeat) {
    return (folds[3 * repeat] + folds[3 * repeat + 1] + folds[3 * repeat + 2]) / 3;
  }

  @Test
  void numbersAreInTheUnitsOfTheData() throws IOException {
    Path file = table("area");
    CrossValidationRun run = quick().run(fold -> Datasets.load(file, fold));
    Evaluation all = run.outOfFold(0);
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < ROWS; i++) {
      assertEquals(Double.parseDouble(lines.get(i + 1).split(",")[3]), all.target(i)[0], 1e-6);
    }
    assertTrue(run.figures().containsKey("rmse"));
    assertFalse(run.figures().containsKey("loss"));
  }

  @Test
  void laterRowsOfAnOrder() throws IOException {
    Path file = table("kind");
    CrossValidationRun run =
        CrossValidation.of(QUICK).folds(4).order("day").run(fold -> Datasets.load(file, fold));
    assertEquals(List.of(18, 36, 54, 72), run.folds().stream().map(FoldResult::trainRows).toList());
    assertEquals(72, run.rows(0).size());
    assertTrue(run.rows(0).stream().allMatch(row -> row.row() < 72)); // days descend
  }

  @Test
  void aGroupIsInOneFold() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(table("kind")));
    for (int i = 0; i < lines.size(); i++) {
      lines.set(i, (i == 0 ? "patient," : "p" + (i - 1) % 9 + ",") + lines.get(i));
    }
    Path file = Files.write(directory.resolve("patients.csv"), lines);
    CrossValidationRun run =
        CrossValidation.of(QUICK).folds(3).groups("patient").run(fold -> Datasets.load(file, fold));
    List<Integer> patients = new ArrayList<>();
    for (FoldResult fold : run.folds()) {
      patients.addAll(fold.rows().stream().map(row -> row % 9).distinct().toList());
    }
    assertEquals(9, patients.size()); // none is in two folds
    assertEquals(ROWS, run.rows(0).size());
    assertEquals(run.figures().keySet(), run.scores().keySet());
  }

  @Test
  void arraysHaveFoldsOfTheirTrainingRows() throws IOException {
    double[] x = new Random(1).doubles(40).toArray();
    int[] y = new int[40];
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i] > 0.5 ? 1 : 0;
    }
    NdArray test = NdArray.of(new double[] {1}, 1, 1);
    Path file =
        DataFiles.npz(
            directory,
            "inputs_train target_train inputs_valid target_valid inputs_test target_test",
            NdArray.of(x, 40, 1),
            NdArray.of(y, 40),
            test,
            NdArray.of(new int[] {1}, 1),
            test,
            NdArray.of(new int[] {1}, 1));
    CrossValidationRun run =
        CrossValidation.of(Recipe.COURSE.with("epochs", 2))
            .folds(4)
            .run(
                fold -> {
                  Dataset data = Datasets.load(file, fold.withStratified(true));
                  assertTrue(data.notes().toString().contains("not used"), data.notes() + "");
                  assertEquals(1, data.validation().orElseThrow().rows());
                  return data;
                });
    assertEquals(40, run.rows(0).size());
    assertEquals(31, run.trainRows());
  }

  @Test
  void endsWhenAsked() throws IOException {
    Path file = table("kind");
    CrossValidationRun run =
        quick().listener(result -> result.fold() < 1).run(fold -> Datasets.load(file, fold));
    assertEquals(2, run.folds().size());
    assertFalse(run.isWhole());
    Thread.currentThread().interrupt();
    run = quick().run(fold -> Datasets.load(file, fold));
    assertTrue(Thread.interrupted());
    assertEquals(List.of(), run.folds());
  }

  @Test
  void errorsNameTheFold() throws IOException {
    Path file = table("kind");
    CrossValidation wild =
        CrossValidation.of(Recipe.COURSE.with("learningRate", 1e30).with("epochs", 3))
            .folds(3)
            .threads(2);
    rejects(
        () -> wild.run(fold -> Datasets.load(file, fold)), "fold 1 of 3: the training diverged");
    rejects(() -> quick().folds(1));
    rejects(() -> quick().repeats(0));
    rejects(() -> quick().order("day").run(fold -> Datasets.load(file, fold)));
  }
}
