package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be typed, and what the help says of it. */
class OptionTableTest {
  static List<Usage> usages() {
    return Program.COMMANDS.stream().map(Command::usage).toList();
  }

  @ParameterizedTest
  @MethodSource("usages")
  void namesAreDistinctAndHelped(Usage usage) {
    Set<String> names = new HashSet<>();
    usage
        .all()
        .forEach(
            option -> {
              assertTrue(names.add(option.name()), option.name());
              assertEquals(option.available(), !option.help().isEmpty(), option.name());
            });
  }

  @ParameterizedTest
  @MethodSource("usages")
  void helpHasEveryOptionAndExamplesThatParse(Usage usage) {
    Run run = Run.of(usage.command(), "--help");
    assertEquals(ExitCode.DONE, run.code());
    assertEquals("", run.err());
    usage
        .all()
        .forEach(option -> assertTrue(run.out().contains(option.hyphenated()), option.name()));
    assertFalse(usage.examples().isEmpty());
    for (String example : usage.examples()) {
      assertTrue(run.out().contains("lanewise " + example), example);
      List<String> words = List.of(example.replaceFirst(" [|>].*", "").split(" "));
      assertEquals(usage.command(), words.get(0));
      ArgumentParser.parse(usage, words.subList(1, words.size()));
    }
    run.lines().forEach(line -> assertTrue(line.length() <= 100, line));
  }

  @Test
  void helpOfTheProgramHasEveryCommand() {
    Run run = Run.of("--help");
    assertEquals(ExitCode.DONE, run.code());
    usages().forEach(usage -> assertTrue(run.out().contains("  " + usage.command() + " ")));
  }

  @Test
  void helpWinsOverWrongValues() {
    assertEquals(ExitCode.DONE, Run.of("train", "--epochs", "ten", "--help").code());
    assertEquals(ExitCode.DONE, Run.of("inspect", "--help").code());
  }

  @Test
  void versionIsThatOfTheBuild() {
    Run run = Run.of("--version");
    assertEquals(ExitCode.DONE, run.code());
    assertTrue(run.out().matches("lanewise [0-9]+\\.[0-9]+\\..*\n"), run.out());
  }

  @Test
  void courseValuesAreTheDefaults() {
    Arguments arguments = ArgumentParser.parse(new TrainCommand().usage(), List.of());
    assertEquals("data/digits.npz", arguments.text("data"));
    assertEquals("16,80", arguments.text("hidden"));
    assertEquals(1000, arguments.integer("epochs", 0, Integer.MAX_VALUE));
    assertEquals("100", arguments.text("batch-size"));
    assertEquals("0.01", arguments.text("eta"));
    assertEquals("course", arguments.text("init"));
    assertEquals(0, arguments.seed("seed"));
    assertFalse(arguments.has("no-shuffle"));
  }

  @Test
  void bothSpellingsOfAValueAreTheSame() {
    Usage usage = new TrainCommand().usage();
    Arguments a = ArgumentParser.parse(usage, List.of("--batch-size", "-1", "--out", "a=b"));
    Arguments b = ArgumentParser.parse(usage, List.of("--batch-size=-1", "--out=a=b"));
    assertEquals("-1", a.text("batch-size"));
    assertEquals("-1", b.text("batch-size"));
    assertEquals("a=b", a.text("out"));
    assertEquals("a=b", b.text("out"));
  }

  @Test
  void distanceCountsSwapsOnce() {
    assertEquals(0, Nearest.distance("train", "train"));
    assertEquals(1, Nearest.distance("trian", "train"));
    assertEquals(1, Nearest.distance("tran", "train"));
    assertEquals(1, Nearest.distance("traiin", "train"));
    assertEquals(5, Nearest.distance("", "train"));
    assertEquals(3, Nearest.distance("kitten", "sitting"));
  }
}
