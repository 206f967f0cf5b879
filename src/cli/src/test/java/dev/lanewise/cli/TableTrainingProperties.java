package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.lanewise.cli.RandomTable.Style;
import dev.lanewise.model.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * A table trains to the same bits however it is written and whatever its ignored columns contain.
 */
class TableTrainingProperties extends InDirectory {

  private Model train(Path file, List<String> options, String... more) throws IOException {
    Path out = directory.resolve("run");
    Run run =
        Run.line(
                "train --data %s --out %s --force --hidden 6 --epochs 2 --checkpoint-every 0 --quiet",
                file, out, options, more)
            .ok();
    Model model = Model.load(out.resolve("nn_model.npz"));
    assertEquals("Weights sha256 " + model.sha256(), run.lines().get(run.lines().size() - 1));
    return model;
  }

  private static void assertSame(Model expected, Model found, String what) {
    assertEquals(expected.sha256(), found.sha256(), what);
    assertEquals(expected.division(), found.division(), what);
    assertEquals(expected.scaling(), found.scaling(), what);
    assertEquals(expected.classNames(), found.classNames(), what);
    assertEquals(
        expected.schema().orElseThrow().inputNames(),
        found.schema().orElseThrow().inputNames(),
        what);
  }

  @Property(tries = 3)
  void oneDigestForATable(@ForAll Random random) throws IOException {
    int rows = 60 + random.nextInt(60);
    RandomTable table = RandomTable.training(random, rows);
    List<String> options = new ArrayList<>(List.of("--seed", "" + random.nextInt(100)));
    options.addAll(List.of("--target", RandomTable.TARGET));
    boolean classes = table.rows().get(0).get(table.column(RandomTable.TARGET)) instanceof String;
    if (classes && random.nextBoolean()) {
      options.add("--stratified");
    }
    Path plain = table.write(directory.resolve("plain.csv"), Style.PLAIN);
    Model expected = train(plain, options, "--threads", "1");

    assertSame(expected, train(plain, options, "--threads", "2"), "two threads");
    assertSame(expected, train(plain, options, "--threads", "3"), "three threads");
    for (String name : List.of("other.csv", "other.csv.gz", "other")) {
      Style style = Style.random(random);
      Path other = table.write(directory.resolve(name), style);
      assertSame(expected, train(other, options, "--threads", "2"), name + " " + style);
    }

    // These columns are ignored because they are named, are constant, or are words that all differ.
    RandomTable wide = table;
    List<?> noise = IntStream.range(0, rows).mapToObj(i -> random.nextGaussian()).toList();
    List<?> words = IntStream.range(0, rows).mapToObj(i -> "row " + i).toList();
    List<?> constant = Collections.nCopies(rows, 7L);
    wide = wide.with(random.nextInt(wide.columns().size() + 1), "noise", noise);
    wide = wide.with(random.nextInt(wide.columns().size() + 1), "names", words);
    wide = wide.with(random.nextInt(wide.columns().size() + 1), "constant", constant);
    wide = wide.with(random.nextInt(wide.columns().size() + 1), "more", words);
    // The target may be anywhere among the features.
    List<String> names = new ArrayList<>(wide.columns());
    names.remove(RandomTable.TARGET);
    names.add(random.nextInt(names.size() + 1), RandomTable.TARGET);
    wide = wide.withColumns(names);
    options.addAll(List.of("--ignore", "noise,more"));
    Style style = Style.random(random);
    Path other = wide.write(directory.resolve("wide.csv"), style);
    assertSame(expected, train(other, options), "ignored columns, " + style);

    // Another order of the rows changes the weights.
    RandomTable changed = table.withRows(reversed(rows));
    other = changed.write(directory.resolve("changed.csv"), Style.PLAIN);
    assertNotEquals(expected.sha256(), train(other, options.subList(0, 4)).sha256());
  }

  private static List<Integer> reversed(int rows) {
    return IntStream.range(0, rows).mapToObj(i -> rows - 1 - i).toList();
  }
}
