package dev.lanewise.bench;

import java.util.List;

/**
 * The command line of {@link Compare}.
 *
 * @param shapes a built-in list, a file, or shapes separated by commas
 * @param impls the implementations
 * @param threads the numbers of threads to measure
 * @param forks number of rounds, each with one fork per task
 * @param warmup the untimed part of each fork
 * @param measurement the timed part of each fork
 * @param quick whether two minutes must do, so that products may be measured before their rate is
 *     stable
 * @param mixed whether a fork computes other products first
 * @param jvm the java command; empty for that of this process
 * @param jvmArgs further arguments of that JVM
 */
record CompareOptions(
    String shapes,
    List<String> impls,
    List<Integer> threads,
    int forks,
    Iterations warmup,
    Iterations measurement,
    boolean quick,
    boolean mixed,
    String jvm,
    List<String> jvmArgs) {
  static final String USAGE =
      """
      java -cp benchmarks.jar dev.lanewise.bench.Compare [OPTION]...
        --shapes X        table (default), quick, random, fused, threads, a file with a shape a
                          line, or shapes such as NN:512x512x512,TN:784x512x128
        --impl LIST       of lanewise,openblas,netlib (default: all)
        --threads LIST    one table for each number (default 1; with --shapes threads, 2)
        --forks N         rounds, each a fresh JVM for everything measured (default 5)
        --warmup NxMS     untimed iterations of a fork (default 5x200)
        --measurement NxMS  timed iterations of a fork (default 5x200)
        --quick           ends within two minutes, with rough figures: --shapes quick
                          --impl lanewise,openblas --forks 1 --warmup 2x100 --measurement 3x100,
                          and at most 4 s until the rate of a product is stable, not 15
        --mixed           forks compute other products first, as an application would
        --jvm PATH        another java, such as $JAVA_HOME/bin/java
        --jvm-args ARGS   more arguments for it, such as -XX:UseAVX=2
      """;

  private static final List<String> ALL = List.of("lanewise", "openblas", "netlib");

  /** Number of iterations and their length. */
  record Iterations(int count, int milliseconds) {
    static Iterations of(String text) {
      String[] parts = text.split("x");
      if (parts.length != 2) {
        throw new IllegalArgumentException(
            "iterations " + text + ": must be a number and milliseconds, such as 5x200");
      }
      return new Iterations(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    @Override
    public String toString() {
      return count + " x " + milliseconds + " ms";
    }
  }

  static CompareOptions parse(String[] args) {
    boolean quick = List.of(args).contains("--quick");
    String shapes = quick ? "quick" : "table";
    String impls = quick ? "lanewise,openblas" : String.join(",", ALL);
    String threads = "";
    int forks = quick ? 1 : 5;
    Iterations warmup = quick ? new Iterations(2, 100) : new Iterations(5, 200);
    Iterations measurement = quick ? new Iterations(3, 100) : new Iterations(5, 200);
    boolean mixed = false;
    String jvm = "";
    String jvmArgs = "";
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--quick") || args[i].equals("--mixed")) {
        mixed |= args[i].equals("--mixed");
        continue;
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + ": unknown option, or its value is missing");
      }
      String value = args[++i];
      switch (args[i - 1]) {
        case "--shapes" -> shapes = value;
        case "--impl" -> impls = value;
        case "--threads" -> threads = value;
        case "--forks" -> forks = Integer.parseInt(value);
        case "--warmup" -> warmup = Iterations.of(value);
        case "--measurement" -> measurement = Iterations.of(value);
        case "--jvm" -> jvm = value;
        case "--jvm-args" -> jvmArgs = value.strip();
        default -> throw new IllegalArgumentException(args[i - 1] + ": unknown option");
      }
    }
    List<String> names = List.of(impls.split(","));
    if (!ALL.containsAll(names)) {
      throw new IllegalArgumentException("--impl " + impls + ": must be of " + ALL);
    }
    if (threads.isEmpty()) {
      threads = shapes.equals("threads") ? "2" : "1";
    }
    return new CompareOptions(
        shapes,
        names,
        List.of(threads.split(",")).stream().map(Integer::valueOf).toList(),
        forks,
        warmup,
        measurement,
        quick,
        mixed,
        jvm,
        jvmArgs.isEmpty() ? List.of() : List.of(jvmArgs.split("\\s+")));
  }
}
