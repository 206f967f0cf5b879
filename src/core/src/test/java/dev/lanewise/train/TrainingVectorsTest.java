package dev.lanewise.train;

import dev.lanewise.Vectors;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The conformance vectors of small trainings, epoch by epoch. */
class TrainingVectorsTest {
  /** Makes rows of five numbers, whose classes depend on them. */
  private static Rows split(int rows, int seed, Loss loss, boolean weighted) {
    Random random = new Random(seed);
    float[][] x = new float[rows][5];
    int[] classes = new int[rows];
    float[][] numbers = new float[rows][2];
    float[] weights = new float[rows];
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < 5; j++) {
        x[row][j] = random.nextInt(2001) / 1000f - 1;
      }
      classes[row] = x[row][0] > 0.3 ? 2 : x[row][1] > 0 ? 1 : 0;
      weights[row] = random.nextInt(5) / 3f;
      for (int k = 0; k < 2; k++) {
        numbers[row][k] =
            loss.task().hasNumbers() ? x[row][k] * 3 + x[row][2] : x[row][k] > 0 ? 1 : 0;
      }
    }
    Rows split = loss.task().hasClasses() ? Rows.of(x, classes) : Rows.of(x, numbers);
    return weighted ? split.withRowWeights(weights) : split;
  }

  @Test
  void trainings() {
    Vectors vectors =
        new Vectors(
            "trainings",
            "rows of losses (huber and pinball have those of mse), and the parameters before the first epoch, after each, and of the"
                + " result; options as in run.json; rows"
                + " have weights where these name a column of them");
    for (Loss loss : List.of(Loss.SOFTMAX, Loss.SIGMOID, Loss.MSE, Loss.MAE)) {
      rows(vectors, "training rows", split(23, 1, loss, true), loss);
      rows(vectors, "validation rows", split(9, 2, loss, true), loss);
    }
    train(vectors, Loss.SOFTMAX, Activation.RELU, "", Trainer.builder());
    train(
        vectors,
        Loss.SOFTMAX,
        Activation.SELU,
        "dropout=0.3 dropout-schedule=flat-cosine dropout-epochs=3 optimizer=adam schedule=cosine-log"
            + " schedule-epochs=3 label-smoothing=0.1 short-batch=drop bias-rate=0.1 input-rate=6"
            + " rate-by-inputs=yes best=error best-of-equals=last",
        Trainer.builder()
            .dropout(0.3)
            .optimizer(Optimizer.adam())
            .schedule(Schedule.cosineLog(3))
            .flatCosineDropout(3)
            .labelSmoothing(0.1)
            .dropShortBatch(true)
            .biasRate(0.1)
            .inputRate(6)
            .ratesByInputs(true)
            .best(BestEpoch.LAST_ERROR));
    train(
        vectors,
        Loss.SOFTMAX,
        Activation.GELU,
        "balanced=yes class-weights=balanced clip-norm=0.2 optimizer=momentum momentum=0.9 weight-decay=0.1 best=loss",
        Trainer.builder()
            .sampling(Sampling.BALANCED)
            .balancedClassWeights()
            .clipNorm(0.2)
            .optimizer(Optimizer.momentum(0.9))
            .weightDecay(WeightDecay.l2(0.1))
            .best(BestEpoch.LOSS));
    train(
        vectors,
        Loss.SOFTMAX,
        Activation.TANH,
        "eta=1e-9 class-weights=1,0,2.5 best=error best-of-equals=first patience=1",
        Trainer.builder().classWeights(1, 0, 2.5).best(BestEpoch.ERROR).patience(1));
    train(
        vectors,
        Loss.SOFTMAX,
        Activation.TANH,
        "eta=1e-9 best=error best-of-equals=last",
        Trainer.builder().best(BestEpoch.LAST_ERROR));
    train(
        vectors,
        Loss.SOFTMAX,
        Activation.RELU,
        "eta=0.5 best=loss best-of-equals=last",
        Trainer.builder().best(BestEpoch.LAST_LOSS));
    train(
        vectors,
        Loss.SOFTMAX,
        Activation.RELU,
        "weight-column=weights class-weights=1,0.3,2.7",
        Trainer.builder().classWeights(1, 0.3, 2.7));
    train(
        vectors,
        Loss.MSE,
        Activation.MISH,
        "optimizer=nesterov momentum=0.9 schedule=step schedule-epochs=1 schedule-factor=0.5",
        Trainer.builder().optimizer(Optimizer.nesterov(0.9)).schedule(Schedule.step(1, 0.5)));
    train(
        vectors,
        Loss.HUBER,
        Activation.SILU,
        "optimizer=rmsprop beta2=0.99 epsilon=1e-8 dropout=0.5 best=error",
        Trainer.builder()
            .optimizer(Optimizer.rmsProp(0.99, 1e-8))
            .dropout(0.5)
            .best(BestEpoch.ERROR));
    train(
        vectors,
        Loss.MAE,
        Activation.LEAKY_RELU,
        "weight-column=weights optimizer=adamw weight-decay=0.01 no-shuffle=yes best=loss",
        Trainer.builder()
            .optimizer(Optimizer.adam())
            .weightDecay(WeightDecay.decoupled(0.01))
            .sampling(Sampling.SEQUENTIAL)
            .best(BestEpoch.LOSS));
    train(
        vectors,
        Loss.pinball(0.7),
        Activation.SOFTPLUS,
        "best=error",
        Trainer.builder().best(BestEpoch.ERROR));
    train(
        vectors,
        Loss.SIGMOID,
        Activation.ELU,
        "schedule=exponential schedule-factor=0.9 warmup=2 clip-norm=0.1 best=loss best-of-equals=last",
        Trainer.builder()
            .schedule(Schedule.exponential(0.9).withWarmup(2))
            .clipNorm(0.1)
            .best(BestEpoch.LAST_LOSS));
    vectors.check();
  }

  private static void rows(Vectors vectors, String name, Rows split, Loss loss) {
    float[] targets = new float[split.rows() * 2];
    if (!loss.task().hasClasses()) {
      split.copyTargets(null, 0, split.rows(), targets, 0);
    }
    float[] weights = new float[split.rows()];
    for (int row = 0; row < weights.length; row++) {
      weights[row] = split.weight(row);
    }
    vectors.add(
        name,
        "loss|x|t|weights",
        loss.label(),
        UpdateVectorsTest.values(split),
        loss.task().hasClasses() ? labels(split) : targets,
        weights);
  }

  private static int[] labels(Rows split) {
    return IntStream.range(0, split.rows()).map(split::label).toArray();
  }

  private static void train(
      Vectors vectors, Loss loss, Activation activation, String options, TrainerBuilder builder) {
    double eta = options.startsWith("eta=") ? Double.parseDouble(options.split("[= ]")[1]) : 0.1;
    int outputs = loss.task().hasClasses() ? 3 : 2;
    Architecture sizes =
        new Architecture(5, List.of(4, 3), outputs, List.of(activation, activation));
    Mlp initial = Mlp.initial(sizes, Initializer.HE, 3).withLoss(loss);
    boolean weighted = options.contains("weight-column");
    Dataset data = Dataset.of(split(23, 1, loss, weighted), split(9, 2, loss, weighted));
    List<float[]> after = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public boolean onStep(StepResult result) {
            return true;
          }

          @Override
          public boolean onEpoch(EpochResult result) {
            return true;
          }

          @Override
          public boolean onEpoch(EpochResult result, EpochView view) {
            after.add(view.network().parameters());
            return true;
          }
        };
    TrainingRun run =
        builder
            .seed(3)
            .epochs(3)
            .batchSize(6)
            .learningRate(eta)
            .listener(listener)
            .build()
            .fit(initial, data);
    vectors.add(
        "training of 5-4-3-" + outputs,
        "loss|activation|options|initial|after|best epoch|result",
        loss.label(),
        activation.label(),
        ("seed=3 init=he epochs=3 batch-size=6 " + (eta == 0.1 ? "eta=0.1 " : "") + options)
            .strip(),
        initial.parameters(),
        after,
        run.bestEpoch(),
        run.model().parameters());
  }
}
