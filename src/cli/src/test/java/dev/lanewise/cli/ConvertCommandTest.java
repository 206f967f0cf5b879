package dev.lanewise.cli;

import static dev.lanewise.cli.Fixtures.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests {@code convert} as a user calls it. */
class ConvertCommandTest {
  @TempDir Path directory;

  private final Mlp model =
      Mlp.initial(Architecture.relu(4, List.of(3), 2), Initializer.HE, 1)
          .withScaling(Scaling.divide(2))
          .withClassNames(List.of("no", "yes"));

  private String at(String name) {
    return directory.resolve(name).toString();
  }

  private void writeRows() throws IOException {
    NdArray rows = NdArray.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 4);
    Npz.write(Path.of(at("rows.npz")), Map.of("inputs", rows));
  }

  @ParameterizedTest
  @ValueSource(strings = {"safetensors", "onnx", "npz"})
  void thereAndBackIsTheSameModel(String ending) throws IOException {
    model.save(Path.of(at("a.npz")));
    Run.of("convert", at("a.npz"), at("b." + ending))
        .ok("on 1000 drawn rows: largest difference", ", 0 other classes");
    Run back = Run.of("convert", at("b." + ending), at("c.npz"), "--json").ok();
    assertEquals(model, Mlp.load(Path.of(at("c.npz"))));
    Map<?, ?> written = (Map<?, ?>) back.json().get("written");
    assertEquals(0.0, written.get("largest"));
    assertEquals(1000.0, written.get("rows"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"course", "table", "table-fast", "table-best", "image"})
  void modelsOfPresetsAreConverted(String preset) throws IOException {
    Files.writeString(
        Path.of(at("t.csv")), table("a,b,c", 90, i -> i + "," + i % 7 + ",x" + i % 3));
    Run.line(
            "train --epochs 1 --hidden 6 --target c --preset",
            preset,
            "--data",
            at("t.csv"),
            "--out",
            at("r"))
        .ok();
    Run.of("convert", at("r"), at("r.onnx")).ok(" drawn rows: largest difference ");
  }

  @Test
  void labelsAndInputsHaveTheTypesOfTheirUsers() throws IOException {
    model.save(Path.of(at("a.npz")));
    Run.of("convert", at("a.npz"), at("b.onnx"), "--labels=names", "--int64", "features")
        .ok("b.onnx takes features int64, gives label string, probabilities float", ", 0 other");
    Run.of("convert", at("b.onnx"), at("c.npz")).ok();
    assertEquals(model, Mlp.load(Path.of(at("c.npz"))));
    refused("--int64: works with an .onnx", "convert a.npz d.npz --int64 x");
    refused("--labels: 'words', expected numbers or names", "convert a.npz d.onnx --labels words");
    refused(
        "--int64: 'x', expected inputs of the model: [features]", "convert a.npz d.onnx --int64 x");
  }

  @Test
  void theDirectoryOfARunStandsForItsModel() throws IOException {
    model.save(Files.createDirectory(directory.resolve("run")).resolve("nn_model.npz"));
    Run.of("convert", at("run"), at("b.onnx")).ok("Model " + at("run/nn_model.npz") + ": network");
  }

  /** A safetensors or ONNX model can be used without converting it. */
  @Test
  void modelsOfOthersAreUsedAsTheyAre() throws IOException {
    model.save(Path.of(at("a.npz")));
    writeRows();
    Run expected = Run.line("predict --model", at("a.npz"), "--data", at("rows.npz")).ok();
    for (String ending : new String[] {"safetensors", "onnx"}) {
      Run.of("convert", at("a.npz"), at("b." + ending));
      Run run = Run.line("predict --model", at("b." + ending), "--data", at("rows.npz"));
      assertEquals(expected.out(), run.out(), run.err());
      Run.of("inspect", at("b." + ending)).says("Weights sha256 " + model.sha256());
    }
    Files.writeString(Path.of(at("wrong.onnx")), "no such thing");
    Run.line("predict --model", at("wrong.onnx"), "--data", at("rows.npz")).failed("wrong.onnx: ");
  }

  @Test
  void sourceOfAClassIsNoFormat() throws IOException {
    model.save(Path.of(at("a.npz")));
    refused("OUT: '" + at("Yes.java") + "', expected a", "convert a.npz Yes.java");
    assertFalse(Files.exists(Path.of(at("Yes.java"))));
  }

  /** Neither a file that agrees with the model nor one that does not leaves files. */
  @Test
  void noFilesAreLeftOfAComparison() throws Exception {
    model.save(Path.of(at("a.npz")));
    writeSeconds();
    Path temporary = Files.createDirectory(directory.resolve("temporary"));
    for (String line : List.of("a.npz b.onnx", "t.npz b.onnx --data t.csv")) {
      List<String> jvm = List.of("-Djava.io.tmpdir=" + temporary);
      String[] words = ("convert " + line).split(" ");
      Run run = Run.start(Run.Launch.CLASS_PATH, directory, jvm, words).end();
      assertEquals(line.startsWith("a") ? 0 : 1, run.code(), run.err());
      try (Stream<Path> files = Files.list(temporary)) {
        assertEquals(List.of(), files.toList());
      }
    }
  }

  @Test
  void theUsersRowsAreCompared() throws IOException {
    model.save(Path.of(at("a.npz")));
    writeRows();
    Run.of("convert", at("a.npz"), at("b.onnx"), "--data", at("rows.npz")).ok("on 2 given rows");
  }

  /**
   * Writes a model of seconds whose schema says that floats hold them, and rows which floats merge.
   */
  private void writeSeconds() throws IOException {
    Model table =
        Model.of(
                Mlp.of(Architecture.relu(1, List.of(), 2), new float[] {0, 1, 0, 0})
                    .withScaling(Scaling.standardise(new double[] {1.7e9}, new double[] {100})))
            .withSchema(
                Schemas.of(new NumberColumn("t", 0, 1.7e9, false, 0))); // says that floats suffice
    table.save(Path.of(at("t.npz")));
    String csv = table("t", 200, i -> 1_700_000_000 + i);
    Files.writeString(Path.of(at("t.csv")), csv);
  }

  /** If the comparison fails, the old file is kept and the exit code is 1. */
  @Test
  void whatDoesNotAgreeIsNotWritten() throws IOException {
    model.save(Path.of(at("a.npz")));
    Files.writeString(Path.of(at("b.onnx")), "what was there");
    writeSeconds();
    Run run = Run.of("convert", at("t.npz"), at("b.onnx"), "--data", at("t.csv"));
    assertEquals(1, run.code(), run.out() + run.err());
    run.warns("b.onnx: results of ", "nothing is written");
    assertEquals("what was there", Files.readString(Path.of(at("b.onnx"))));
    run.says("b.onnx takes t float");
    // An .npz file holds these values exactly, so this conversion succeeds.
    run = Run.of("convert", at("t.npz"), at("c.npz"), "--data", at("t.csv"));
    assertEquals(0, run.code(), run.out() + run.err());
  }

  @Test
  void theOrderOfLayersIsSaidOrAskedFor() throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("fc10.weight", NdArray.of(new float[4], 2, 2));
    arrays.put("fc2.weight", NdArray.of(new float[4], 2, 2));
    arrays.put("out.weight", NdArray.of(new float[6], 3, 2));
    Fixtures.safetensors(Path.of(at("a.safetensors")), arrays);
    String words = "convert a.safetensors a.npz --activation=relu --loss=mse";
    run(words).ok().warns("taken: layers in the order fc2.weight, fc10.weight, out.weight");
    // This layer may also be the first one.
    arrays.put("out.weight", NdArray.of(new float[4], 2, 2));
    Fixtures.safetensors(Path.of(at("a.safetensors")), arrays);
    assertRefused("fit each other in several orders", words);
    arrays.put("1.running_mean", NdArray.of(new float[2], 2));
    arrays.put("1.num_batches_tracked", NdArray.of(new float[1], 1));
    Fixtures.safetensors(Path.of(at("a.safetensors")), arrays);
    assertRefused("1.running_mean belongs to a BatchNorm, and weights alone do not tell", words);
    assertRefused("belongs to a BatchNorm", "convert a.safetensors a.npz --map fc2,fc10");
  }

  @Test
  void whatTheFileDoesNotSayOptionsHaveTo() throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("arr_0", NdArray.of(new float[8], 4, 2));
    arrays.put("arr_1", NdArray.of(new float[2], 2));
    arrays.put("arr_2", NdArray.of(new float[6], 2, 3));
    Npz.write(Path.of(at("k.npz")), arrays);
    String words = "convert k.npz m.npz";
    assertRefused("--activation: not given, but needed, as", words);
    assertRefused("--loss: not given, but needed, as", words + " --activation tanh");
    run(words + " --activation=tanh --loss=mse --scale=255").ok();
    Mlp read = Mlp.load(Path.of(at("m.npz")));
    assertEquals(List.of(Activation.TANH), read.architecture().activations());
    assertEquals(Loss.MSE, read.loss());
    assertEquals(Scaling.divide(255), read.scaling().get());
    assertRefused(
        "activations tanh, expected elu as given", "convert m.npz n.npz --activation=elu");
    assertRefused(
        "k.npz: no layer x, expected the layers that --map A,B,... names among",
        "convert k.npz n.npz --map arr_0,x");
    arrays.put("ln.weight", NdArray.of(new float[3], 3)); // has the shape of a bias, but is none
    Npz.write(Path.of(at("ln.npz")), arrays);
    assertRefused("ln.npz: ln.weight beside layers", "convert ln.npz n.npz");
    Run.line("convert", at("k.npz"), at("n.npz"), "--map arr_0 --loss softmax").ok();
    assertEquals("4-2", Model.load(Path.of(at("n.npz"))).sizes());
  }

  /** Runs a command line in which files are those of the directory. */
  private Run run(String line) {
    return Run.line(line.replaceAll("\\w+[.](npz|onnx|safetensors|java)\\b", directory + "/$0"));
  }

  private void assertRefused(String text, String line) {
    Run run = run(line);
    assertTrue(run.code() != 0 && run.err().contains(text), run.err());
    assertEquals(1, run.err().lines().filter(each -> !each.contains("scalar")).count());
  }

  /** An option that does not apply to the file is refused, not ignored. */
  @Test
  void whatDoesNotGoTogetherIsRefused() throws IOException {
    model.save(Path.of(at("a.npz")));
    Model.of(model).save(Path.of(at("a.onnx")));
    refused("OUT: '", "convert a.npz a.npz");
    refused("--map: works with .npz and", "convert a.onnx b.npz --map=a");
    refused("--map: not together", "convert a.npz b.npz --map=W1 --trust");
    refused("--trust: works with an .npz", "convert a.onnx b.npz --trust");
    refused("--trust: works with an .npz", "evaluate --model a.onnx --trust");
    assertThrows(
        IllegalArgumentException.class, () -> Model.load(Path.of(at("a.onnx")), List.of("W1")));
    assertEquals(model, Mlp.load(Path.of(at("a.npz"))));
  }

  private void refused(String message, String line) {
    run(line).misused("lanewise: " + message);
  }

  @Test
  void numbersHaveAPointEverywhere() throws Exception {
    model.save(Path.of(at("a.npz")));
    Run run =
        Run.start(
                Run.Launch.CLASS_PATH,
                directory,
                List.of("-Duser.language=de", "-Duser.country=DE"),
                "convert",
                "a.npz",
                "a.onnx")
            .end();
    assertTrue(
        run.out().matches("(?s).*difference [0-9.e-]+ \\([0-9]+\\.[0-9] ulp, .*"), run.out());
  }
}
