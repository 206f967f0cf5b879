package dev.lanewise.cli;

import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Model;
import dev.lanewise.model.ModelKind;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests what commands do with models of several networks and with networks that see bins. */
class SeveralNetworksTest {
  @TempDir static Path directory;

  private static Path data;
  private static Mlp one;

  @BeforeAll
  static void train() throws IOException {
    data = Fixtures.data(directory.resolve("data.npz"));
    Path run = directory.resolve("run");
    Run.line("train --data", data, "--out", run, "--hidden 5 --epochs 9 --quiet").ok();
    one = Mlp.load(run.resolve("nn_model.npz"));
  }

  private static Path saved(ModelKind kind) throws IOException {
    Path file = directory.resolve(kind + ".npz");
    kind.of(one, 3).save(file);
    return file;
  }

  private static String used(String command, Path model) {
    return Run.line(command + " --model", model, "--data", data, "--quiet").ok().out();
  }

  @ParameterizedTest
  @EnumSource
  void convertGoesInAllDirectionsThatHoldTheModel(ModelKind kind) throws IOException {
    Path npz = saved(kind);
    Path onnx = directory.resolve(kind + ".onnx");
    Path back = directory.resolve(kind + "-back.npz");
    Run.line("convert", npz, onnx).ok(" drawn rows: largest difference ", ", 0 other classes");
    Run.line("convert", onnx, back).ok("(the same bits)");
    assertEquals(Model.load(npz), Model.load(back));
    for (String command : List.of("predict", "evaluate")) {
      assertEquals(used(command, npz), used(command, onnx));
    }
    Path tensors = directory.resolve(kind + ".safetensors");
    Run refused = Run.line("convert", npz, tensors);
    String more =
        switch (kind) {
          case CALIBRATED -> "must calibrate the";
          case RULED -> "must choose the class";
          case WEIGHTED -> "must undo the weights of classes";
          default -> "";
        };
    if (!more.isEmpty()) {
      refused.ok().warns(more);
      assertEquals(Model.load(npz), Model.load(tensors));
    } else if (kind == ModelKind.ONE) {
      refused.ok();
    } else {
      refused.failed("expected one network without bins", "(.npz and .onnx hold this model)");
      assertFalse(Files.exists(tensors));
    }
  }

  @Test
  void everyNetworkIsInspected() throws IOException {
    Run run = Run.line("inspect", saved(ModelKind.MIXED)).ok("member 2 bins", "member 3 affine 2");
    run.says("Weights sha256 " + ModelKind.MIXED.of(one, 3).sha256());
    Map<String, Object> json = Run.line("inspect --json", saved(ModelKind.MIXED)).ok().json();
    assertEquals(3.0, json.get("members"));
    assertEquals(8, ((List<?>) json.get("layers")).size()); // the inputs, the bins, two of each
  }

  @Test
  void weightsOfNetworksAreSaidWhereTheyAreUnequal() throws IOException {
    Path unequal = saved(ModelKind.UNEQUAL);
    int[] weights = Model.load(unequal).memberWeights();
    String shown = "[" + weights[0] + ", " + weights[1] + "]";
    Run run = Run.line("inspect", unequal).ok("Weights of the networks in the average: " + shown);
    run.says("Format 2, checksum holds");
    Map<String, Object> json = Run.line("inspect --json", unequal).ok().json();
    assertEquals(List.of((double) weights[0], (double) weights[1]), json.get("member_weights"));
    Run equal = Run.line("inspect", saved(ModelKind.SEVERAL)).ok("Format 1, checksum holds");
    assertFalse(equal.out().contains("in the average"));
    Path page = directory.resolve("report.html");
    Run.line("report", unequal, "--data", data, "--out", page).ok();
    String html = Files.readString(page);
    assertTrue(html.contains("Weights in the average") && html.contains(shown));
    Path compared = directory.resolve("compare.html");
    Run.line("compare", unequal, saved(ModelKind.SEVERAL), "--data", data, "--out", compared).ok();
    assertTrue(Files.readString(compared).contains(shown));
  }

  /** A model of other weights in the place of a run's own is found by every check. */
  @Test
  void weightsThatARunDidNotMakeAreFound() throws IOException {
    Path run = directory.resolve("reweighted");
    Run.line("train --data", data, "--out", run, "--hidden 5 --members 2 --epochs 2 --quiet").ok();
    Run.line("verify", run).ok();
    Path file = run.resolve("nn_model.npz");
    Model model = Model.load(file);
    Model.of(model.members(), 2, 1).save(file);
    Run.line("verify", run).failed("nn_model.npz");
    Run.line("train --data", data, "--initial-model", file, "--out", directory.resolve("more"))
        .failed("a model of 2 networks, expected one network");
  }

  @Test
  void gradientsAreThoseOfOneNetwork() throws IOException {
    Path bins = saved(ModelKind.BINS);
    Run.line("check --model", bins).ok("Gradient check passed");
    Run.line("check --model", bins, "--data", data).ok("Gradient check passed");
  }

  @Test
  void aReportSaysWhichWeightsNetworksHave() throws IOException {
    Path page = directory.resolve("report.html");
    Path run = directory.resolve("members");
    Run.line("train --data", data, "--out", run, "--hidden 5 --members 2 --epochs 3 --quiet").ok();
    Run.line("report", run, "--out", page).ok();
    assertContains(
        Files.readString(page),
        " The networks have the weights of their last epochs.",
        "The mean validation loss was smallest after");
  }
}
