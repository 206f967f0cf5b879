package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.internal.MetadataName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that pages which list names give all of them, in the order of the constants. */
class NamesInPagesTest {
  static List<List<Object>> lists() {
    return List.of(
        List.of("| `activations` | ", Activation.labels()), List.of("| `loss` | ", Loss.labels()));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void theFormatPageListsAll(List<Object> list) throws IOException {
    String page = Files.readString(Path.of("src/site/files.md"));
    int start = page.indexOf("" + list.get(0)) + list.get(0).toString().length();
    Matcher name =
        Pattern.compile("`([^`]+)`").matcher(page.substring(start, page.indexOf(';', start)));
    List<String> found = new ArrayList<>();
    while (name.find()) {
      found.add(name.group(1));
    }
    assertEquals(list.get(1), found);
  }

  /** Readers of model files find the first array of each fact in the page on formats. */
  @ParameterizedTest
  @EnumSource(MetadataName.class)
  void theFormatPageHasEachFact(MetadataName fact) throws IOException {
    String page = Files.readString(Path.of("src/site/files.md"));
    assertTrue(page.contains("`" + fact.array()), fact.array());
  }
}
