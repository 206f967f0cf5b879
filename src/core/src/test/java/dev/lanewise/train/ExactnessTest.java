package dev.lanewise.train;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lanewise.data.Dataset;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares trainings with golden digests, which are the same for every kernel, lane width, number
 * of threads, JDK and processor. .ci/run runs this test in all the ways that a machine offers. A
 * change that alters a digest must say so, and why.
 */
class ExactnessTest {
  private static TrainerBuilder trainer(int threads) {
    return Trainer.builder().threads(threads);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void courseNetworkOnDigits(int threads) {
    TrainingRun run = trainer(threads).epochs(20).build().fit(Digits.network(0), Digits.DATA);
    assertEquals(
        "a4196b5ee475bfa304d2c0b69cdce739f1f42b2632b57cecac919d8493c4c0d5", run.model().sha256());
    assertEquals(EXPECTED_LOSS, run.history().validLoss()[19]);
  }

  private static final double EXPECTED_LOSS = 2.2888604349560207;

  /**
   * The network is so wide that every thread gets a share, sums exceed a cache block, and columns
   * exceed a tile.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void wideNetwork(int threads) throws IOException {
    Dataset data = ArrayData.load(Resources.file("reference_data.npz"));
    Mlp initial = Mlp.initial(Architecture.relu(144, List.of(500, 67), 5), Initializer.GLOROT, -5);
    TrainingRun run =
        trainer(threads)
            .epochs(3)
            .batchSize(64)
            .learningRate(0.1)
            .seed(8)
            .build()
            .fit(initial, data);
    assertEquals(
        "9e7dc9669cd97e5cdc13ac4c676daed70828ed679dc05519b14b9fcd66cbac87", run.model().sha256());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void fullBatchWithoutHiddenLayers(int threads) {
    Mlp initial = Mlp.initial(Architecture.relu(64, List.of(), 10), Initializer.HE, 1);
    TrainingRun run =
        trainer(threads)
            .epochs(10)
            .batchSize(-1)
            .learningRate(0.5)
            .build()
            .fit(initial, Digits.DATA);
    assertEquals(
        "f18a2ee2d5a54e2bae1cbe14f71a70727ca23af1899d2ca69f1eb4eb9153e514", run.model().sha256());
  }

  static Stream<Arguments> optimizers() {
    return Stream.of(
            arguments(
                Trainer.builder().optimizer(Optimizer.momentum(0.9)),
                "99b1a39be75dd5f7ab3ad9b5f6e152fa932fcd4120b273c8801565bee0f1c62f"),
            arguments(
                Trainer.builder().optimizer(Optimizer.nesterov(0.9)),
                "eeb142e87f2b3ac230b6aa2a2757f7b246461add3a7433a6358d0bb008dc2abe"),
            arguments(
                Trainer.builder().optimizer(Optimizer.rmsProp(0.99, 1e-8)),
                "09c78e42d228a1edcc88ec80dae310e92ccea7db145090af5932d7113cff8cc1"),
            arguments(
                Trainer.builder().optimizer(Optimizer.adam(0.9, 0.999, 1e-8)),
                "1446fe4e49a0837e6c95a27c7000bc4b0124495fdf5993f22d7dccbd52e23e0c"),
            arguments(
                Trainer.builder()
                    .optimizer(Optimizer.adam())
                    .weightDecay(WeightDecay.decoupled(0.01)),
                "d37eaec00a1a4bfdfea03d3b28dd531d42f4d06e8b078d9c231a66fbf3173cf9"))
        .flatMap(
            a -> Stream.of(1, 2, 4).map(threads -> arguments(a.get()[0], threads, a.get()[1])));
  }

  /** Trains the wide network, in whose layers every thread has a share, with every optimizer. */
  @ParameterizedTest
  @MethodSource("optimizers")
  void everyOptimizer(TrainerBuilder optimizer, int threads, String sha256) throws IOException {
    Dataset data = ArrayData.load(Resources.file("reference_data.npz"));
    Mlp initial = Mlp.initial(Architecture.relu(144, List.of(500, 67), 5), Initializer.GLOROT, -5);
    TrainingRun run =
        optimizer
            .threads(threads)
            .epochs(3)
            .batchSize(64)
            .learningRate(1e-3)
            .seed(8)
            .build()
            .fit(initial, data);
    assertEquals(sha256, run.model().sha256());
  }

  private static final Map<Activation, String> ACTIVATIONS =
      Map.ofEntries(
          entry(
              Activation.RELU, "d11005dfbc3a7628cd116f884a583ec21440ee8bf2d8c7551742325f2c835063"),
          entry(
              Activation.LEAKY_RELU,
              "9a12006900e1874779800a1d6af9afa592a040152a95ee35d56ec172a8c24e30"),
          entry(Activation.ELU, "31c59b083ba89045773524d3aa2bb6c2b75c850d772ec85247ada6a958a6e15f"),
          entry(
              Activation.SELU, "776c5908311a85e736030e9367f6d581506fa4de3186bc10377753c45324c203"),
          entry(
              Activation.GELU, "12d5b685fa62452b1d7aecd3fd0b94c11fd58b7097c838ac7ac441a8b4178a4a"),
          entry(
              Activation.GELU_TANH,
              "6b10c391f9220fd6eb972c21754f96e9715f082797f896f830d77ee0474823b3"),
          entry(
              Activation.SILU, "cefd581c485604ad9a22623dc78fcc6d5a1f062c07dbd90c90e6f13dfc318787"),
          entry(
              Activation.MISH, "2c619f4472a31e91dba6a4eb238068d9e9f2ce3f7a5829442db15c1c4cd25de0"),
          entry(
              Activation.SOFTPLUS,
              "10a174f1a0dd9603a68c737c3bc8f1c8df37b464227f3948cef4cc59af1e1643"),
          entry(
              Activation.TANH, "811323d1979250680ee8547ee0cc8b94362f30f70c6c35b7783564939b780db8"),
          entry(
              Activation.SIGMOID,
              "73c87816f6393bdd79ed2da487e38f16add8da8026991a3c32dea2bafb097253"),
          entry(
              Activation.IDENTITY,
              "01684972845b34d643612537130895d695474ce30e9e1d6818bd3556c9d97362"));

  static Stream<Arguments> activations() {
    return Stream.of(Activation.values())
        .flatMap(a -> Stream.of(1, 2).map(threads -> arguments(a, threads)));
  }

  @ParameterizedTest
  @MethodSource("activations")
  void everyActivation(Activation activation, int threads) throws IOException {
    Dataset data = ArrayData.load(Resources.file("reference_data.npz"));
    Architecture architecture =
        new Architecture(144, List.of(500, 67), 5, List.of(activation, activation));
    TrainingRun run =
        trainer(threads)
            .epochs(2)
            .batchSize(64)
            .learningRate(0.1)
            .seed(8)
            .build()
            .fit(Mlp.initial(architecture, Initializer.HE, -5), data);
    assertEquals(ACTIVATIONS.get(activation), run.model().sha256());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5})
  void evaluationDoesNotDependOnThreads(int threads) {
    Mlp model = trainer(1).epochs(5).build().fit(Digits.network(3), Digits.DATA).model();
    RowResults one = RowResults.of(model, Digits.DATA.train(), 1);
    RowResults many = RowResults.of(model, Digits.DATA.train(), threads);
    assertEquals(one.score(), many.score());
    assertEquals(one.score(), Score.of(model, Digits.DATA.train(), threads));
    assertArrayEquals(one.results(), many.results());
    assertArrayEquals(one.predicted(), many.predicted());
    assertArrayEquals(one.places(), many.places());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, -1, Long.MAX_VALUE})
  void seedsMatter(long seed) {
    TrainingRun zero = trainer(1).epochs(1).build().fit(Digits.network(0), Digits.DATA);
    TrainingRun weights = trainer(1).epochs(1).build().fit(Digits.network(seed), Digits.DATA);
    TrainingRun order = trainer(1).epochs(1).seed(seed).build().fit(Digits.network(0), Digits.DATA);
    assertNotEquals(zero.model().sha256(), weights.model().sha256());
    assertNotEquals(zero.model().sha256(), order.model().sha256());
  }
}
