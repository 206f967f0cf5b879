package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jsoup.nodes.Element;

class RunComparisonProperties {
  private static final Set<String> ELEMENTS = elements(page("a name ".repeat(40), "x", "y"));

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of(
            "<script>alert(1)</script>",
            "\"'><img src=x onerror=alert(1)>",
            "</table></main>",
            "&lt;&amp;&#60;",
            "]]>",
            "{{body}}{{style}}",
            "\u05e9\u05dc\u05d5\u05dd\u202e\u2066",
            "\ud83d\ude00\ud83d\udc69\u200d\ud83d\udcbb",
            "\ud83d",
            "\0\u001b[31m\n\r\t",
            "a")
        .list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .map(list -> String.join("", list));
  }

  private static String page(String name, String setting, String value) {
    RunComparison.Run run = RunComparisonTest.run(name, name, "d", 0.5, 2);
    RunComparison.Run other =
        new RunComparison.Run(
            "b",
            name,
            false,
            Set.of("d"),
            "seed 0",
            Map.of(setting, value, "eta", "1"),
            run.history(),
            -1,
            Map.of(),
            1,
            "");
    return RunComparisonTest.html(run, other);
  }

  private static Set<String> elements(String page) {
    return Page.of(page).all("main *").stream().map(Element::tagName).collect(Collectors.toSet());
  }

  @Property(tries = 100)
  void allNamesAreShownAndHarmless(
      @ForAll("names") String name,
      @ForAll("names") String setting,
      @ForAll("names") String value) {
    String page = page(name, "x" + setting, value);
    assertTrue(ELEMENTS.containsAll(elements(page)), elements(page).toString());
    String text = Page.of(page).document().wholeText();
    for (String each : List.of(name, "x" + setting, value)) {
      assertTrue(text.contains(EscapingProperties.replaceForbidden(each)), each);
    }
  }
}
