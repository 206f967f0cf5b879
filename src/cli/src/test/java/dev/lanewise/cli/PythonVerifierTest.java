package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.OwnJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verifier in Python confirms honest runs. It needs a Python that has numpy. */
class PythonVerifierTest {
  private static final Path PROGRAM =
      OwnJvm.ROOT.resolve(Path.of("src", "verifier", "lanewise_verifier.py"));

  @TempDir Path directory;
  private final List<String> runs = new ArrayList<>(); // folders

  private String table(String name, String header, String... lines) throws IOException {
    StringBuilder text = new StringBuilder(header + "\n");
    for (int row = 0; row < 60; row++) {
      text.append((row * 7 % 11) / 2.0).append(',').append(lines[row % lines.length]);
      text.append('\n');
    }
    return Files.writeString(directory.resolve(name), text).toString();
  }

  private Path trained(String options) {
    Path out = directory.resolve("run" + runs.size());
    Run.line("train --hidden 5 --out", out, options).ok();
    runs.add(out.toString());
    return out;
  }

  /** Runs the verifier with words, and returns what it prints, with its exit code at the end. */
  private static String verifier(List<String> words) throws Exception {
    String said = "no python3";
    for (String python : List.of("python3", "/usr/bin/python3")) {
      List<String> command = new ArrayList<>(List.of(python, "-B", PROGRAM.toString()));
      command.addAll(words);
      Process process;
      try {
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
      } catch (IOException e) {
        continue;
      }
      said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (!said.contains("No module named 'numpy'")) {
        return said + "exit " + code;
      }
    }
    assumeTrue(false, said.strip() + ": no Python that has numpy");
    return "";
  }

  private void confirmed() throws Exception {
    for (String run : runs) {
      String said = verifier(List.of(run));
      assertTrue(said.endsWith("exit 0"), said);
    }
  }

  @Test
  void wordsMakeAColumnACategoryWhoseNumbersHaveTheirDigits() throws Exception {
    trained("--epochs 2 --data " + table("c.csv", "a,c,y", "01,u", "1,v", "x,u", "x,v", "1,u"));
    trained("--epochs 2 --data " + table("t.csv", "a,y", "01", "1", "2", "02", "1", "1", "1"));
    confirmed();
  }

  @Test
  void optionsHaveTheDefaultsOfTheProgram() throws Exception {
    String data = "--epochs 2 --data " + table("d.csv", "a,b,y", "9,u", "9.0,v", "3,u", "4,u");
    trained("--optimizer rmsprop --eta 0.001 " + data);
    trained("--best none --valid-fraction 0.2 " + data);
    trained("--missing 9 " + data);
    confirmed();
  }
}
