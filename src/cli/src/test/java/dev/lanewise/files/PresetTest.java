package dev.lanewise.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.cli.Fixtures;
import dev.lanewise.cli.Run;
import dev.lanewise.format.NdArray;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Mlp;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the default training of a table. */
class PresetTest {
  @TempDir Path directory;
  private Path table;
  private Path out;

  @BeforeEach
  void makeTable() throws IOException {
    Random random = new Random(4);
    StringBuilder text = new StringBuilder("a,b,colour,size,kind,one,two\n");
    for (int i = 0; i < 90; i++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      String colour = List.of("red", "green", "blue").get(random.nextInt(3));
      text.append(a).append(',').append(b).append(',').append(colour).append(',');
      text.append(a * b + 0.1 * random.nextGaussian()).append(',');
      text.append(a > b ? "yes" : "no").append(',').append(a > 0 ? 1 : 0).append(',');
      text.append(b > 0 ? 1 : 0).append('\n');
    }
    table = Files.writeString(directory.resolve("table.csv"), text);
    out = directory.resolve("out");
  }

  private Run train(String... options) {
    return Run.line("train --data", table, "--out", out, options, "--force").ok();
  }

  private Model model() throws IOException {
    return Model.load(out.resolve("nn_model.npz"));
  }

  private Mlp first() throws IOException {
    return model().members().get(0);
  }

  /** A program gets the same network by using the library's names for these values. */
  @ParameterizedTest
  @ValueSource(strings = {"kind", "size"})
  void likeTheLibrarys(String target) throws IOException {
    String other = target.equals("kind") ? "size" : "kind";
    train("--target", target, "--ignore", other, "--seed=3", "--hidden=9,8,7"); // a small network
    ReadOptions options = ReadOptions.defaults().withTarget(target).withIgnored(List.of(other));
    Recipe recipe = Recipe.TABLE.with("seed", 3).with("hidden", "9,8,7");
    Model expected = recipe.fit(Table.read(table).with(options)).model();
    assertEquals(expected.sha256(), model().sha256());
    assertEquals(expected.members().get(0).architecture(), first().architecture());
  }

  @Test
  void itIsPrintedAndKept() throws IOException {
    Run run = train("--target=kind", "--epochs=3", "--eta", "0.5");
    String line =
        run.lines().stream().filter(l -> l.startsWith("Preset")).findFirst().orElse(run.out());
    assertTrue(
        line.startsWith(
            "Preset table: members 6 (few rows), binned-members 3 (few rows), hidden 256,256,256, activation selu, "),
        line);
    assertFalse(line.contains("epochs") || line.contains("eta 0.04"), line);
    List<String> kept = model().training();
    for (String each : List.of("preset=table", "epochs=3", "eta=0.5", "best=error", "beta2=0.95")) {
      assertTrue(kept.contains(each), each + " in " + kept);
    }
    assertFalse(String.join(" ", kept).contains(directory.toString()), kept.toString());
    Run json = train("--target=kind", "--epochs=3", "--json");
    Map<?, ?> options = (Map<?, ?>) json.json(0).get("options");
    assertEquals("table", options.get("preset"));
    assertEquals(0.1, options.get("bias-rate"));
  }

  private void assertPrinted(String expected, String... options) {
    Run run = train(options);
    List<String> lines = run.lines().stream().filter(l -> l.startsWith("Preset")).toList();
    assertEquals(List.of(expected), lines, run.out());
  }

  @Test
  void everyValueIsPrinted() {
    String start =
        "Preset table: members 6 (few rows), binned-members 3 (few rows), hidden 256,256,256, activation selu,"
            + " init realmlp, batch-size 256, short-batch drop, optimizer adam, beta2 0.95, eta ";
    String middle =
        ", schedule cosine-log, bias-rate 0.1, input-rate 6, rate-by-inputs yes, dropout ";
    String best = ", best error, patience 200";
    String last = ", best-of-equals last";
    String calibrated = best + ", temperature validation" + last;
    best += last;
    String ofClasses = start + "0.04" + middle + "0, label-smoothing 0.1" + calibrated;
    assertPrinted(ofClasses, "--target=kind", "--epochs=1");
    String ofNumbers = start + "0.07" + middle + "0.1, label-smoothing 0" + best;
    assertPrinted(ofNumbers, "--target=size", "--epochs=1");
    String ofLabels = start + "0.04" + middle + "0, label-smoothing 0" + best;
    assertPrinted(ofLabels, "--target=one,two", "--epochs=1");
    assertPrinted(
        ofClasses.replace(", optimizer adam, beta2 0.95", ""),
        "--target=kind",
        "--epochs=1",
        "--optimizer=adam");
    assertPrinted(
        ofClasses.replace(calibrated, ", temperature validation"),
        "--target=kind",
        "--epochs=1",
        "--patience=9");
    assertPrinted(
        "Preset image: hidden 512,256, activation gelu, init he, epochs 30, batch-size 128,"
            + " optimizer adam, eta 0.001, schedule cosine, label-smoothing 0.1, best error, best-of-equals last",
        "--target=kind",
        "--preset=image");
  }

  @Test
  void whatIsGivenGoesBeforeIt() throws IOException {
    train("--target=kind", "--hidden=7", "--activation=relu", "--optimizer=sgd", "--epochs=2");
    assertEquals(List.of(7), first().architecture().hidden());
    assertEquals(List.of(Activation.RELU), first().architecture().activations());
    assertTrue(model().training().contains("optimizer=sgd"));
    train("--target=kind", "--preset=course", "--epochs=2").omits("Preset");
    assertEquals(List.of(16, 80), first().architecture().hidden());
    assertTrue(model().training().contains("preset=course"));
  }

  /**
   * Without validation rows no epoch can be the best, so the weights are those of the last step.
   */
  @Test
  void withoutValidationRows() throws IOException {
    train("--target=kind", "--split-sizes=1", "--epochs=2", "--preset=course", "--best=none")
        .omits("weights are those of epoch");
    assertTrue(model().training().contains("best=none"));
    String options = "--target=kind --best=loss --split-sizes=1 --force --preset=course";
    Run.line("train", options, "--data", table, "--out", out)
        .failed("no validation rows, expected validation rows for --best");
  }

  @Test
  void severalLabels() throws IOException {
    train("--target=one,two", "--epochs=2");
    assertTrue(model().training().contains("label-smoothing=0"), model().training().toString());
    assertEquals(Activation.SELU, first().architecture().activations().get(0));
  }

  /** With patience, the best epoch is the one with the smallest loss. */
  @Test
  void patience() throws IOException {
    train("--target=kind", "--patience=4", "--hidden=20")
        .says("The weights of the 6 networks are those of the epochs ");
    assertTrue(model().training().contains("best=loss"));
  }

  @Test
  void aRunThatIsCutOffHasItStill() throws IOException {
    Run whole = train("--target=kind", "--hidden=20", "--epochs=6", "--checkpoint-every=1e-9");
    Run cut = train("--target=kind", "--hidden=20", "--epochs=6", "--checkpoint-every=1e-9");
    assertEquals(
        whole.lines().get(whole.lines().size() - 1), cut.lines().get(cut.lines().size() - 1));
    Run.line("train --resume --out", out, "--epochs=9").ok();
    Model resumed = model();
    train("--target=kind", "--hidden=20", "--epochs=9", "--schedule-epochs=6");
    assertEquals(model().sha256(), resumed.sha256());
  }

  /** Only tables use this preset by default. */
  @Test
  void arraysHaveTheCourses() throws IOException {
    table = Fixtures.data(directory.resolve("data.npz"));
    train("--epochs=2");
    assertEquals(List.of(16, 80), first().architecture().hidden());
    train("--epochs=2", "--preset=table");
    assertEquals(List.of(256, 256, 256), first().architecture().hidden());
    // An archive in Keras' layout gets the preset for images.
    Random random = new Random(1);
    byte[] pixels = new byte[50 * 12];
    random.nextBytes(pixels);
    int[] labels = random.ints(50, 0, 3).toArray();
    labels[0] = 2;
    table = directory.resolve("keras.npz");
    Fixtures.npz(
        table, "x_train y_train", NdArray.ofBytes(pixels, 50, 3, 4), NdArray.of(labels, 50));
    train("--epochs=3")
        .says("Preset image: hidden 512,256, activation gelu,", "train 45, valid 5 rows");
    assertEquals(List.of(512, 256), first().architecture().hidden());
  }
}
