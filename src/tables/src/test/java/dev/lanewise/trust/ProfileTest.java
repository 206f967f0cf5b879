package dev.lanewise.trust;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.format.NdArray;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Scaling;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.rows.Schema;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.DivisionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what a model keeps of its training rows. */
class ProfileTest {
  private static final Recipe QUICK =
      Recipe.TABLE_FAST.with("epochs", 1).with("hidden", "4").with("members", 1);
  private static final DivisionOptions ALL =
      DivisionOptions.defaults().withSplitSizes(List.of(1.0));

  @TempDir Path directory;

  /** Numbers 0 to 98 with gaps in two rows, colours, two words, dates, and a target. */
  private static List<String> rows(String target) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 101; i++) {
      String number = i < 99 ? Integer.toString(i) : "";
      String colour = i == 50 ? "violet" : i % 10 == 0 ? "" : i % 4 == 0 ? "red" : "blue";
      String date = "2024-%02d-%02dT%02d:30".formatted(1 + i % 12, 1 + i % 28, i % 24);
      String value = target.equals("kind") ? i % 3 == 0 ? "a" : "b" : i * i + ".5";
      rows.add(String.join(",", number, colour, i % 2 == 0 ? "no" : "yes", date, value));
    }
    return rows;
  }

  private Path file(String target, List<String> rows) throws IOException {
    String header = "number,colour,word,date," + target + "\n";
    return Files.writeString(directory.resolve("t.csv"), header + String.join("\n", rows) + "\n");
  }

  private Dataset data(String target) throws IOException {
    return Datasets.load(file(target, rows(target)), ALL);
  }

  private static Model trained(Dataset data) {
    return QUICK.fit(data).model();
  }

  @Test
  void columnsAreCounted() throws IOException {
    Dataset data = data("kind");
    Profile profile = Profile.of(trained(data), data);
    assertEquals(101, profile.rows());

    ColumnProfile number = profile.column("number");
    assertEquals(2 / 101.0, number.gapShare());
    assertEquals(49, number.median());
    double[] quantiles = number.quantiles();
    for (int i = 0; i <= 32; i++) {
      assertEquals(98 * i / 32.0, quantiles[i], 0.01);
    }
    assertEquals(99, number.histogram.count());
    assertArrayEquals(new double[0], number.shares());

    ColumnProfile colour = profile.column("colour"); // blue, red, then violet as another
    assertTrue(colour.isCategory());
    assertEquals(0, colour.quantiles().length);
    assertArrayEquals(new double[] {70 / 101.0, 20 / 101.0, 1 / 101.0}, colour.shares());
    assertEquals(10 / 101.0, colour.gapShare());
    assertTrue(Double.isNaN(colour.median()));

    assertArrayEquals(new double[] {51 / 101.0, 50 / 101.0, 0}, profile.column("word").shares());
    assertEquals(0, profile.column("date").gapShare());
    assertTrue(profile.column("date").quantiles()[0] >= 19_723); // 2024-01-01
  }

  /** The baseline is the mean of the training rows, but of numbers the median. */
  @Test
  void theBaselineIsTheMeanOfTheInputs() throws IOException {
    Dataset data = data("kind");
    Profile profile = Profile.of(trained(data), data);
    float[] baseline = profile.baseline();
    float[] inputs = new float[101 * data.features()];
    data.train().copyRows(null, 0, 101, inputs, 0);
    List<String> names = Schema.of(data).get().inputNames();
    boolean[] scaled = Schema.of(data).get().scaledInputs();
    assertEquals(names.size(), baseline.length);
    for (int j = 0; j < baseline.length; j++) {
      double sum = 0;
      for (int i = 0; i < 101; i++) {
        sum += inputs[i * baseline.length + j];
      }
      String column = names.get(j);
      float expected =
          scaled[j]
              ? data.scaling().scale(profile.column(column).median(), j)
              : (float) (sum / 101);
      assertEquals(expected, baseline[j], 1e-7, column);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"kind", "size"})
  void filesKeepIt(String target) throws IOException {
    Dataset data =
        Datasets.load(
            file(target, rows(target)),
            DivisionOptions.defaults().withSplitSizes(List.of(0.6, 0.4)));
    Model model = Profile.keep(trained(data), data);
    assertEquals(trained(data).sha256(), model.sha256());
    Path file = directory.resolve("m.npz");
    model.save(file);
    Model read = Model.load(file);
    assertEquals(model, read);
    Profile profile = Profile.of(read).orElseThrow();
    assertEquals("validation", profile.heldOut());
    assertEquals(data.validation().get().rows(), profile.heldOutRows());
    assertEquals(data.train().rows(), profile.rows());
    assertArrayEquals(Profile.of(model, data).baseline(), profile.baseline());
    assertEquals(model, profile.in(read));
    assertEquals(model, Profile.keep(read, data)); // replaces the earlier one
    Map<String, NdArray> mine = Map.of("mine", NdArray.of(new int[] {1}, 1));
    assertTrue(profile.in(read.withFurtherFacts(mine)).furtherFacts().containsKey("mine"));
  }

  /** The counts do not depend on the order of the training rows. */
  @Test
  void theOrderOfRowsDoesNotMatter() throws IOException {
    Dataset first = data("kind");
    Model model = trained(first);
    List<String> rows = rows("kind");
    Collections.shuffle(rows, new Random(5));
    Dataset second = Datasets.load(file("kind", rows), ALL);
    assertEquals(Schema.of(first), Schema.of(second));
    for (String name : List.of("profile_counts", "profile_quantiles")) {
      assertEquals(
          Profile.keep(model, first).furtherFacts().get(name).sha256(),
          Profile.keep(model, second).furtherFacts().get(name).sha256());
    }
    rows.set(7, rows.get(7).replaceFirst("^[^,]*", "1000"));
    Dataset third = Datasets.load(file("kind", rows), model, ALL);
    assertNotEquals(
        Profile.keep(model, first).furtherFacts().get("profile_quantiles").sha256(),
        Profile.keep(model, third).furtherFacts().get("profile_quantiles").sha256());
  }

  /** Half of the columns with a hundred categories, and ten classes: at most 20 KB. */
  @Test
  void thirtyColumnsTakeAtMostTwentyKilobytes() throws IOException {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    for (int c = 0; c < 30; c++) {
      text.append("column ").append(c).append(',');
    }
    text.append("target\n");
    for (int i = 0; i < 1000; i++) {
      for (int c = 0; c < 30; c++) {
        text.append(c % 2 == 0 ? random.nextGaussian() + "," : "w" + random.nextInt(120) + ",");
      }
      text.append("class ").append(i % 10).append('\n');
    }
    Path file = Files.writeString(directory.resolve("wide.csv"), text);
    Dataset data =
        Datasets.load(file, DivisionOptions.defaults().withSplitSizes(List.of(0.8, 0.2)));
    Model plain = trained(data);
    Path without = directory.resolve("without.npz");
    Path with = directory.resolve("with.npz");
    plain.save(without);
    Profile.keep(plain, data).save(with);
    long more = Files.size(with) - Files.size(without);
    assertTrue(more > 5000 && more <= 20_000, more + " bytes");
  }

  @Test
  void onlyTheTrainingDataHasAProfile() throws IOException {
    Dataset data = data("kind");
    Model model = trained(data);
    assertEquals("", Profile.of(model, data).heldOut());
    assertEquals(0, Profile.of(model, data).heldOutRows());
    assertTrue(Profile.of(model).isEmpty());
    rejects(() -> Profile.of(model.withScaling(Scaling.none()), data), "scaling");
    Dataset arrays =
        Dataset.of(Rows.of(new float[][] {{1, 2}, {2, 1}, {0, 1}, {2, 2}}, new int[] {0, 1, 0, 1}));
    rejects(
        () -> Profile.of(model, arrays), "columns none, expected", "number, colour, word, date");
    Model other = Recipe.COURSE.with("epochs", 1).fit(arrays).model();
    assertSame(other, Profile.keep(other, arrays));
    rejects(() -> Profile.of(other, arrays), "without a schema");
    rejects(() -> Profile.of(model, data).column("size"), "size", "one of number,");
  }

  @ParameterizedTest
  @CsvSource({
    "profile, version",
    "profile_rows, 7 rows in",
    "profile_counts, '3 numbers, expected'",
    "profile_quantiles, '3 numbers, expected 66'",
    "profile_dates, '3 numbers, expected'"
  })
  void anotherProfileIsRefused(String name, String problem) throws IOException {
    Dataset data = data("kind");
    Model model = Profile.keep(trained(data), data);
    Map<String, NdArray> facts = new HashMap<>(model.furtherFacts());
    NdArray wrong =
        name.equals("profile")
            ? NdArray.ofStrings(List.of("2", ""), 2)
            : name.equals("profile_rows")
                ? NdArray.of(new long[] {7}, 1)
                : NdArray.of(new float[] {1, 2, 3}, 3);
    facts.put(name, wrong);
    String expected =
        name.equals("profile_rows") ? "101 rows in column number, expected 7" : problem;
    rejects(
        () -> Profile.of(model.withFurtherFacts(facts)),
        "fact/" + name.replace("_rows", "_counts"),
        expected);
  }
}
