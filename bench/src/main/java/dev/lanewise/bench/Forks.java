package dev.lanewise.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs tasks with JMH in rounds, with one fork per task and round. JMH itself would run all forks
 * of a task in a row, and a disturbance on a shared machine would affect that task alone.
 */
final class Forks {
  /** Largest permitted ratio of the fastest to the slowest iteration of a fork. */
  private static final double STEADY = 1.25;

  private final CompareOptions options;
  private final PrintStream progress;
  private BenchmarkParams lastParams;

  Forks(CompareOptions options, PrintStream progress) {
    this.options = options;
    this.progress = progress;
  }

  Samples run(List<Task> tasks) throws RunnerException, IOException {
    Samples samples = new Samples();
    int total = options.forks() * tasks.size();
    int done = 0;
    for (int round = 0; round < options.forks(); round++) {
      for (Task task : tasks) {
        List<Double> iterations = run(task, samples);
        // The median discards an interrupted iteration.
        samples.add(task, Samples.median(iterations));
        boolean steady = Collections.max(iterations) < STEADY * Collections.min(iterations);
        if (!steady) {
          samples.addUnsteady(task);
        }
        progress.printf(
            "%d/%d %s: %.1f (%.1f to %.1f%s)%n",
            ++done,
            total,
            task,
            Samples.median(iterations),
            Collections.min(iterations),
            Collections.max(iterations),
            steady ? "" : ", varying");
      }
    }
    return samples;
  }

  /** Returns the JVM that ran the last fork. */
  BenchmarkParams lastParams() {
    return lastParams;
  }

  private List<Double> run(Task task, Samples samples) throws RunnerException, IOException {
    Path log = Files.createTempFile("compare", ".log");
    try {
      ChainedOptionsBuilder builder =
          new OptionsBuilder()
              .include("^dev\\.lanewise\\.bench\\." + task.benchmark().replace(".", "\\.") + "$")
              .forks(1)
              .threads(task.threads())
              .warmupIterations(options.warmup().count())
              .warmupTime(TimeValue.milliseconds(options.warmup().milliseconds()))
              .measurementIterations(options.measurement().count())
              .measurementTime(TimeValue.milliseconds(options.measurement().milliseconds()))
              .jvmArgs(options.jvmArgs().toArray(String[]::new)) // and those of the annotation
              .jvmArgsPrepend("-D" + Product.ALSO_UNSTABLE + "=true")
              .shouldFailOnError(true)
              .output(log.toString());
      if (options.quick()) {
        builder.jvmArgsPrepend(
            "-D" + Product.ALSO_UNSTABLE + "=true", "-D" + Product.LONGEST_WARM_UP + "=4");
      }
      if (!options.jvm().isEmpty()) {
        builder.jvm(options.jvm());
      }
      task.parameters().forEach(builder::param);
      builder.param("mixed", Boolean.toString(options.mixed())); // other benchmarks ignore it
      Collection<RunResult> results = new Runner(builder.build()).run();
      RunResult result = results.iterator().next();
      lastParams = result.getParams();
      if (Files.readString(log).contains(Product.ALSO_UNSTABLE + ": ")) {
        samples.addUnsteady(task);
      }
      return gigaflops(result);
    } catch (RunnerException e) {
      progress.print(Files.readString(log));
      throw e;
    } finally {
      Files.delete(log);
    }
  }

  /** Returns the GFLOP/s of each iteration. */
  private static List<Double> gigaflops(RunResult result) {
    List<Double> iterations = new ArrayList<>();
    for (BenchmarkResult fork : result.getBenchmarkResults()) {
      for (IterationResult iteration : fork.getIterationResults()) {
        iterations.add(iteration.getSecondaryResults().get("gigaflop").getScore());
      }
    }
    return iterations;
  }
}
