package dev.lanewise.cli;

import dev.lanewise.files.FileDigest;
import dev.lanewise.files.RunRecord;
import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.kernel.Processor;
import dev.lanewise.parallel.Team;
import dev.lanewise.recipe.RecipeRun;
import dev.lanewise.report.TrainingCurves;
import dev.lanewise.rows.Schema;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Usage;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.TrainingRun;
import dev.lanewise.train.TrainingRun.Outcome;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Gathers the record of a run while its networks train. */
final class RunRecorder {
  private final Instant started = Instant.now();
  private final Training training;
  private final List<? extends NetworkRecorder> networks;
  private List<Json> data; // the files that were read
  private String jar;
  private FileTask reading; // null if their digests are known

  /** Computes the digests of the files that were read, during the training. */
  RunRecorder(Training training, List<? extends NetworkRecorder> networks) {
    this(training, networks, null);
    reading =
        new FileTask(
            () -> {
              data = RunRecord.data(training.arguments);
              jar = jar();
              return null;
            });
  }

  /**
   * Makes the recorder of a repeated run, which has read files with these entries in its record.
   */
  RunRecorder(Training training, List<? extends NetworkRecorder> networks, List<Json> data) {
    this.training = training;
    this.networks = networks;
    this.data = data;
  }

  /** Returns the digest of the running jar, or the reason why there is none. */
  private static String jar() throws IOException {
    try {
      Path place =
          Path.of(RunRecorder.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Files.isRegularFile(place) ? FileDigest.one("", place).sha256() : "classes";
    } catch (URISyntaxException | RuntimeException e) { // a runtime image has no such file
      return "classes";
    }
  }

  /** Returns the part of the record that is known before the first step. */
  Json beginning() {
    return new Json()
        .put("given", RunRecord.options(training.given()))
        .put("options", RunRecord.options(training.used()))
        .put("data", data)
        .put("schema_sha256", Schema.of(training.data()).map(s -> s.digest()).orElse(null));
  }

  /**
   * Returns the record of the run.
   *
   * @param end the last event
   */
  Json json(RecipeRun run, Json end) throws IOException {
    if (reading != null) {
      reading.await();
    }
    List<TrainingRun> runs = run.members();
    boolean isOne = runs.size() == 1;
    Json metrics = new Json();
    for (String split : List.of("train", "valid", "test")) {
      metrics.put(split, end.members.get(split));
    }
    for (String more : List.of("validation", "imbalance")) {
      if (end.members.get(more) != null) {
        metrics.put(more, end.members.get(more));
      }
    }
    Json record = new Json().put("format", RunRecord.OF_RUN);
    if (isOne) {
      networks.get(0).put(runs.get(0), training.rows(0).train().rows(), record);
    } else {
      record.put("outcome", RunRecord.outcome(run.outcome())).put("epochs", run.history().epochs());
    }
    record.put("loss", TrainingCurves.measure(run.model())).put("metrics", metrics);
    record.put(beginning());
    if (isOne) {
      networks.get(0).putWeights(runs.get(0), record);
    } else {
      boolean diverged = run.outcome() == Outcome.DIVERGED;
      record.put("weights", new Json().put("final", diverged ? null : run.model().sha256()));
      List<Json> members = new ArrayList<>();
      for (int m = 0; m < runs.size(); m++) {
        Json member = new Json();
        networks.get(m).put(runs.get(m), training.rows(m).train().rows(), member);
        networks.get(m).putWeights(runs.get(m), member);
        members.add(member);
      }
      record.put("members", members);
    }
    return record
        .put("jar_sha256", jar)
        .put("machine", machine(training.arguments))
        .put("kernels", KernelChoice.current().served())
        .put("threads", end.members.get("threads"))
        .put("started", started)
        .put("ended", Instant.now())
        .put("seconds_of_epochs", seconds(run))
        .put("seconds_of_digests", networks.stream().mapToDouble(network -> network.spent).sum());
  }

  /** Returns the time of all epochs by the clock, while several networks train side by side. */
  private double seconds(RecipeRun run) {
    double all = run.history().results().stream().mapToDouble(EpochResult::seconds).sum();
    if (networks.size() == 1) {
      return all;
    }
    double own = 0; // of this process, which may have resumed others
    double sum = 0;
    for (NetworkRecorder each : networks) {
      Duration until = Duration.between(started, each.ended);
      own = Math.max(own, until.toNanos() * 1e-9);
      sum += each.trained;
    }
    return own + (all - sum) / Math.min(networks.size(), training.arguments.threads());
  }

  /** Returns the version, the kernels in use and the machine. */
  static Json machine(Arguments arguments) {
    KernelChoice kernels = KernelChoice.current();
    return new Json()
        .put("version", Usage.version())
        .put(
            "jdk",
            "%s (%s, %s)"
                .formatted(
                    System.getProperty("java.version"),
                    System.getProperty("java.vm.name"),
                    System.getProperty("java.vm.vendor")))
        .put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"))
        .put("cpu", Processor.name())
        .put("cores", Runtime.getRuntime().availableProcessors())
        .put("heap_mib", Runtime.getRuntime().maxMemory() >> 20)
        .put("kernels", kernels.vector() ? "vector" : "scalar")
        .put("lane_bits", kernels.laneBits())
        .put("reason", kernels.reason())
        .put("wrong", kernels.wrong().isEmpty() ? null : kernels.wrong())
        .put("faster", kernels.hint().isEmpty() ? null : kernels.hint())
        .put("threads", Team.most(arguments.threads()))
        .put(
            "threads_by",
            Team.isFixed()
                ? "-Dlanewise.threads=fixed"
                : "clock: this number or fewer, whichever is quicker");
  }
}
