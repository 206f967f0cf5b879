package dev.lanewise.exchange;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.model.DecisionRule;
import dev.lanewise.model.Model;
import dev.lanewise.model.ModelKind;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.Schemas;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes written for models, compiled for Java 8, predict the same bits as the models. */
class JavaSourceTest {
  /** The number of rows for each activation; {@code -Dlanewise.fuzz} sets another one. */
  private static final int ROWS = Integer.getInteger("lanewise.fuzz", 10_000);

  /** Names that must neither end the comment around them nor be taken for a placeholder. */
  private static final List<String> NAMES = List.of("*/ \\u002a", "#DATA#\n#RUN#", "ä~");

  private static Mlp model(Activation activation) {
    int i = Activation.labels().indexOf(activation.label());
    Architecture layers = new Architecture(5, List.of(6, 4), 3, List.of(activation, activation));
    Loss loss = Loss.values()[i % 4];
    double[] a = {0, -3, 100, 0.1, 5};
    double[] b = {1, Double.NaN, 30, 0.7, 0};
    List<Scaling> scalings =
        List.of(
            Scaling.robust(a, b),
            Scaling.none(),
            Scaling.divide(255),
            Scaling.standardise(a, new double[] {1, 2, 30, 0.3, 0}),
            Scaling.minMax(a, new double[] {1, 2, 130, 0.3, 5}));
    float[] parameters = Mlp.initial(layers, Initializer.HE, i).parameters();
    Random random = new Random(i);
    for (int p = 0; p < parameters.length; p++) {
      parameters[p] += parameters[p] == 0 ? (float) random.nextGaussian() : 0; // a bias
    }
    Mlp model = Mlp.of(layers, parameters).withLoss(loss).withScaling(scalings.get(i % 5));
    return loss.task().scalesTargets()
        ? model.withTargetScaling(targets().get(i / 3 % 4))
        : model.withClassNames(NAMES);
  }

  private static List<Scaling> targets() {
    return List.of(
        Scaling.divide(0.3),
        Scaling.standardise(new double[] {1, -20, 0.7}, new double[] {2, 3, 0.1}),
        Scaling.none(),
        Scaling.minMax(new double[] {-1, 0, 3}, new double[] {2, 0.1, 4}));
  }

  private static URLClassLoader compiled(Path directory, List<Path> sources) throws Exception {
    Optional<ToolProvider> javac = ToolProvider.findFirst("javac");
    assumeTrue(javac.isPresent(), "no javac in this runtime");
    List<String> words = new ArrayList<>(List.of("--release", "8", "-d", directory.toString()));
    sources.forEach(source -> words.add(source.toString()));
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(said);
    assertEquals(0, javac.get().run(out, out, words.toArray(new String[0])), said::toString);
    return new URLClassLoader(new URL[] {directory.toUri().toURL()});
  }

  /** Returns a model for each activation, and models of other kinds for each loss. */
  private static List<Model> models() {
    List<Model> models = new ArrayList<>();
    Activation[] all = Activation.values();
    for (Activation activation : all) {
      models.add(Model.of(model(activation)));
    }
    for (Loss loss : Loss.values()) {
      for (int k = 1; k < ModelKind.values().length; k++) {
        int l = Loss.labels().indexOf(loss.label());
        Mlp model = model(all[(l + 2 * k) % all.length]).withLoss(loss);
        boolean isScaled = loss.task().scalesTargets() && k > 1; // of the kinds of several networks
        model = isScaled ? model.withTargetScaling(targets().get(l % 4)) : model;
        models.add(ModelKind.values()[k].of(model, k));
      }
    }
    return models;
  }

  @Test
  void bitsAreThoseOfThePredictor(@TempDir Path directory) throws Exception {
    List<Path> sources = new ArrayList<>();
    List<Model> models = models();
    for (int m = 0; m < models.size(); m++) {
      Path source = directory.resolve("Model" + m + ".java");
      models.get(m).save(source);
      assertFalse(Files.readString(source).matches("(?s).*\\b(import|java\\.util|#)\\b.*"));
      sources.add(source);
    }
    try (URLClassLoader loader = compiled(directory, sources)) {
      for (int m = 0; m < models.size(); m++) {
        compare(models.get(m), loader.loadClass("Model" + m), m);
      }
    }
  }

  private static void compare(Model model, Class<?> made, int seed) throws Exception {
    Object instance = made.getConstructor().newInstance();
    boolean areDoubles = // which a float would round
        !(model.targetScaling() instanceof Scaling.None)
            || model.loss().task().hasNumbers() && model.members().size() > 1;
    Class<?> type = areDoubles ? double[].class : float[].class;
    Method predict = made.getMethod("predict", float[].class, type);
    Method label = model.loss().task().hasClasses() ? made.getMethod("label") : null;
    Method holds = model.loss().task().hasLabels() ? made.getMethod("holds", int.class) : null;
    Random random = new Random(seed);
    float[] x = new float[5 * ROWS];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (random.nextGaussian() * (i % 7 == 0 ? 100 : 2));
    }
    double[] expected = new double[3 * ROWS];
    int[] labels = new int[3 * ROWS];
    model.predictor(512).predict(x, ROWS, expected, labels);
    float[] row = new float[5];
    Object found = areDoubles ? new double[3] : new float[3];
    for (int i = 0; i < ROWS; i++) {
      System.arraycopy(x, 5 * i, row, 0, 5);
      predict.invoke(instance, row, found);
      for (int k = 0; k < 3; k++) {
        double result = Array.getDouble(found, k);
        double exact = areDoubles ? expected[3 * i + k] : (float) expected[3 * i + k];
        if (Double.doubleToLongBits(exact) != Double.doubleToLongBits(result)) {
          assertEquals(exact, result, model + ", row " + i);
        }
        if (holds != null && labels[3 * i + k] == 1 != (boolean) holds.invoke(instance, k)) {
          fail(model + ", row " + i + ", output " + k);
        }
      }
      if (label != null && labels[i] != (int) label.invoke(instance)) {
        fail(model + ", row " + i);
      }
    }
  }

  /** The costs of 120 classes are too many for the code of a method. */
  @Test
  void costsOfManyClassesCompile(@TempDir Path directory) throws Exception {
    Random random = new Random(3);
    double[][] costs = new double[120][];
    for (int t = 0; t < costs.length; t++) {
      costs[t] = random.doubles(costs.length, 0, 9).toArray();
    }
    Model model =
        Model.of(Mlp.initial(Architecture.relu(3, List.of(4), 120), Initializer.HE, 1))
            .withRule(Optional.of(DecisionRule.costs(costs)));
    Path source = directory.resolve("Many.java");
    model.save(source);
    assumeTrue(ToolProvider.findFirst("javac").isPresent(), "no javac in this runtime");
    Comparison found = Comparison.of(source, model, new double[] {1, -2, 0.5}).orElseThrow();
    assertEquals(0, found.largest());
    assertEquals(0, found.changed());
  }

  @Test
  void constantsOfMoreThanOneString(@TempDir Path directory) throws Exception {
    Mlp network = Mlp.initial(Architecture.relu(300, List.of(500), 10), Initializer.HE, 1);
    Model model = Model.of(network);
    Path source = directory.resolve("Large.java");
    model.save(source);
    double[] x = new double[300];
    x[7] = 3;
    assumeTrue(ToolProvider.findFirst("javac").isPresent(), "no javac in this runtime");
    Comparison found = Comparison.of(source, model, x).orElseThrow();
    assertEquals(0, found.largest());
    Model other = Model.of(network.withParameters(new float[model.parameterCount()]));
    assertTrue(Comparison.of(source, other, x).orElseThrow().largest() > 0);
  }

  /** The comment names inputs and results in ASCII, because a compiler may assume any encoding. */
  @Test
  void theCommentNamesInputsAndResults() {
    Model numbers = Model.of(Mlp.initial(Architecture.relu(5, List.of(), 2), Initializer.HE, 1));
    assertTrue(words(numbers).contains("Inputs: 5 features. Results: 2 probabilities."));
    assertTrue(words(numbers.withLoss(Loss.HUBER)).contains(" Results: 2 numbers."));
    Schema schema =
        Schemas.of(
            new NumberColumn("#OUT#", 0, 1, true),
            new CategoryColumn("größe", 1, List.of("<p>", "a", "b"), false, false));
    assertTrue(
        words(numbers.withSchema(schema).withClassNames(NAMES.subList(1, 3)))
            .contains(
                "Inputs: #OUT#, #OUT# missing, gr\\u00f6\\u00dfe=?p?, gr\\u00f6\\u00dfe=a,"
                    + " gr\\u00f6\\u00dfe=b. Results: #DATA#?#RUN#, \\u00e4~."));
  }

  private static String words(Model model) {
    return JavaSource.of(model, "A.java").replaceAll("\\s+(\\* )?", " ");
  }

  @Test
  void noLineIsLongerThanPeopleRead() {
    Model model = Model.of(Mlp.initial(Architecture.relu(30, List.of(30), 10), Initializer.HE, 1));
    List<String> data =
        JavaSource.of(model, "A.java").lines().filter(line -> line.contains("\"")).toList();
    int characters = (model.parameterCount() * 32 + 5) / 6;
    assertEquals((characters + 89) / 90, data.size());
    assertTrue(data.stream().allMatch(line -> line.length() <= 102), data::toString);
  }

  @Test
  void namesAndSizesThatWillNotDoAreRefused() {
    Model large =
        Model.of(Mlp.initial(Architecture.relu(2000, List.of(1000), 2), Initializer.HE, 1));
    rejects(() -> JavaSource.of(large, "A.java"), "2003002 parameters, expected at most 2000000");
    Model most = Model.of(Mlp.initial(Architecture.relu(1999, List.of(), 1000), Initializer.HE, 1));
    assertTrue(JavaSource.of(most, "A.java").contains("new float[2000000];"));
    Model small = Model.of(model(Activation.RELU));
    for (String name : List.of("my-model.java", "1.java", ".java")) {
      assertThrows(IllegalArgumentException.class, () -> JavaSource.of(small, name));
    }
  }
}
