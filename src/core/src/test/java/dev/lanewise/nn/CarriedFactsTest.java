package dev.lanewise.nn;

import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.nn.internal.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a network does with the facts of a file that only lanewise-models knows. */
class CarriedFactsTest {
  private static final String COVERAGE = "coverage coverage_counts coverage_scores";
  private static final String DIVISION = "division division_folds";
  private static final String FURTHER = "fact/other fact/profile";

  @TempDir Path directory;

  private static Map<String, NdArray> arrays() {
    Mlp network = Mlp.initial(Architecture.relu(2, List.of(3), 2), Initializer.HE, 1);
    return new LinkedHashMap<>(ModelFile.arrays(network.members(), MlpState.facts(network)));
  }

  private Path file(Map<String, NdArray> arrays) throws IOException {
    Path file = directory.resolve("model.npz");
    SealedNpz.write(file, arrays);
    return file;
  }

  /** Returns the names of the arrays of a network that are no parts of it. */
  private static String carried(Mlp network) {
    List<String> names =
        new ArrayList<>(ModelFile.arrays(network.members(), MlpState.facts(network)).keySet());
    names.removeAll(arrays().keySet());
    return String.join(" ", names);
  }

  @Test
  void whatDescribesAModelIsCarriedUntilItIsUntrue() throws IOException {
    Map<String, NdArray> arrays = arrays();
    for (String name : String.join(" ", COVERAGE, DIVISION, FURTHER).split(" ")) {
      arrays.put(name, NdArray.of(new double[] {arrays.size()}, 1));
    }
    Path file = file(arrays);
    Mlp network = Mlp.load(file);
    assertEquals(SealedNpz.sha256(arrays), network.checksum());
    network.save(file);
    try (SealedNpz again = SealedNpz.open(file, false)) {
      arrays.put("lanewise", null);
      assertEquals(List.copyOf(arrays.keySet()), again.names());
    }
    assertEquals(network, Mlp.load(file));
    assertEquals(String.join(" ", COVERAGE, DIVISION, FURTHER), carried(network));
    String others = DIVISION + " " + FURTHER;
    assertEquals(others, carried(network.withLoss(Loss.SIGMOID)));
    assertEquals(others, carried(network.withActivations(List.of(Activation.TANH))));
    assertEquals(others, carried(network.withParameters(network.parameters())));
    MlpState state = MlpState.of(network);
    Mlp trained = state.with(state.facts().trained()).mlp();
    assertEquals(COVERAGE + " " + DIVISION, carried(trained));
  }

  @Test
  void whatPredictionsDependOnIsRefused() throws IOException {
    for (String fact :
        List.of("bin_edges", "calibration", "decision", "member_weights", "schema_columns")) {
      Map<String, NdArray> arrays = arrays();
      arrays.put(fact, NdArray.of(new double[] {1}, 1));
      Path file = file(arrays);
      unreadable(
          () -> Mlp.load(file),
          fact
              + ", which a network alone does not honour, expected none (Model.load of lanewise-models reads such a model)");
    }
  }

  /** A file that somebody has added a fact to is no file of such a model. */
  @Test
  void whatWasAddedIsRefusedAsSuch() throws IOException {
    Path file = file(arrays());
    Map<String, NdArray> more = ModelArrays.of(file);
    more.put("decision", NdArray.of(new double[] {1}, 1));
    Npz.write(file, more);
    unreadable(() -> Mlp.load(file), "array decision was added since the checksum was made");
  }

  @Test
  void modelsOfOtherProgramsAreNoNetworksAlone() throws IOException {
    Mlp network = Mlp.load(file(arrays()));
    for (String ending : List.of(".onnx", ".safetensors")) {
      Path file = directory.resolve("model" + ending);
      String text = "a network alone in a file of " + ending + ", expected .npz (Model of lanewise";
      unreadable(() -> Mlp.load(file), text);
      unreadable(() -> network.save(file), text);
    }
  }

  @Test
  void severalNetworksAreRefused() throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    for (int member = 1; member <= 2; member++) {
      String prefix = "member" + member + "/";
      arrays()
          .forEach((name, array) -> arrays.put(name.matches("loss") ? name : prefix + name, array));
    }
    arrays.put("members", NdArray.of(new int[] {2}, 1));
    arrays.put("bin_edges", NdArray.of(new double[] {0, 1}, 2)); // which is not what matters first
    Path file = file(arrays);
    unreadable(
        () -> Mlp.load(file), "2 networks, expected one network (Model.load of lanewise-models");
  }

  @Test
  void whatALaterVersionNeedsIsRefused() throws IOException {
    Map<String, NdArray> arrays = arrays();
    arrays.put("needs", NdArray.ofStrings(List.of("weights of networks"), 1));
    Path file = file(arrays);
    unreadable(() -> Mlp.load(file), "needs weights of networks: written by a later Lanewise");
  }
}
