package dev.lanewise.exchange;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.NdArray;
import dev.lanewise.model.Model;
import dev.lanewise.model.ModelKind;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.Schemas;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that differ from a model, and the differences that a comparison finds. */
class ComparisonTest extends GraphText {
  private static final NumberColumn NUMBER = new NumberColumn("n", 1, Double.NaN, false);
  private static final NumberColumn GAPS = new NumberColumn("g", 2, 7, true);
  private static final CategoryColumn WORDS =
      new CategoryColumn("c", 0, List.of("a", "b"), true, true);

  @TempDir private Path folder;

  /** Writes the graph of a text from one column to y. */
  private Path written(String text) throws IOException {
    nodes.clear();
    graph(text);
    return write(onnx(1, "y"), folder);
  }

  /**
   * A result that is not a number counts as infinitely different, whatever the rows after it give.
   */
  @Test
  void noNumberIsNoAgreement() throws IOException {
    Model model =
        Model.of(Mlp.of(Architecture.relu(1, List.of(), 1), new float[] {1, 0}).withLoss(Loss.MSE));
    constants.put("W", NdArray.of(new float[] {1}, 1, 1));
    Path file = written("a = Gemm x W; y = Sqrt a");
    Comparison found = Comparison.of(file, model, new double[] {-1, 4});
    assertEquals(2, found.rows());
    assertEquals(Double.POSITIVE_INFINITY, found.largest());
    found = Comparison.of(file, model, new double[] {1, 4});
    assertEquals(new Comparison(2, 2, 2 / 0x1p-21, 4, 0, 1), found);
  }

  @Test
  void rowsOfAnotherLikeliestClassAreCounted() throws IOException {
    Mlp network = linear(1, 3, Scaling.none()).withParameters(new float[] {0, 0, 0, 3, 2, 1});
    Model model = Model.of(network);
    Path file = folder.resolve("classes.onnx");
    Model.of(network.withParameters(new float[] {0, 0, 0, 3, 1, 2})).save(file);
    assertEquals(0, Comparison.onDrawn(file, model).changed());
    Model.of(network.withParameters(new float[] {0, 0, 0, 2, 3, 1})).save(file);
    assertEquals(1000, Comparison.onDrawn(file, model).changed());
  }

  /** A result beyond float, which a model refuses, is infinite in a graph. */
  @Test
  void resultsThatNoneHasAgree() throws IOException {
    Mlp network =
        Mlp.of(Architecture.relu(1, List.of(), 1), new float[] {3e38f, 0})
            .withLoss(Loss.MSE)
            .withScaling(Scaling.none());
    Model numbers = Model.of(network);
    Path file = folder.resolve("large.onnx");
    numbers.save(file);
    double[] x = {1, 10};
    assertEquals(new Comparison(2, 0, 0, 3e38f, 0, 0), Comparison.of(file, numbers, x));
    Model small = Model.of(network.withParameters(new float[] {3e37f, 0}));
    assertTrue(Comparison.of(file, small, x).largest() > 1e39);
    small.save(file);
    assertEquals(Double.POSITIVE_INFINITY, Comparison.of(file, numbers, x).largest());
  }

  /** A graph may end with the sums or with the outputs that the loss computes from them. */
  @Test
  void theEndOfAGraphMayBeWithoutItsLoss() throws IOException {
    Mlp plain = Mlp.of(Architecture.relu(1, List.of(), 2), new float[] {1, -2, 0.5f, 0});
    constants.put("W", NdArray.of(new float[] {1, -2}, 1, 2));
    floats("b", 0.5f, 0);
    for (Loss loss : List.of(Loss.SOFTMAX, Loss.SIGMOID)) {
      Model model = Model.of(plain.withLoss(loss).withScaling(Scaling.none()));
      String function = loss.task().outputFunction().operator();
      for (String end : List.of("y = Identity a", "y = # a", "p = # a; y = Identity p")) {
        Path file = written("a = Gemm x W b; " + end.replace("#", function));
        assertEquals(model, Model.load(file).withLoss(loss));
        Comparison found = Comparison.onDrawn(file, model);
        assertEquals(0, found.largest(), 1e-6, loss + " " + end);
      }
    }
  }

  /** Returns a schema of columns with 7 inputs, followed by more columns. */
  private static Schema schema(Column... more) {
    List<Column> columns = new ArrayList<>(List.of(WORDS, NUMBER, GAPS));
    columns.addAll(List.of(more));
    return Schemas.of(List.of(), '.', columns.toArray(new Column[0]));
  }

  @Test
  void graphsOfOursAgree() throws IOException {
    double[] a = {0, 0, 0, 0, 100, 50, 0};
    double[] b = {1, 1, 1, 1, 10, 0, 1};
    double[] none = new double[7];
    Arrays.fill(none, Double.NaN);
    double[] some = none.clone();
    some[4] = 10;
    double[] most = {1, 1, 1, 1, 200, 50, 1};
    List<Scaling> scalings =
        List.of(
            Scaling.none(),
            Scaling.divide(3),
            Scaling.standardise(a, b),
            Scaling.minMax(a, most),
            Scaling.robust(a, b),
            Scaling.robust(a, some),
            Scaling.robust(a, none));
    double[] c = {1, 2};
    List<Scaling> targets =
        List.of(
            Scaling.none(),
            Scaling.divide(3),
            Scaling.standardise(c, new double[] {3, 0.1}),
            Scaling.minMax(c, new double[] {3, 7}));
    Path file = folder.resolve("ours.onnx");
    for (Scaling scaling : scalings) {
      Model numbers =
          Model.of(Mlp.initial(Architecture.relu(7, List.of(3), 2), Initializer.HE, 1))
              .withScaling(scaling);
      for (Model model : List.of(numbers, numbers.withSchema(schema()))) {
        Scaling target = targets.get(scalings.indexOf(scaling) % targets.size());
        Model all = model.withLoss(Loss.MSE).withTargetScaling(target);
        all.save(file);
        Comparison found = Comparison.onDrawn(file, all);
        assertTrue(found.largestResult() > 0);
        assertEquals(0, found.largest(), 1e-5 * found.largestResult(), scaling + " " + target);
      }
    }
  }

  /** Numbers with gaps, words and dates give one result in every format that holds the model. */
  @ParameterizedTest
  @EnumSource
  void everyKindOfModelAgrees(ModelKind kind) throws IOException {
    Column date =
        new DateColumn(
            new NumberColumn("d", 3, 18_000, false),
            new CategoryColumn("d month", 3, List.of("01", "02"), false, false),
            new CategoryColumn("d weekday", 3, List.of("1", "2"), false, false));
    Scaling target = Scaling.standardise(new double[] {1, 2}, new double[] {3, 0.1});
    Schema schema = schema(date);
    double[] mean = new double[schema.inputs()];
    double[] deviation = new double[schema.inputs()];
    Arrays.fill(deviation, 0.7);
    mean[4] = 100;
    deviation[4] = 10;
    mean[7] = 18_000; // days
    deviation[7] = 1000;
    for (Loss loss : List.of(Loss.SOFTMAX, Loss.SIGMOID, Loss.MAE)) {
      Model one =
          Model.of(
                  Mlp.initial(Architecture.relu(mean.length, List.of(3), 2), Initializer.HE, 1)
                      .withLoss(loss)
                      .withScaling(Scaling.standardise(mean, deviation)))
              .withSchema(schema);
      one = loss == Loss.MAE ? one.withTargetScaling(target) : one;
      Model model = kind.of(one, Loss.labels().indexOf(loss.label()));
      agrees(model, "a.npz", 0);
      agrees(model, "a.onnx", 1e-5);
      if (model.members().size() == 1 && model.bins().isEmpty()) {
        agrees(model, "a.safetensors", 0);
      } else {
        rejects(() -> model.save(folder.resolve("a.safetensors")), "one network without bins");
      }
    }
  }

  private void agrees(Model model, String name, double tolerance) throws IOException {
    Path file = folder.resolve(name);
    model.save(file);
    assertEquals(model, Model.load(file));
    Comparison found = Comparison.onDrawn(file, model);
    assertEquals(0, found.largest(), tolerance, name + " " + model);
    assertEquals(0, found.changed() + found.beyond(), found + " " + model);
  }

  /**
   * Returns the share of the drawn rows in which an input is between two numbers. It counts the
   * rows for which two files predict another class: one file does so above the lower number, the
   * other above the upper number.
   */
  private double share(Model model, int input, double from, double to) throws IOException {
    Mlp network = model.members().get(0);
    double share = 0;
    for (double above : new double[] {from, to}) {
      float[] parameters = new float[model.parameterCount()];
      Model never = Model.of(network.withParameters(parameters));
      parameters[2 * input + 1] = 1;
      parameters[parameters.length - 1] = (float) -above;
      Path file = folder.resolve("other.npz");
      Model.of(network.withParameters(parameters)).save(file);
      Comparison found = Comparison.onDrawn(file, never);
      assertEquals(1000, found.rows());
      share += (above == from ? found.changed() : -found.changed()) / 1000.0;
    }
    return share;
  }

  private static Mlp linear(int inputs, int classes, Scaling scaling) {
    return Mlp.initial(Architecture.relu(inputs, List.of(), classes), Initializer.HE, 0)
        .withScaling(scaling);
  }

  @Test
  void rowsAreDrawnOverTheRangeOfTheScaling() throws IOException {
    double[] a = {-5, 100};
    double[] b = {3, 0.1};
    for (Scaling scaling :
        List.of(Scaling.none(), Scaling.standardise(a, b), Scaling.robust(a, b))) {
      for (int i = 0; i < 2; i++) {
        assertEquals(1, share(Model.of(linear(2, 2, scaling)), i, -2.001, 2.001));
        assertEquals(0.25, share(Model.of(linear(2, 2, scaling)), i, -2.001, -1), 0.05);
        assertEquals(0.25, share(Model.of(linear(2, 2, scaling)), i, 1, 2.001), 0.05);
      }
    }
    for (Scaling scaling : List.of(Scaling.divide(255), Scaling.minMax(a, new double[] {4, 101}))) {
      for (int i = 0; i < 2; i++) {
        assertEquals(1, share(Model.of(linear(2, 2, scaling)), i, -0.001, 1.001));
        assertEquals(0.25, share(Model.of(linear(2, 2, scaling)), i, 0.75, 1.001), 0.05);
      }
    }
    // Numbers that no float holds are drawn as 0.
    Model large =
        Model.of(linear(1, 2, Scaling.standardise(new double[] {0}, new double[] {1e39})));
    assertEquals(0.83, share(large, 0, -0.001, 0.001), 0.05);
    assertEquals(1, share(large, 0, -0.35, 0.35));
  }

  @Test
  void rowsOfATableHaveWhatItsColumnsTake() throws IOException {
    List<String> months =
        IntStream.rangeClosed(1, 12).mapToObj(month -> "%02d".formatted(month)).toList();
    List<String> days = List.of("1", "2", "3", "4", "5", "6", "7");
    Schema schema =
        schema(
            new DateColumn(
                new NumberColumn("d", 3, 10_000, false),
                new CategoryColumn("d month", 3, months, false, false),
                new CategoryColumn("d weekday", 3, days, false, false)),
            new CategoryColumn("one", 4, List.of("only"), false, false));
    double[] mean = new double[schema.inputs()];
    double[] deviation = new double[schema.inputs()];
    Arrays.fill(deviation, 1);
    mean[4] = 100;
    deviation[4] = 10;
    mean[5] = 50;
    deviation[5] = 5;
    mean[7] = 10_000;
    deviation[7] = 2000;
    Model model =
        Model.of(linear(schema.inputs(), 2, Scaling.standardise(mean, deviation)))
            .withSchema(schema);
    for (int i = 0; i < 4; i++) { // a, b, words unknown to training, and gaps
      assertEquals(0.25, share(model, i, 0.5, 1.5), 0.05);
    }
    assertEquals(1, share(model, 4, -2.001, 2.001));
    assertEquals(0.25, share(model, 4, 1, 2.001), 0.05);
    assertEquals(0.1, share(model, 6, 0.5, 1.5), 0.03);
    assertEquals(share(model, 6, 0.5, 1.5), share(model, 5, -9, -8), 0.001); // the median
    assertEquals(1, share(model, 7, -2.001, 2.001));
    assertEquals(0.45, share(model, 7, 0, 2.001), 0.04); // a tenth is missing: the median
    assertEquals(0.085, share(model, 8, 0.5, 1.5), 0.03);
    assertEquals(0.143, share(model, 20, 0.5, 1.5), 0.03);
  }

  /**
   * Rows are compared with their exact numbers, not with the rounded numbers that a graph takes.
   */
  @Test
  void numbersThatAGraphRoundsAreSeen() throws IOException {
    Map<String, Object> row = Map.of("n", 16777217.0, "c", 0.1);
    Path file = folder.resolve("table.onnx");
    for (double rounding : new double[] {Double.NaN, 0}) { // unknown, or declared as exact
      Schema schema =
          Schemas.of(
              new NumberColumn("n", 0, Double.NaN, false, rounding),
              new CategoryColumn("c", 1, List.of("0.1", "0.5"), false, false));
      Model model =
          Model.of(
                  Mlp.of(Architecture.relu(2, List.of(), 1), new float[] {1, 10, 0})
                      .withLoss(Loss.MSE))
              .withSchema(schema)
              .withScaling(Scaling.standardise(new double[] {1 << 24, 0}, new double[] {1, 1}));
      model.save(file);
      Comparison found = Comparison.of(file, model, List.of(row));
      assertEquals(rounding == 0 ? 1 : 0, found.largest());
      assertEquals(rounding != 0, found.agrees());
      boolean isWide = Onnx.read(file).inputs().get(0).type() == Onnx.DOUBLE;
      assertEquals(rounding != 0, isWide);
    }
  }

  /** A graph receives categories as a file spells them, not as they are stored. */
  @Test
  void spellingsThatAGraphDoesNotKnowAreSeen() throws IOException {
    for (boolean byDigits : new boolean[] {false, true}) {
      Model model =
          Model.of(
                  Mlp.of(Architecture.relu(3, List.of(), 1), new float[] {1, 10, 100, 0})
                      .withLoss(Loss.MSE)
                      .withScaling(Scaling.none()))
              .withSchema(
                  Schemas.of(
                      new CategoryColumn(
                          "zip",
                          0,
                          List.of(byDigits ? "007" : "7", "501"),
                          true,
                          false,
                          byDigits)));
      Path file = folder.resolve("zip.onnx");
      model.save(file);
      for (String zip : List.of("007", "7", "7.0", " 501", "501.0", "x", "")) {
        Comparison found = Comparison.of(file, model, List.of(Map.of("zip", zip)));
        assertTrue(found.agrees(), zip + " " + byDigits + " " + found);
      }
      Comparison found = Comparison.of(file, model, List.of(Map.of("zip", "+501")));
      assertEquals(1, found.beyond());
    }
  }

  /** Drawn rows do not reach clips at 20 and above; given rows may. */
  @Test
  void givenRowsTellWhatDrawnOnesDoNot() throws IOException {
    Mlp model = Mlp.of(Architecture.relu(1, List.of(1), 1), new float[] {1, 0, 1, 0});
    Model numbers = Model.of(model.withLoss(Loss.MSE).withScaling(Scaling.none()));
    constants.put("W", NdArray.of(new float[] {1}, 1, 1));
    floats("zero", 0);
    for (double bound : new double[] {20, 1e5, 1e30}) {
      floats("bound", (float) bound);
      Path file = written("a = Gemm x W; b = Clip a zero bound; y = Gemm b W");
      assertTrue(Comparison.onDrawn(file, numbers).agrees());
      Comparison found = Comparison.of(file, numbers, new double[] {10, -1e6, 1e6});
      assertEquals(bound == 1e30 ? 0 : 1, found.beyond(), found.toString());
    }
  }

  /** Inputs of 10^6 that cancel each other in a hidden sum leave only rounding errors. */
  @Test
  void whatRoundingDoesIsNoDifference() throws IOException {
    Mlp model =
        Mlp.initial(
                new Architecture(
                    50, List.of(100, 100), 3, List.of(Activation.TANH, Activation.TANH)),
                Initializer.HE,
                3)
            .withScaling(Scaling.none());
    Path file = folder.resolve("tanh.onnx");
    double[] sizes = {1e6, 1e4, 10, 1e-6};
    double[] rows = new Random(1).doubles(48 * 50L, -1, 1).toArray();
    Arrays.setAll(rows, i -> rows[i] * sizes[i / 50 % sizes.length]);
    for (Loss loss : List.of(Loss.SOFTMAX, Loss.SIGMOID, Loss.MSE)) { // each output function
      Model.of(model.withLoss(loss)).save(file);
      Comparison found = Comparison.of(file, Model.of(model.withLoss(loss)), rows);
      assertTrue(found.agrees(), found.toString());
      float[] other = model.parameters();
      other[other.length - 1] += 0.01f; // a bias
      found = Comparison.of(file, Model.of(model.withLoss(loss).withParameters(other)), rows);
      assertTrue(found.beyond() > 5, found.toString());
    }
  }
}
