package dev.lanewise.cli;

import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Calibration;
import dev.lanewise.model.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that rows kept for calibration are in no other part, and that commands find them. */
class CalibrationRowsTest {
  private static final String QUICK = "--preset course --epochs 3 --hidden 4 --out";

  @TempDir static Path directory;

  private static Path data;
  private static Path run;

  @BeforeAll
  static void train() throws IOException {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder("a,day,patient,class\n");
    for (int row = 0; row < 200; row++) {
      text.append(random.nextInt(1000)).append(',').append(random.nextInt(50)).append(",p");
      text.append(random.nextInt(40)).append(",k").append(random.nextInt(3)).append('\n');
    }
    data = Files.writeString(directory.resolve("train.csv"), text);
    run = directory.resolve("run");
    Run.line("train --calibration-fraction 0.25", data, QUICK, run)
        .ok("0.25 of the rows beside the test rows are kept for calibration");
  }

  private static List<Integer> rows(Path run, String split) {
    return Run.line("predict --json --quiet", run, "--split", split)
        .ok()
        .out()
        .lines()
        .map(line -> ((Number) JsonReader.object(line).get("index")).intValue())
        .toList();
  }

  private static void assertDivided(Path run, int kept) {
    TreeSet<Integer> all = new TreeSet<>();
    for (String split : List.of("train", "valid", "test", "calibration")) {
      List<Integer> rows = rows(run, split);
      rows.forEach(row -> assertTrue(all.add(row), split + row));
      if (split.equals("calibration")) {
        assertEquals(kept, rows.size());
      }
    }
    assertEquals(IntStream.range(0, 200).boxed().toList(), List.copyOf(all));
    assertEquals(List.copyOf(all), rows(run, "all").stream().sorted().toList());
  }

  @Test
  void noOtherPartHasThem() {
    assertDivided(run, 45); // a quarter of the 180 rows that are not test rows
    Run.line("verify", run).ok();
  }

  @Test
  void groupsAndOrderAreKept() {
    Path grouped = directory.resolve("grouped");
    Run.line("train --calibration-fraction 0.25 --group patient", data, QUICK, grouped).ok();
    TreeSet<String> train = new TreeSet<>();
    for (String split : List.of("train", "valid", "test", "calibration")) {
      TreeSet<String> own = new TreeSet<>();
      rows(grouped, split).forEach(row -> own.add(cells(row)[2]));
      assertTrue(own.stream().allMatch(train::add), split);
    }
    Path ordered = directory.resolve("ordered");
    Run.line("train --calibration-fraction 0.25 --order day", data, QUICK, ordered).ok();
    int last = -1;
    for (String split : List.of("train", "valid", "calibration", "test")) {
      List<Integer> days =
          rows(ordered, split).stream().map(row -> Integer.parseInt(cells(row)[1])).toList();
      int before = last;
      assertTrue(days.stream().allMatch(day -> day > before), split);
      last = days.stream().max(Integer::compare).get();
    }
  }

  private static String[] cells(int row) {
    try {
      return Files.readAllLines(data).get(row + 1).split(",");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void calibrateAndDecideTakeThem() {
    for (String command : List.of("calibrate", "decide --even-if-worse --costs " + costs())) {
      Run fitted = Run.line(command, "--json", run, "--out", directory.resolve("fitted.npz")).ok();
      Map<String, Object> event = fitted.json();
      assertEquals("calibration", event.get("split"), command);
      Run.line(command, run, "--out", directory.resolve("fitted.npz"))
          .ok("train 121, valid 14, calibration 45 rows");
      assertEquals(45, ((Number) event.get("rows")).intValue(), command);
      assertFalse(fitted.err().contains("measure it too kindly"), fitted.err());
      Run other = Run.line(command, run, "--split test --out", directory.resolve("other.npz"));
      assertContains(other.ok().err(), "train --calibration-fraction keeps rows for it");
    }
  }

  /** A calibrated copy of the model still has its kept rows: beside the run, and with --data. */
  @Test
  void aSavedModelTakesThemToo() throws IOException {
    Path beside = run.resolve("calibrated.npz");
    Path apart = directory.resolve("apart.npz");
    Model model = Model.load(run.resolve("nn_model.npz"));
    for (Path file : List.of(beside, apart)) {
      model.withCalibration(Optional.of(Calibration.temperature(2))).save(file);
    }
    Path out = directory.resolve("again.npz");
    for (String line : List.of("calibrate " + beside, "calibrate " + apart + " --data " + data)) {
      Run.line(line + " --json --out", out).ok("\"split\":\"calibration\",\"rows\":45");
    }
    Run other = Run.line("calibrate --json", apart, "--data", data, "--split test --out", out);
    other.ok("\"split\":\"test\"");
  }

  private static Path costs() {
    try {
      return Files.writeString(
          directory.resolve("costs.csv"), "true,k0,k1,k2\nk0,0,1,1\nk1,2,0,1\nk2,1,1,0\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Rows that are trained on do not depend on a test file, nor do those that are kept. */
  @Test
  void besideOtherFilesAndInArrays() throws IOException {
    Path test = Files.copy(data, directory.resolve("test.csv"));
    Path beside = directory.resolve("beside");
    Run.line("train --calibration-fraction 0.25", data, "--test-data", test, QUICK, beside).ok();
    assertEquals(50, rows(beside, "calibration").size());
    assertEquals(200, rows(beside, "test").size());
    Path arrays = directory.resolve("arrays");
    Run.line("train data/digits.npz --calibration-fraction 0.25 --epochs 1 --out", arrays).ok();
    Model model = Model.load(arrays.resolve("nn_model.npz"));
    assertEquals("0.25 for calibration", model.division().get().rule());
    Path whole = directory.resolve("whole");
    Run.line("train data/digits.npz --epochs 1 --out", whole).ok();
    assertEquals(count(whole, "train"), count(arrays, "train") + count(arrays, "calibration"));
    assertEquals(count(whole, "test"), count(arrays, "test"));
  }

  private static int count(Path run, String split) {
    Map<String, Object> first = Run.line("evaluate --json", run, "--split", split).ok().json(0);
    return ((Number) first.get("rows")).intValue();
  }
}
