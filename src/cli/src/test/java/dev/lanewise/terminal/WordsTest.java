package dev.lanewise.terminal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.internal.Remedy;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WordsTest {
  @ParameterizedTest
  @EnumSource
  void everyRemedyIsAnOptionThatThereIs(Remedy remedy) {
    String words = Words.OPTIONS.get(remedy).replace("%s-totals", "skip-totals");
    Set<String> options = new TreeSet<>();
    Usage.COMMANDS.forEach(command -> options.addAll(Usage.of(command).hyphenated()));
    assertTrue(
        options.stream().anyMatch(option -> words.matches(".*" + option + "(?![a-z-]).*")), words);
  }
}
