package dev.lanewise.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.cli.Fixtures;
import dev.lanewise.cli.Run;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests models that were changed, and models that lack facts which a command needs. */
class ModelSourceTest {
  private static final String TRUSTED = ", whose values differ from its checksum";

  @TempDir static Path directory;
  private static String data;
  private static Path model;
  private static Path changed;
  private static Path bare;

  @BeforeAll
  static void train() throws IOException {
    data = Fixtures.data(directory.resolve("data.npz")).toString();
    Run run =
        run("train --epochs 5 --hidden 5 --eta 0.5 --init he --checkpoint-every 1e-9 --out run");
    assertEquals("", run.errors());
    model = directory.resolve("run/nn_model.npz");
    changed = change(model, directory.resolve("changed.npz"), false);
    bare = Fixtures.model(directory.resolve("bare.npz"), 4, 3, 3);
  }

  /** Writes the model with a changed bias or, if bare, with nothing but its weights and biases. */
  private static Path change(Path from, Path to, boolean bare) throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    try (Npz npz = Npz.open(from)) {
      for (String name : npz.names()) {
        if (!bare || name.matches("[Wb]\\d")) {
          arrays.put(name, npz.read(name));
        }
      }
    }
    if (!bare) {
      NdArray b1 = arrays.get("b1");
      float[] values = b1.toFloats();
      values[0] += 1;
      arrays.put("b1", NdArray.of(values, values.length));
    }
    Npz.write(to, arrays);
    return to;
  }

  /**
   * Runs a command line in which files are those of the directory; the default data is the
   * fixture's.
   */
  private static Run of(String typed) {
    List<String> words = new ArrayList<>();
    for (String word : typed.split(" ")) {
      boolean file = word.matches("run\\w*|svg|.*\\.(npz|csv|svg|html|safetensors)");
      words.add(file ? directory.resolve(word).toString() : word);
    }
    if (!typed.matches("(check|inspect|compare|convert).*|.*--(data|resume).*")) {
      words.addAll(List.of("--data", data));
    }
    return Run.of(words.toArray(String[]::new));
  }

  private static Run run(String typed) {
    return of(typed).ok();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evaluate --model MODEL --json",
        "predict --model MODEL",
        "uncertain --model MODEL --count 2",
        "check --model MODEL --seed 3",
      })
  void theDirectoryOfARunStandsForItsModel(String typed) throws IOException {
    Run byFile = run(typed.replace("MODEL", "run/nn_model.npz"));
    assertEquals(byFile.out(), run(typed.replace("MODEL", "run")).out());
    Files.createDirectories(directory.resolve("run_without"));
    Run without = of(typed.replace("MODEL", "run_without")).failed();
    String file = directory.resolve("run_without/nn_model.npz").toString();
    without.warns(file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evaluate --model changed.npz",
        "predict --model changed.npz",
        "uncertain --model changed.npz",
        "check --model changed.npz",
        "train --epochs 1 --initial-model changed.npz --out run_from_changed",
      })
  void aChangedModelIsTakenIfItIsTrusted(String typed) {
    Run refused = of(typed).failed();
    String message = refused.errors();
    assertTrue(message.startsWith("lanewise: " + changed + ": changed since it was"), message);
    assertTrue(message.endsWith("; --trust reads it as it is"), message);
    Run trusted = run(typed + " --trust");
    assertEquals("lanewise: trusts " + changed + TRUSTED, trusted.errors());
    assertEquals(
        "", run(typed.replace("run_from", "run_again_from") + " --trust --quiet").errors());
  }

  /** Trust in an unchanged file is not mentioned and is not stored in a checkpoint. */
  @Test
  void aChangedCheckpointIsTakenIfItIsTrusted() throws IOException {
    run(
        "train --epochs 3 --checkpoint-every 1e-9 --trust --out run_on --initial-model run/nn_model.npz");
    Path checkpoint = directory.resolve("run_on/checkpoint.npz");
    assertEquals("", run("train --resume --out run_on --epochs 4 --trust").errors());
    change(checkpoint, checkpoint, false);
    Files.delete(directory.resolve("run_on/checkpoint_previous.npz")); // or it would be used
    of("train --resume --out run_on --epochs 5")
        .failed("lanewise: " + checkpoint + ": changed since");
    Run trusted = run("train --resume --out run_on --epochs 5 --trust");
    assertEquals("lanewise: trusts " + checkpoint + TRUSTED, trusted.errors());
    assertEquals(List.of(), Model.load(checkpoint).assumptions()); // the rewritten checkpoint
  }

  @Test
  void inspectTellsWhatCanBeKnownOfAFile() throws IOException {
    String digest = "\nModel sha256 " + Model.load(model).checksum() + "\n";
    String whole = run("inspect run/nn_model.npz").out();
    assertTrue(whole.endsWith(digest + "Format 1, checksum holds\n"), whole);
    String broken = run("inspect changed.npz").out();
    assertTrue(
        broken.endsWith(
            "\nFormat 1, checksum broken (a file"
                + TRUSTED.substring(1)
                + ")\nAssumed: the checksum does not match: the file is trusted\n"),
        broken);
    String none = run("inspect bare.npz").out();
    assertTrue(
        none.endsWith(
            "\nFormat not stored, checksum none\nAssumed: no activations stored: relu is assumed"
                + " in every hidden layer\nAssumed: no loss stored: softmax is assumed\nAssumed: no"
                + " scaling stored: the scaling of the inputs is unknown\nAssumed: no checksum: changes cannot be detected\n"),
        none);

    Map<String, Object> json = run("inspect run/nn_model.npz --json").json();
    assertEquals(Model.load(model).checksum(), json.get("model_sha256"));
    assertEquals(1.0, json.get("format"));
    assertEquals("holds", json.get("checksum"));
    assertEquals(List.of(), json.get("assumptions"));
    json = run("inspect changed.npz --json").json();
    assertEquals("broken", json.get("checksum"));
    json = run("inspect bare.npz --json").json();
    assertNull(json.get("format"));
    assertEquals("none", json.get("checksum"));
    assertEquals(4, ((List<?>) json.get("assumptions")).size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"evaluate", "predict", "uncertain"})
  void whatABareModelDoesNotSayIsAssumedInALine(String command) {
    String start = "lanewise: " + bare + " stores no ";
    String typed = command + " --model bare.npz";
    assertEquals(
        start
            + "activations, scaling, loss: assumed relu, scaling 255, softmax (use --activation and --scale to change this)",
        run(typed).errors());
    assertEquals(
        start + "scaling, loss: assumed scaling 255, softmax (use --scale to change this)",
        run(typed + " --activation tanh").errors());
    assertEquals(
        start + "activations, loss: assumed relu, softmax (use --activation to change this)",
        run(typed + " --scale none").errors());
    assertEquals("", run(typed + " --scale none --activation gelu").errors());
    assertEquals("", run(typed + " --quiet").errors());
    assertEquals("", run(command + " --model run/nn_model.npz").errors());
  }

  /** With the right options the bare parameters become the model that they were taken from. */
  @Test
  void theOptionsSayIt() throws IOException {
    run("train --epochs 5 --hidden 5 --activation tanh --scale none --init he --out run_tanh");
    String whole = run("predict --model run_tanh/nn_model.npz").out();
    change(directory.resolve("run_tanh/nn_model.npz"), directory.resolve("tanh.npz"), true);
    assertEquals(whole, run("predict --model tanh.npz --activation tanh --scale none").out());
    assertNotEquals(whole, run("predict --model tanh.npz --scale none").out());
    assertNotEquals(whole, run("predict --model tanh.npz --activation tanh --scale 255").out());
    // A training can also start from them.
    run("train --epochs 0 --initial-model tanh.npz --activation tanh --scale none --out run_more");
    assertEquals(whole, run("predict --model run_more/nn_model.npz").out());
  }

  @Test
  void theOptionsAreRefusedIfTheModelSaysIt() {
    String evaluate = "evaluate --model run/nn_model.npz ";
    of(evaluate + "--scale 255")
        .misusedWith(
            "--scale: works with a model that does not store a scaling, " + model + " does");
    for (String command : List.of(evaluate, "check --model run/nn_model.npz ")) {
      of(command + "--activation tanh")
          .failed("lanewise: " + model + ": activations relu, expected tanh as given");
      run(command + "--activation relu");
    }
  }

  /** A .safetensors that states no activations is refused wherever it is read without them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "evaluate --model NET",
        "predict --model NET",
        "uncertain --model NET",
        "explain --model NET --background data.npz",
        "check --model NET",
        "inspect NET",
        "compare run NET --out c.html",
        "convert NET converted.npz --loss softmax",
        "train --epochs 1 --initial-model NET --out run_from_net",
      })
  void activationsOfTensorsAreGivenOrRefused(String typed) throws IOException {
    Mlp network = Mlp.load(model);
    Map<String, NdArray> layers = new LinkedHashMap<>();
    for (int l = 0; l < network.layers().size(); l++) {
      Layer layer = network.layers().get(l);
      float[] weights = new float[layer.outputs() * layer.inputs()];
      layers.put(2 * l + ".weight", NdArray.of(weights, layer.outputs(), layer.inputs()));
      layers.put(2 * l + ".bias", NdArray.of(network.biases(l), layer.outputs()));
    }
    Path net = directory.resolve("net.safetensors");
    Fixtures.safetensors(net, layers);
    String refused = of(typed.replace("NET", "net.safetensors")).failed().errors();
    assertTrue(
        refused.matches(
            "lanewise: .*net[.]safetensors: network [0-9-]+ without activations, expected"
                + " activations in the metadata of the file, or --activation NAME,..., one for all"
                + " hidden layers or one for each"),
        refused);
    run(typed.replace("NET", "net.safetensors") + " --activation relu");
  }

  @Test
  void valuesThatAreNoneAreRefused() throws IOException {
    Run run =
        of("evaluate --model bare.npz --scale standard")
            .misusedWith("--scale: 'standard', expected none or 255");
    run =
        of("evaluate --model bare.npz --activation tanh,relu")
            .misused("lanewise: --activation: 'tanh,relu', expected one for");
    Fixtures.model(directory.resolve("linear.npz"), 4, 3);
    run =
        of("evaluate --model linear.npz --activation tanh")
            .misusedWith(
                "--activation: 'tanh', expected none, as the network has no hidden layers");
  }

  /** A row gets the same prediction among other rows: nothing is fitted to the predicted rows. */
  @Test
  void aBareModelTakesRowsOfATableAsTheyAre() throws IOException {
    String rows = "1,2,3,4,0\n2.5,0,1,7,1\n30,4,5,6,2\n";
    Fixtures.text(directory.resolve("few.csv"), rows);
    Fixtures.text(directory.resolve("more.csv"), rows + "900,-900,17,0,0\n");
    Run few =
        run("predict --model bare.npz --data few.csv").warns("assumed relu, scaling none, softmax");
    Set<String> predicted = predicted(few);
    assertEquals(3, predicted.size());
    Set<String> among = predicted(run("predict --model bare.npz --data more.csv"));
    assertEquals(4, among.size());
    assertTrue(among.containsAll(predicted), among + " " + predicted);
  }

  /** Returns the predictions without the index, because rows of a table are shuffled. */
  private static Set<String> predicted(Run run) {
    Set<String> lines = new HashSet<>();
    for (String line : run.lines().subList(1, run.lines().size())) {
      lines.add(line.replaceFirst("\\d+,", ""));
    }
    return lines;
  }
}
