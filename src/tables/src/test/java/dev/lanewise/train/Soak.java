package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.FormatException;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictor;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.ReadOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Trains, predicts, saves and loads from several threads for a long time, under a heap of 128 MB:
 * memory must stay flat, and bits right. In the first half of the time the process is killed again
 * and again, and goes on from its checkpoint; every file then is whole. In the second half it is
 * left alone, and its memory is looked at: all of the heap is touched at once, so that what is
 * resident besides does not hide behind it.
 *
 * <pre>
 * mvn -q test-compile
 * java --add-modules jdk.incubator.vector -cp src/core/target/classes:src/tables/target/classes:src/tables/target/test-classes \
 *     dev.lanewise.train.Soak [minutes, 30] [share of them with kills, 0.5]
 * </pre>
 *
 * Ends with the exit code 1 if something was wrong. It works in a folder of its own, which goes.
 */
final class Soak {
  private static final List<String> HEAP = List.of("-Xmx128m", "-Xms128m", "-XX:+AlwaysPreTouch");
  private static final int SAMPLE_MILLIS = 5_000;
  private static final int EPOCHS = 12;
  private static final double GROWTH = 1.1; // of medians, beside noise of:
  private static final long NOISE = 3 << 20;

  private Soak() {}

  /** With the length in minutes; or as the process that is killed. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 3) {
      new Worker(Path.of(arguments[1]), arguments[2]).run();
      return;
    }
    double minutes = arguments.length == 0 ? 30 : Double.parseDouble(arguments[0]);
    double share = arguments.length < 2 ? 0.5 : Double.parseDouble(arguments[1]);
    Path folder = Files.createTempDirectory("lanewise-soak");
    boolean isSound;
    try {
      isSound = soak(folder, (long) (minutes * 60e9), share);
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    System.out.println(isSound ? "soak: sound" : "soak: FAILED");
    System.exit(isSound ? 0 : 1);
  }

  private static boolean soak(Path folder, long nanos, double share) throws Exception {
    Files.writeString(table(folder), table());
    Dataset data = data(folder);
    Mlp initial = initial(data);
    String digest = trainer(null).fit(initial, data).model().digest();
    long begin = System.nanoTime();
    Random random = new Random(1);
    int kills = 0;
    int left = 0;
    while (System.nanoTime() - begin < nanos * share) {
      Process process = start(folder, digest);
      boolean ended = process.waitFor(1_500 + random.nextInt(8_000), TimeUnit.MILLISECONDS);
      if (ended) {
        System.out.println("soak: ended by itself with " + process.exitValue());
        return false;
      }
      process.destroyForcibly().waitFor();
      kills++;
      left += check(folder, digest);
    }
    System.out.printf(
        "soak: %d kills, every file whole after each; %d temporary files were left%n", kills, left);
    Process process = start(folder, digest);
    if (process.waitFor(begin + nanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      System.out.println("soak: ended by itself with " + process.exitValue());
      return false;
    }
    process.destroyForcibly().waitFor();
    left += check(folder, digest);
    return isFlat(Files.readAllLines(log(folder)));
  }

  private static Process start(Path folder, String digest) throws IOException {
    Files.deleteIfExists(log(folder));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-ea",
                "-cp",
                System.getProperty("java.class.path")));
    command.addAll(HEAP);
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    }
    command.addAll(List.of(Soak.class.getName(), "worker", folder.toString(), digest));
    return new ProcessBuilder(command).inheritIO().start();
  }

  /** Reads what a killed process has left, and returns how many temporary files that are. */
  private static int check(Path folder, String digest) throws IOException {
    int left = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".tmp")) {
          left++;
          Files.delete(file);
        } else if (name.startsWith("checkpoint")) {
          Checkpoint.load(file);
        } else if (name.startsWith("model") && !Mlp.load(file).digest().equals(digest)) {
          throw new FormatException(name, "another model, expected that of an undisturbed run");
        }
      }
    }
    return left;
  }

  /** Compares the medians of the second and the last quarter; the first warms up. */
  private static boolean isFlat(List<String> lines) {
    boolean isFlat = true;
    String[] columns = {"heap", "resident", "threads", "files"};
    for (int k = 0; k < columns.length; k++) {
      long[] values = new long[lines.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = Long.parseLong(lines.get(i).split(" ")[k]);
      }
      long[] medians = new long[4]; // of quarters
      for (int q = 0; q < 4; q++) {
        int from = values.length * q / 4;
        medians[q] = median(Arrays.copyOfRange(values, from, values.length * (q + 1) / 4));
      }
      long early = medians[1];
      long late = medians[3];
      boolean flat = late <= early * GROWTH + (k < 2 ? NOISE : 1);
      System.out.println(
          "soak: " + columns[k] + " " + Arrays.toString(medians) + (flat ? "" : ": grows"));
      isFlat &= flat;
    }
    System.out.println("soak: " + lines.get(lines.size() - 1).replaceFirst("(\\S+ ){4}", ""));
    return isFlat;
  }

  private static long median(long[] values) {
    Arrays.sort(values);
    return values.length == 0 ? 0 : values[values.length / 2];
  }

  private static Path table(Path folder) {
    return folder.resolve("table.csv");
  }

  private static Path log(Path folder) {
    return folder.resolve("log");
  }

  private static String table() {
    StringBuilder text = new StringBuilder("colour,a,b,c,d,e,f,g,target\n");
    Random random = new Random(2);
    for (int row = 0; row < 2_000; row++) {
      text.append("red,green,blue".split(",")[random.nextInt(3)]);
      double sum = 0;
      for (int column = 0; column < 7; column++) {
        double value = random.nextInt(1000) / 100.0;
        sum += value * (column - 3);
        text.append(',').append(value);
      }
      text.append(sum > 0 ? ",yes\n" : ",no\n");
    }
    return text.toString();
  }

  private static Dataset data(Path folder) throws IOException {
    return Datasets.load(table(folder), ReadOptions.defaults().withTarget("target"));
  }

  private static Mlp initial(Dataset data) {
    Architecture architecture =
        new Architecture(
            data.features(),
            List.of(40, 20),
            data.classes(),
            List.of(Activation.RELU, Activation.GELU));
    return Mlp.initial(architecture, Initializer.HE, 3)
        .withScaling(data.scaling())
        .withClassNames(data.classNames())
        .withSchema(data.schema().orElseThrow())
        .withDivision(data.division().orElseThrow());
  }

  /** Saves checkpoints if it is told where. */
  private static Trainer trainer(Path checkpoint) {
    TrainerBuilder builder =
        Trainer.builder()
            .epochs(EPOCHS)
            .batchSize(50)
            .optimizer(Optimizer.adam(0.9, 0.999, 1e-8))
            .learningRate(0.001)
            .dropout(0.1)
            .threads(2);
    if (checkpoint != null) {
      builder
          .checkpointEvery(0.05)
          .listener(
              new Listening()
                  .checkpoints(
                      taken -> {
                        try {
                          taken.save(checkpoint);
                        } catch (IOException e) {
                          throw new UncheckedIOException(e);
                        }
                      }));
    }
    return builder.build();
  }

  /** The process that is killed. */
  private static final class Worker {
    private final Path folder;
    private final String digest;
    private final LongAdder trainings = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder loads = new LongAdder();
    private final LongAdder saves = new LongAdder();

    Worker(Path folder, String digest) {
      this.folder = folder;
      this.digest = digest;
    }

    void run() throws Exception {
      loop(() -> train(0));
      loop(() -> train(1));
      loop(this::predict);
      loop(this::predict);
      loop(this::reload);
      while (true) {
        Thread.sleep(SAMPLE_MILLIS);
        sample();
      }
    }

    /** What may fail. */
    private interface Work {
      void run() throws Exception;
    }

    private static void loop(Work work) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  while (true) {
                    work.run();
                  }
                } catch (Throwable e) {
                  e.printStackTrace();
                  Runtime.getRuntime().halt(1);
                }
              });
      thread.start();
    }

    private void require(boolean right, String what) {
      if (!right) {
        throw new AssertionError(what);
      }
    }

    /** Goes on where the process before was killed. */
    private void train(int number) throws IOException {
      Path file = folder.resolve("checkpoint" + number + ".npz");
      Dataset data = data(folder);
      Trainer trainer = trainer(file);
      TrainingRun run =
          Files.exists(file)
              ? trainer.resume(Checkpoint.load(file), data)
              : trainer.fit(initial(data), data);
      require(run.model().digest().equals(digest), "trained to other bits");
      run.model().save(folder.resolve("model" + number + ".npz"));
      Files.deleteIfExists(file);
      trainings.increment();
    }

    private void predict() throws Exception {
      Path file = folder.resolve("model0.npz");
      if (!Files.exists(file)) {
        Thread.sleep(100);
        return;
      }
      Mlp model = Mlp.load(file);
      require(model.digest().equals(digest), "loaded another model");
      int features = model.architecture().inputs();
      int count = 64;
      float[] inputs = new float[count * features];
      Random random = new Random(4);
      for (int i = 0; i < inputs.length; i++) {
        inputs[i] = random.nextInt(100) / 10f;
      }
      Predictor predictor = model.predictor(count);
      float[] all = new float[count * 2];
      float[] one = new float[2];
      for (int round = 0; round < 200; round++) {
        predictor.predict(inputs, count, all, null);
        int row = round % count;
        float[] input = Arrays.copyOfRange(inputs, row * features, (row + 1) * features);
        predictor.predict(input, one);
        require(one[0] == all[2 * row] && one[1] == all[2 * row + 1], "predicted other bits");
        rows.add(count + 1);
      }
    }

    private void reload() throws Exception {
      Path file = folder.resolve("model1.npz");
      if (!Files.exists(file)) {
        Thread.sleep(100);
        return;
      }
      Mlp model = Mlp.load(file);
      loads.increment();
      Path copy = folder.resolve("model-copy.npz");
      model.save(copy);
      saves.increment();
      require(Mlp.load(copy).digest().equals(digest), "saved another model");
    }

    /** Of what is resident the system's allocator keeps much that compilers have freed. */
    private static void trim() {
      try {
        ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
        ManagementFactory.getPlatformMBeanServer()
            .invoke(commands, "systemTrimNativeHeap", new Object[0], new String[0]);
      } catch (JMException e) {
        // Another JDK or system: then this may be taken for growth.
      }
    }

    private void sample() throws IOException {
      System.gc();
      trim();
      Runtime runtime = Runtime.getRuntime();
      long heap = runtime.totalMemory() - runtime.freeMemory();
      long resident = 0;
      long files = 0;
      Path status = Path.of("/proc/self/status");
      if (Files.exists(status)) { // on Linux
        for (String line : Files.readAllLines(status)) {
          resident = line.startsWith("VmRSS:") ? number(line) * 1024 : resident;
        }
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
          files = open.count();
        }
      }
      int threads = ManagementFactory.getThreadMXBean().getThreadCount();
      String line =
          "%d %d %d %d %s trainings, %s rows predicted, %s models loaded, %s saved%n"
              .formatted(heap, resident, threads, files, trainings, rows, loads, saves);
      Path log = log(folder);
      Files.writeString(log, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static long number(String line) {
      return Long.parseLong(line.replaceAll("\\D", ""));
    }
  }
}
