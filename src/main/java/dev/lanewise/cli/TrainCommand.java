package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.TrainingRun;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** {@code train}: from data to a model, its statistics and its curves. */
final class TrainCommand implements Command {
  @Override
  public Usage usage() {
    Stream<Option> now =
        Stream.of(
            DataSource.DATA,
            DataSource.TARGET,
            DataSource.SPLIT_SIZES,
            Option.value("scale", "auto|none|255|standard", "auto", "what the inputs go through"),
            TrainingPlan.HIDDEN,
            Option.value("epochs", "N", "1000", "passes over the training rows"),
            Option.value("batch-size", "N", "100", "rows of a mini-batch; -1: all of them"),
            Option.value("eta", "X", "0.01", "learning rate"),
            Option.value("init", "course|he|glorot", "course", "how the weights start"),
            Option.value(
                "seed", "N", "0", "seed of initial weights, shuffles, splits of a CSV file"),
            Option.flag("no-shuffle", "rows in file order every epoch"),
            Option.value("initial-model", "FILE", "", "start from its weights and layers"),
            Option.value(
                "out", "DIR", "", "where the files go (default: runs/N, N the next number)"),
            Option.flag("force", "replace a model that DIR holds already"),
            Option.flag("verbose", "a line a step and two an epoch"));
    Stream<Option> later =
        Option.later(
            "activation",
            "loss",
            "optimizer",
            "momentum",
            "beta1",
            "beta2",
            "epsilon",
            "schedule",
            "warmup",
            "weight-decay",
            "dropout",
            "label-smoothing",
            "clip-norm",
            "class-weights",
            "patience",
            "checkpoint-every",
            "resume");
    return new Usage(
        "train",
        "",
        "train on a data set; save model, statistics and curves",
        Stream.concat(now, later).toList(),
        List.of(
            "The same data, options and seed give the same weights to the last bit, on any machine",
            "and with any number of threads. Ctrl-C finishes the step and saves what there is."),
        List.of(
            "train",
            "train --epochs 200 --eta 0.1 --seed 7",
            "train --data toronto_face.npz --hidden 16,80 --out faces --verbose",
            "train --data iris.csv --target species --split-sizes 0.7,0.15,0.15 --hidden none",
            "train --initial-model runs/1/nn_model.npz --eta 0.001"));
  }

  @Override
  public int run(Arguments arguments, Output output, Interruption interruption) throws IOException {
    TrainingPlan plan = new TrainingPlan(arguments);
    Mlp given = plan.loadInitial();
    Dataset data = plan.loadData(given);
    Mlp initial = plan.initial(given, data);
    output.kernelHint();
    plan.describe(output, data, initial);
    // From here on there is something to lose.
    return interruption.finish(() -> train(plan, data, initial, output, interruption));
  }

  private static int train(
      TrainingPlan plan, Dataset data, Mlp initial, Output output, Interruption interruption)
      throws IOException {
    Json start = plan.startEvent(data, initial);
    output.event(start);
    RunFiles files = new RunFiles(plan.createDirectory());
    TrainingMonitor monitor = new TrainingMonitor(plan, data, output, interruption);
    TrainingRun run;
    try {
      run = plan.trainer(monitor).fit(initial, data);
    } catch (RuntimeException | Error e) {
      files.discardIfEmpty();
      throw e;
    } finally {
      monitor.close();
    }
    return new Conclusion(plan, data, run, monitor, files, output).save(start);
  }
}
