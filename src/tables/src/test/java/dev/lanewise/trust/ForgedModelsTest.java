package dev.lanewise.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.Forgeries;
import dev.lanewise.format.Forgeries.Forgery;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.model.Calibration;
import dev.lanewise.model.Coverage;
import dev.lanewise.model.DecisionRule;
import dev.lanewise.model.Model;
import dev.lanewise.model.ModelKind;
import dev.lanewise.model.internal.ModelAccess;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.ClassWeighting;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.rows.Division;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.table.ScaleOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody changes one array of a model and computes the checksum anew. What the array cannot be is
 * refused, and anything else still gives results that are ones.
 */
class ForgedModelsTest {
  private static final Recipe QUICK =
      Recipe.TABLE_FAST.with("epochs", 2).with("hidden", "4").with("members", 1);

  /**
   * What is right in an array, by the letters of {@link Forgeries}; an infinite number never is.
   * Negative numbers, other orders and repeated numbers are right where {@link #REFUSED} does not
   * say otherwise.
   */
  private static final Map<String, String> RIGHT = new LinkedHashMap<>();

  /** What else is not right in an array. */
  private static final Map<String, String> REFUSED = new LinkedHashMap<>();

  static {
    RIGHT.put("training|schema_missing|division_sample|fitted_to", "dl"); // any number of them
    RIGHT.put("schema_medians|schema_roundings", "n"); // of categories
    RIGHT.put("(target_)?scaling_range", "n"); // of categories
    RIGHT.put("schema_roundings|division_bits|division_sizes|division_folds", "d"); // may lack
    RIGHT.put("division_sizes|division_folds", "l"); // one to three, or none
    RIGHT.put("scaling|target_scaling|class_names|input_shape", "d");
    RIGHT.put("calibration|decision|coverage|class_weights|member_weights", "d");
    RIGHT.put("schema_weight.*|schema_ignored.*", "d");
    RIGHT.put("fact/profile", "d"); // the first array: there is none then
    RIGHT.put("class_names|input_shape", "l"); // of the last dimension 1
    REFUSED.put("bin_edges", "sr");
    REFUSED.put(".*scaling_(deviation|range|divisor)|calibration_(slope|temperature)", "m");
    REFUSED.put("decision_(positive|threshold)|class_weights.*", "m");
    REFUSED.put("coverage_scores", "ms");
    REFUSED.put("member_weights", "m");
    REFUSED.put(".*_counts|.*_places?|schema_(gaps|other|header|roundings)|members", "m");
    REFUSED.put("schema_(target_|ignored_)?places", "r");
    REFUSED.put("schema_columns|schema_targets|schema_notation_columns", "r");
    REFUSED.put("division_sizes", "m");
    REFUSED.put("division_sample", "s");
    REFUSED.put("fact/profile_(quantiles|results)", "s");
    REFUSED.put("fact/profile_(rows|counts)", "m");
  }

  /** What messages call arrays that are right only together. */
  private static final Pattern FACTS =
      Pattern.compile("activations for|bins: |words of bits|threshold|schema|than its weights");

  @TempDir Path directory;

  private Dataset data(String target, String scaling) throws IOException {
    List<String> rows =
        new ArrayList<>(List.of("number,colour,word,code,mass,date,id,w,currency," + target));
    for (int i = 0; i < 120; i++) {
      rows.add(
          String.join(
              ",",
              i % 9 == 0 ? "" : Integer.toString(i * 37 % 101),
              i % 10 == 0 ? "" : List.of("red", "blue", "green").get(i % 3),
              i % 2 == 0 ? "no" : "yes",
              "00" + (1 + i % 4),
              i * 7 % 50 + ".5 kg",
              "2024-%02d-%02dT%02d:30".formatted(1 + i % 12, 1 + i % 28, i % 24),
              "r" + i,
              "1",
              "EUR", // is no input, but watched
              target.equals("kind")
                  ? List.of("a", "b", "c").get(i * 7 % 11 % 3)
                  : i * i % 17 + ".5"));
    }
    Path file = Files.write(directory.resolve("t.csv"), rows);
    return Datasets.load(
        file,
        ReadOptions.defaults().withWeight("w"),
        ScaleOptions.defaults().withScale(ScaleChoice.named(scaling)));
  }

  private static Model kept(Model model, Dataset data) {
    Model fitted = ModelAccess.access().withFitted(model, List.of("decision abc test"));
    return Profile.keep(fitted, data);
  }

  /** Returns models that have all arrays together, with rows that each was trained on. */
  private Map<Model, Rows> models() throws IOException {
    Map<Model, Rows> models = new LinkedHashMap<>();
    Dataset classes = data("kind", "robust");
    Model network = QUICK.fit(classes).model();
    Model several = kept(Model.of(ModelKind.MIXED.of(network, 1).members(), 2, 1, 4), classes);
    DecisionRule costs = DecisionRule.costs(new double[][] {{0, 1, 2}, {1, 0, 2}, {3, 1, 0}});
    several = several.withWeighting(Optional.of(ClassWeighting.of(0.1, 0.5, 1, 2)));
    several = several.withCalibration(Optional.of(Calibration.temperature(1.5)));
    several = several.withRule(Optional.of(costs));
    Rows rows = classes.validation().get();
    models.put(several.withCoverage(Optional.of(CoverageScores.of(several, rows, true, 1))), rows);
    Dataset numbers = data("height", "standard");
    Model height = QUICK.fit(numbers).model();
    Division how = height.division().get().withFolds(OptionalLong.of(3), 0);
    Model regression = kept(height.withDivision(how), numbers);
    rows = numbers.validation().get();
    models.put(
        regression
            .withTraining(List.of("a=b", "c=d"))
            .withCoverage(Optional.of(CoverageScores.of(regression, rows, false, 1))),
        rows);
    double[][] x = {{0, 1}, {1, 0}, {1, 1}, {2, 3}, {3, 1}, {4, 0}};
    Rows two = Rows.of(x, new int[] {0, 1, 1, 0, 1, 0});
    Dataset plain = Dataset.of(two, two).withScaling(ScaleChoice.named("minmax"));
    Model ruled =
        Recipe.COURSE
            .with("epochs", 1)
            .with("hidden", "3")
            .fit(plain)
            .model()
            .withCalibration(Optional.of(Calibration.biased(0.5, -1)))
            .withRule(Optional.of(DecisionRule.threshold(1, 0.25)));
    models.put(ruled, plain.validation().get());
    Mlp sigmoid =
        Mlp.initial(Architecture.relu(2, List.of(3), 2), Initializer.HE, 1)
            .withLoss(Loss.SIGMOID)
            .withScaling(Scaling.divide(255))
            .withClassNames(List.of("up", "down"))
            .withInputShape(2, 1);
    Calibration platt = Calibration.platt(new double[] {0.5, 2}, new double[] {-1, 1});
    models.put(Model.of(sigmoid).withCalibration(Optional.of(platt)), two);
    return models;
  }

  private static boolean has(Map<String, String> rules, Forgery forgery) {
    return rules.entrySet().stream()
        .anyMatch(
            rule ->
                forgery.array().matches(rule.getKey())
                    && rule.getValue().indexOf(forgery.kind()) >= 0);
  }

  /** Returns whether a change must be refused. */
  private static boolean isWrong(Forgery forgery) {
    return has(REFUSED, forgery) || "nild".indexOf(forgery.kind()) >= 0 && !has(RIGHT, forgery);
  }

  @Test
  void noArrayIsBelievedThatCannotBeSo() throws IOException {
    TreeSet<String> names = new TreeSet<>();
    TreeSet<String> failures = new TreeSet<>();
    Map<Model, Rows> models = models();
    List<Map<String, NdArray>> all = new ArrayList<>();
    for (Model model : models.keySet()) {
      all.add(arrays(model));
    }
    int refused = 0;
    int taken = 0;
    for (Map.Entry<Model, Rows> entry : models.entrySet()) {
      Map<String, NdArray> arrays = arrays(entry.getKey());
      names.addAll(arrays.keySet());
      requireSane(entry.getKey(), entry.getValue());
      for (Forgery forgery : Forgeries.of(arrays, all)) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SealedNpz.write(out, forgery.arrays());
        String problem = null;
        try {
          Model model = Model.load(new ByteArrayInputStream(out.toByteArray()), "forged.npz");
          requireSane(model, entry.getValue());
          taken++;
          problem = isWrong(forgery) ? "taken" : null;
        } catch (FormatException e) {
          refused++;
          problem =
              isNamed(e.getMessage(), forgery) && e.getMessage().startsWith("forged.npz: ")
                  ? null
                  : e.getMessage();
        } catch (IllegalArgumentException e) {
          refused++;
          problem = isNamed(e.getMessage(), forgery) ? null : e.getMessage();
        } catch (ArithmeticException e) { // a result that is not finite
          refused++;
          problem = e.getMessage().startsWith("predict: row ") ? null : e.toString();
        } catch (RuntimeException | AssertionError e) {
          problem = e.toString();
        }
        if (problem != null) {
          failures.add(forgery.kind() + " " + forgery.array() + ": " + problem);
        }
      }
    }
    assertEquals("", String.join("\n", failures));
    assertTrue(refused > 1500 && taken > 500, refused + " refused, " + taken + " taken");
    for (String rule : Stream.concat(RIGHT.keySet().stream(), REFUSED.keySet().stream()).toList()) {
      assertTrue(names.stream().anyMatch(name -> name.matches(rule)), rule);
    }
  }

  /** Returns whether a message names the array, or another one that does not fit to it. */
  private static boolean isNamed(String message, Forgery forgery) {
    return forgery.arrays().keySet().stream().anyMatch(message::contains)
        || Stream.of(forgery.array().split("_"))
            .allMatch(word -> message.contains(word.replaceFirst("s$", "")))
        || FACTS.matcher(message).find();
  }

  private static Map<String, NdArray> arrays(Model model) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    model.save(out);
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    try (Npz npz = Npz.open(new ByteArrayInputStream(out.toByteArray()), "sound")) {
      for (String name : npz.names()) {
        arrays.put(name, npz.read(name));
      }
    }
    arrays.remove("lanewise");
    return arrays;
  }

  /** Fails if a result is not one: a number that is none, or a set that lacks classes. */
  private static void requireSane(Model model, Rows rows) {
    int count = rows.rows();
    float[] inputs = new float[(count + 1) * rows.features()];
    rows.copyRows(null, 0, count, inputs, 0);
    Arrays.fill(inputs, count * rows.features(), inputs.length, 1e4f); // a row like none
    double[] results = new double[(count + 1) * model.outputs()];
    model.predictor(count + 1).predictScaled(inputs, count + 1, results, null);
    for (double result : results) {
      boolean isNumber = model.loss().task().hasNumbers() || result >= 0 && result <= 1;
      assertTrue(isNumber && Double.isFinite(result), () -> "result " + result);
    }
    model.coverage().ifPresent(coverage -> requireSane(coverage, model, results));
    if (Profile.of(model).isPresent()) {
      requireSane(Profile.of(model).get());
      float[] row = Arrays.copyOf(inputs, rows.features());
      for (double part : Explainer.of(model).explain(row).get(0).contributions()) {
        assertTrue(Double.isFinite(part), () -> "contribution " + part);
      }
    }
    assertTrue(!model.toString().contains("NaN"), model::toString);
    model.division().ifPresent(d -> assertTrue(!d.toString().contains("NaN"), d::toString));
  }

  private static void requireSane(Coverage coverage, Model model, double... results) {
    Coverage.Level level = coverage.at(0.8);
    for (int row = 0; row < results.length; row += model.outputs()) {
      double[] own = Arrays.copyOfRange(results, row, row + model.outputs());
      if (coverage.isOfClasses()) {
        assertEquals(own.length, level.set(own).length);
      } else {
        assertTrue(level.low(0, own[0]) <= own[0] && level.high(0, own[0]) >= own[0]);
      }
    }
  }

  private static void requireSane(Profile profile) {
    for (ColumnProfile column : profile.columns()) {
      assertTrue(column.gapShare() >= 0 && column.gapShare() <= 1, column::name);
      double[] all = column.isCategory() ? column.shares() : column.quantiles();
      assertTrue(Arrays.stream(all).noneMatch(Double::isNaN), column::name);
    }
    assertTrue(List.of("validation", "test", "").contains(profile.heldOut()), profile::heldOut);
  }
}
