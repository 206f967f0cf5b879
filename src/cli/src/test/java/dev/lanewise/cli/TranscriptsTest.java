package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.OwnJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page of transcripts shows what the commands print today. src/testing/transcripts regenerates
 * the page.
 */
class TranscriptsTest {
  private static final String COMMAND = "    $ lanewise ";

  @TempDir private Path folder;

  @Test
  void theTranscriptsOfTheDigitsAreThoseOfToday() throws Exception {
    assumeTrue(Run.VECTOR, "GoldenDigestsTest holds the digests on scalar kernels, in less time");
    String page = Files.readString(OwnJvm.ROOT.resolve("src/site/transcripts.md"));
    String section =
        page.substring(page.indexOf("## The digits"), page.indexOf("## Interrupted and resumed"));
    Files.createDirectories(folder.resolve("data"));
    Files.copy(OwnJvm.ROOT.resolve("data/digits.npz"), folder.resolve("data/digits.npz"));
    List<String> shown =
        section
            .lines()
            .filter(line -> line.startsWith("    "))
            .filter(TranscriptsTest::isSame)
            .collect(Collectors.toList());
    List<String> commands =
        shown.stream()
            .filter(line -> line.startsWith(COMMAND))
            .map(line -> line.substring(COMMAND.length()))
            .toList();
    assertEquals(10, commands.size());

    String printed = OwnJvm.runIn(folder, Program.class, commands.toArray(String[]::new));
    assertEquals(
        String.join("\n", shown).strip(),
        printed.lines().filter(TranscriptsTest::isSame).collect(Collectors.joining("\n")));
  }

  /**
   * Returns whether a line is the same on every machine and in every version; an .onnx file has the
   * version in it.
   */
  private static boolean isSame(String line) {
    boolean ofMachine =
        Stream.of("jdk ", "system ", "cpu ", "cores ", "heap_mib ", "kernels ", "lane_bits ")
            .anyMatch(name -> line.startsWith("    " + name));
    return !ofMachine
        && !line.matches(
            "    (reason|faster|threads|threads_by) .*|    Saved .*[.]onnx .*|    Most steps used .*")
        && !line.isBlank();
  }

  /** Runs one command after the other in this folder, as the page shows them. */
  static final class Program {
    private Program() {}

    public static void main(String[] commands) {
      for (String command : commands) {
        System.out.println(COMMAND + command);
        String[] parts = command.split(" \\| head -n ");
        Run run = Run.line(parts[0]);
        List<String> lines = new ArrayList<>(run.out().lines().toList());
        int count = parts.length == 1 ? lines.size() : Integer.parseInt(parts[1]);
        lines.subList(0, count).forEach(line -> System.out.println("    " + line));
      }
    }
  }
}
