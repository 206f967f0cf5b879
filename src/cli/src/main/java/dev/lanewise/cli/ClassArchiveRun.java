package dev.lanewise.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs the usual commands on a small table, so that the JVM loads their classes. The program's
 * launcher and image start this class to make the archive of classes that later starts map instead
 * of parsing class files. It prints nothing, and leaves no file.
 */
final class ClassArchiveRun {
  private ClassArchiveRun() {}

  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory("lanewise");
    int code = 0;
    try {
      String data = folder.resolve("data.csv").toString();
      String run = folder.resolve("run").toString();
      StringBuilder table = new StringBuilder("size,colour,kind\n");
      for (int i = 0; i < 60; i++) {
        table.append(i % 7).append(i % 2 == 0 ? ",red," : ",blue,");
        table.append(i % 7 > 3 ? "large\n" : "small\n");
      }
      Files.writeString(folder.resolve("data.csv"), table);
      for (List<String> words :
          List.of(
              List.of("inspect", data),
              List.of("train", "--data", data, "--epochs=1", "--members=1", "--out", run),
              List.of("evaluate", run, "--data", data),
              List.of("predict", run, "--data", data))) {
        PrintStream none = new PrintStream(OutputStream.nullOutputStream());
        code = Math.max(code, Main.run(none, none, words.toArray(String[]::new)));
      }
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    if (code != 0) {
      System.exit(code);
    }
  }
}
