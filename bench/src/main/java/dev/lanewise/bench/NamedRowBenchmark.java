package dev.lanewise.bench;

import dev.lanewise.model.Model;
import dev.lanewise.model.TablePredictor;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.table.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures predictions of a row whose columns are set by name, with one network and with several
 * that are averaged, of the sizes that the preset for tables has.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 5,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Dlanewise.kernels=vector"})
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class NamedRowBenchmark {
  private static final int NUMBERS = 8;
  private static final int WORDS = 6;
  private static final int ROWS = 400;

  /** Number of networks. */
  @Param({"1", "3", "6"})
  public int members;

  /** Whether each network also sees the numbers in bins. */
  @Param({"false", "true"})
  public boolean binned;

  private TablePredictor predictor;
  private final String[] names = new String[NUMBERS + WORDS];
  private final double[] numbers = new double[NUMBERS];
  private final String[] words = new String[WORDS];
  private double[] probabilities; // [classes]

  /** Trains the networks for one epoch, and checks that their predictions are averaged. */
  @Setup
  public void prepare() throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < ROWS; i++) {
      Map<String, Object> row = new LinkedHashMap<>();
      for (int c = 0; c < NUMBERS + WORDS; c++) {
        names[c] = "column " + c;
        row.put(names[c], c < NUMBERS ? random.nextGaussian() : "word" + random.nextInt(4));
      }
      row.put("target", random.nextBoolean());
      rows.add(row);
    }
    Map<String, Object> first = rows.get(0);
    for (int c = 0; c < names.length; c++) {
      if (c < NUMBERS) {
        numbers[c] = (Double) first.get(names[c]);
      } else {
        words[c - NUMBERS] = (String) first.get(names[c]);
      }
    }
    Model model =
        Recipe.TABLE
            .with("members", members)
            .with("binnedMembers", binned ? members : 0)
            .with("epochs", 1)
            .fit(Table.of(rows).withTarget("target"))
            .model();
    predictor = model.tablePredictor();
    probabilities = new double[model.outputs()];
    double expected = model.tablePredictor().predict(first).value(0, 0);
    double found = predict()[0];
    if (found != expected) {
      throw new AssertionError("probability " + found + ", expected " + expected);
    }
  }

  /**
   * Sets all columns of a row and predicts it.
   *
   * @return the probabilities, so that they are not optimised away
   */
  @Benchmark
  public double[] predict() {
    for (int c = 0; c < NUMBERS; c++) {
      predictor.set(names[c], numbers[c]);
    }
    for (int c = 0; c < WORDS; c++) {
      predictor.set(names[NUMBERS + c], words[c]);
    }
    predictor.predict(probabilities);
    return probabilities;
  }
}
