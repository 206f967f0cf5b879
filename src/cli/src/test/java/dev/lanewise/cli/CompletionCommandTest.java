package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.cli.options.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionCommandTest {
  @TempDir Path dir;

  @Test
  void bashCompletesCommands() throws Exception {
    Set<String> expected = new TreeSet<>(Usage.COMMANDS);
    expected.addAll(List.of("--help", "--version"));
    assertEquals(expected, completed(""));
    assertEquals(Set.of("predict"), completed("pre"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "cross-validate", "serve", "completion"})
  void bashCompletesOptions(String command) throws Exception {
    assertEquals(new TreeSet<>(Usage.of(command).hyphenated()), completed(command, "--"));
  }

  @Test
  void bashLeavesValuesToNamesOfFiles() throws Exception {
    assertEquals(Set.of(), completed("train", "--data", "da"));
  }

  @Test
  void zshDescribesEveryCommandAndOption() {
    String script = Run.of("completion", "zsh").ok().out();
    assertTrue(script.startsWith("#compdef lanewise\n"));
    assertTrue(
        script.contains("'train:train on a data set; save model, statistics, curves and ..."));
    for (String command : Usage.COMMANDS) {
      assertTrue(script.contains("'" + command + ":"), command);
      Usage usage = Usage.of(command);
      assertEquals(usage.values.keySet(), usage.descriptions.keySet());
      String line =
          script.lines().filter(l -> l.startsWith("      " + command + ")")).findAny().get();
      usage.hyphenated().forEach(option -> assertTrue(line.contains("'" + option + ":"), option));
      assertEquals(0, line.replace("'\\''", "").chars().filter(c -> c == '\'').count() % 2, line);
    }
    assertTrue(script.contains("'--epochs:passes over the training rows; auto: 256"), script);
  }

  /** Returns what bash offers for words after the name of the program. */
  private Set<String> completed(String... words) throws Exception {
    Path script = dir.resolve("script");
    Files.writeString(script, Run.of("completion", "bash").ok().out());
    ProcessBuilder bash =
        new ProcessBuilder(
            "bash",
            "-c",
            ". \"$1\"; shift; COMP_WORDS=(lanewise \"$@\"); COMP_CWORD=$#; _lanewise;"
                + " printf '%s\\n' \"${COMPREPLY[@]}\"",
            "bash",
            script.toString());
    bash.command().addAll(List.of(words));
    Set<String> offered = new TreeSet<>();
    try {
      Process process = bash.start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor());
      text.lines().filter(line -> !line.isEmpty()).forEach(offered::add);
    } catch (IOException e) {
      assumeTrue(false, "no bash on this machine");
    }
    return offered;
  }
}
