package dev.lanewise.bench;

import dev.lanewise.data.Dataset;
import dev.lanewise.table.Datasets;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.TrainingListener;
import dev.lanewise.train.TrainingRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures how time and memory grow with rows and parameters: the time of an epoch per row and
 * parameter, and the peak memory of the process and the promised memory. Each size runs in a
 * separate JVM with default flags, which loads a file and trains with Adam for some seconds.
 *
 * <pre>
 * java -cp bench/target/benchmarks.jar dev.lanewise.bench.Growth [layer-sizes:rows ...]
 * </pre>
 */
public final class Growth {
  private static final String[] SCALES = {
    "64-128-10:1000",
    "64-128-10:10000",
    "64-128-10:100000",
    "64-128-10:1000000",
    "784-128-10:2000",
    "784-800-480-10:2000",
    "784-2800-2800-10:2000",
    "784-5100-5100-10:2000",
  };

  private static final int BATCH = 128;
  private static final double SECONDS = 4;
  private static final int LEAST_EPOCHS = 3;

  /**
   * Number of parameter arrays: weights, gradient, the model's copy, and Adam's means and squares.
   */
  private static final int ARRAYS = 3 + 2;

  /** Memory in MB that a JVM needs without data, including its compilers. */
  private static final double FIXED_MB = 150;

  private Growth() {}

  /**
   * Prints a table.
   *
   * @param args sizes; by default 10^3 to 10^6 rows and 10^4 to 3 10^7 parameters
   * @throws IOException if a file cannot be written, or a JVM cannot be started
   * @throws InterruptedException if the wait for a JVM is interrupted
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length == 3 && args[0].equals("--fork")) {
      train(args[1], Path.of(args[2]));
      return;
    }
    System.out.println(
        "| network | parameters | rows | epoch, ms | ps per row and parameter | peak MB | promised |");
    System.out.println("|---|---:|---:|---:|---:|---:|---:|");
    for (String scale : args.length == 0 ? SCALES : args) {
      String[] parts = scale.split(":");
      Workload work = Workload.of(parts[0] + ":adam:" + BATCH);
      Path file = Files.createTempFile("growth", ".npz");
      try {
        work.write(file, Integer.parseInt(parts[1]), 0);
        fork(scale, file);
      } finally {
        Files.delete(file);
      }
    }
  }

  private static void fork(String scale, Path file) throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules=jdk.incubator.vector",
            "-cp",
            System.getProperty("java.class.path"),
            Growth.class.getName(),
            "--fork",
            scale,
            file.toString());
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("no result for " + scale + ": exit code " + process.exitValue());
    }
  }

  /** Measures one size in this JVM. */
  private static void train(String scale, Path file) throws IOException {
    String[] parts = scale.split(":");
    Workload work = Workload.of(parts[0] + ":adam:" + BATCH);
    Dataset data = Datasets.load(file);
    long end = System.nanoTime() + (long) (SECONDS * 1e9);
    TrainingListener enough =
        new TrainingListener() {
          @Override
          public boolean onEpoch(EpochResult result) {
            return result.epoch() < LEAST_EPOCHS - 1 || System.nanoTime() < end;
          }
        };
    TrainingRun run =
        work.trainer(1).epochs(1_000_000).listener(enough).build().fit(work.initial(), data);
    List<Double> times = new ArrayList<>();
    for (EpochResult result : run.history().results()) {
      times.add(result.seconds());
    }
    // All code is compiled in the second half.
    double seconds = Samples.median(times.subList(times.size() / 2, times.size()));
    long parameters = work.architecture().parameterCount();
    double rows = data.train().rows();
    double megabytes = 1e-6 * (rows * work.architecture().inputs() + 4.0 * ARRAYS * parameters);
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %.0f | %.4g | %.0f | %s | %.0f |%n",
        parts[0],
        parameters,
        rows,
        1e3 * seconds,
        1e12 * seconds / rows / parameters,
        peak(),
        megabytes + FIXED_MB);
  }

  /** Returns the peak memory of this process in MB, which only Linux reports. */
  private static String peak() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return "";
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmHWM:")) {
        return String.format(
            Locale.ROOT, "%.0f", 1024e-6 * Long.parseLong(line.replaceAll("\\D", "")));
      }
    }
    return "";
  }
}
