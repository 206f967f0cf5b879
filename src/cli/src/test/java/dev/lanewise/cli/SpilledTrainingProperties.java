package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.cli.RandomTable.Style;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.FormatException;
import dev.lanewise.model.Model;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.LoadOptions;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.table.ScaleOptions;
import dev.lanewise.terminal.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterTry;

/** A table trains to the same bits in memory and in files, and fails with the same messages. */
class SpilledTrainingProperties extends InDirectory {
  private static final String MEMORY = "lanewise.memory";

  @AfterTry
  void useUsualMemory() {
    System.clearProperty(MEMORY);
  }

  private Run run(List<String> options, String... more) {
    Run run =
        Run.line(
            "train --hidden 6 --force --schedule-epochs 3 --checkpoint-every 1e-9 --out",
            out(),
            options,
            more);
    assertSaved(run);
    return run;
  }

  /** Checks that the run succeeded, or failed only because a result is not a finite number. */
  private static void assertSaved(Run run) {
    boolean unfit = run.err().contains("expected a finite number (are its rows unlike those");
    assertEquals(unfit ? Problem.FAILED : 0, run.code(), run.err());
  }

  private Path out() {
    return directory.resolve("run");
  }

  /** Checks the model and everything that was found out about the data. */
  private void assertTrained(Model expected, String what) throws IOException {
    Model found = Model.load(out().resolve("nn_model.npz"));
    assertEquals(expected.sha256(), found.sha256(), what);
    assertEquals(expected.checksum(), found.checksum(), what);
  }

  private static boolean says(Run run, String words) {
    return run.lines().stream().anyMatch(line -> line.contains(words));
  }

  @Property(tries = 4)
  void oneDigestWhereverTheRowsAre(@ForAll Random random) throws IOException {
    RandomTable table = RandomTable.training(random, 60 + random.nextInt(60));
    boolean zipped = random.nextInt(4) == 0;
    Style style = Style.random(random);
    Path file = table.write(directory.resolve(zipped ? "all.csv.gz" : "all.csv"), style);
    List<String> options = new ArrayList<>(List.of("--data", file.toString()));
    options.addAll(List.of("--target", RandomTable.TARGET, "--seed", "" + random.nextInt(100)));
    options.addAll(List.of("--scale", pick(random, "auto", "none", "standard", "minmax", "255")));
    for (String name : List.of("valid-data", "test-data")) {
      if (random.nextInt(3) == 0) {
        Path other = directory.resolve(name + ".csv");
        table.fresh(random, 1 + random.nextInt(40)).write(other, Style.PLAIN);
        options.addAll(List.of("--" + name, other.toString()));
      }
    }
    boolean classes = table.rows().get(0).get(table.column(RandomTable.TARGET)) instanceof String;
    boolean divided = !options.contains("--valid-data") || !options.contains("--test-data");
    if (classes && divided && random.nextBoolean()) {
      options.add("--stratified");
    }
    run(options, "--epochs", "2", "--threads", "1");
    Model shorter = Model.load(out().resolve("nn_model.npz"));
    boolean isElsewhere = random.nextBoolean();
    Path folder = isElsewhere ? directory.resolve("cache") : file.getParent();
    if (isElsewhere) {
      options.addAll(List.of("--cache", folder.toString()));
    }
    run(options, "--epochs", "3", "--threads", "2");
    Model longer = Model.load(out().resolve("nn_model.npz"));

    System.setProperty(MEMORY, "" + random.nextInt(2000));
    Run spilled = run(options, "--epochs", "2", "--threads", "1");
    assertTrained(shorter, "in files");
    String place = isElsewhere ? "in " + folder : "beside " + file;
    String note = "Larger than memory: the encoded rows are in a file " + place + " for this run";
    assertTrue(says(spilled, note), spilled.out());
    assertSaved(Run.line("train --resume --out", out(), "--epochs 3"));
    assertTrained(longer, "resumed");
    assertNoRests(folder);
  }

  private static String pick(Random random, String... words) {
    return words[random.nextInt(words.length)];
  }

  private static void assertNoRests(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          List.of(), files.filter(f -> f.toString().matches(".*[.](tmp|lanewise)")).toList());
    }
  }

  @Property(tries = 40)
  void oneErrorWhereverTheRowsAre(@ForAll Random random) throws IOException {
    RandomTable table = RandomTable.training(random, 60 + random.nextInt(40));
    List<String> lines = new ArrayList<>(table.csv(Style.PLAIN).lines().toList());
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      int at = 1 + random.nextInt(lines.size() - 1);
      String[] cells = lines.get(at).split(",", -1);
      cells[random.nextInt(cells.length)] = pick(random, "oops", "1,2", "", "1e300", "\"a", "7");
      lines.set(at, String.join(",", cells));
    }
    Path file = Files.write(directory.resolve("wrong.csv"), lines);
    DivisionOptions division = DivisionOptions.defaults().withSeed(random.nextInt(9));
    ScaleChoice scale = ScaleChoice.named(pick(random, "auto", "none", "standard", "minmax"));
    ScaleOptions scaling = ScaleOptions.defaults().withScale(scale);
    ReadOptions reading = ReadOptions.defaults().withThreads(1 + random.nextInt(2));
    String expected = outcome(file, division, scaling, reading);
    System.setProperty(MEMORY, "" + random.nextInt(2000));
    assertEquals(expected, outcome(file, division, scaling));
    assertNoRests(directory);
  }

  private static String outcome(Path file, LoadOptions... options) throws IOException {
    try {
      return Datasets.load(file, options).toString();
    } catch (FormatException e) {
      return e.getMessage();
    }
  }
}
