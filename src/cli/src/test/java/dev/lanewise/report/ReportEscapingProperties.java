package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.format.NdArray;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import org.jsoup.nodes.Element;

/** A page shows any names unchanged, as text. */
class ReportEscapingProperties {
  private static final List<String> PIECES =
      List.of(
          "<script>alert(1)</script>",
          "</title>",
          "</style>",
          "<!--",
          "{{body}}",
          "{{title}}",
          "\"",
          "'",
          "&",
          "&lt;",
          "<",
          ">",
          "\u05d0\u05d1\u05d2",
          "\u0627\u0644",
          "\u202e",
          "\ud83d\ude00",
          "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
          "e\u0301",
          "\u0007",
          "\u007f",
          "\u0085",
          "%s",
          "$1",
          "\\",
          "=",
          " ",
          "x",
          "7");

  @Provide
  Arbitrary<String> names() {
    Arbitrary<String> pieces =
        Arbitraries.of(PIECES).list().ofMaxSize(4).map(list -> String.join("", list));
    Arbitrary<String> any =
        Arbitraries.strings().all().ofMaxLength(8).filter(ReportEscapingProperties::isStorable);
    Arbitrary<String> longs = pieces.map(piece -> (piece + "long ").repeat(150));
    return Arbitraries.frequencyOf(Tuple.of(8, pieces), Tuple.of(3, any), Tuple.of(1, longs));
  }

  /** Creates names that differ as they are shown, because a line of a page is found by its name. */
  @Provide
  Arbitrary<List<String>> threeNames() {
    return names().list().ofSize(3).uniqueElements(ReportEscapingProperties::shown);
  }

  /** Creates any text, including text that no file of names contains. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        names(), Arbitraries.of("\ud800", "a\udc00b", "\0", "\ufffe", "", "a\nb", "\tc", "d\r"));
  }

  private static boolean isStorable(String name) {
    try {
      NdArray.checkNames("names", List.of(name));
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String shown(String text) {
    return EscapingProperties.replaceForbidden(text);
  }

  /** Removes the characters that begin or end the isolation of a name. */
  private static String unsigned(String text) {
    return text.replaceAll("[\u2066-\u2069]", "");
  }

  private static List<String> whole(List<Element> elements) {
    return elements.stream().map(Element::wholeText).toList();
  }

  @Property(tries = 25)
  void ofATable(
      @ForAll("texts") String title,
      @ForAll("threeNames") List<String> drawn,
      @ForAll("threeNames") List<String> columns,
      @ForAll("threeNames") List<String> categories,
      @ForAll("texts") String setting,
      @ForAll("texts") String command) {
    Map<String, Integer> places = new HashMap<>();
    for (String column : columns) {
      places.put(column, places.size());
    }
    Schema schema =
        new Schema(
            List.of(
                new CategoryColumn(columns.get(0), 0, categories, false, false),
                new CategoryColumn(columns.get(1), 1, categories, false, true)),
            List.of(),
            Optional.empty(),
            List.of(columns.get(2)),
            places,
            true,
            List.of(),
            '.',
            Map.of());
    Model model =
        Model.of(Reports.model(Loss.SOFTMAX, schema.inputs(), List.of(3), 3))
            .withSchema(schema)
            .withClassNames(drawn);
    float[][] x = new float[12][schema.inputs()];
    int[] labels = new int[12];
    for (int i = 0; i < 12; i++) {
      x[i][i % 3] = 1;
      x[i][3 + i % 4] = 1;
      labels[i] = i % 2; // no row has the third class
    }
    Rows test = Rows.of(x, labels);
    Report report =
        new Report(title, model)
            .data(Dataset.of(test, test, test))
            .evaluation("test", test, Evaluator.evaluate(model, test, 1))
            .history(Reports.history(3, 2, 1), List.of(2))
            .settings(List.of("name=" + setting))
            .fact("Fact", setting)
            .command("java " + command);
    Page page = Reports.page(report);
    assertEquals(shown(title), page.one("h1").wholeText());
    assertEquals(shown(title), page.document().getElementsByTag("title").first().wholeText());
    assertEquals(shown(setting), page.fact("Fact"));
    assertEquals(setting.isEmpty() ? "yes" : shown(setting), page.fact("name"));
    assertEquals(shown("java " + command), page.one("pre").wholeText());
    List<String> shown = drawn.stream().map(ReportEscapingProperties::shown).toList();
    assertEquals(shown, whole(page.all("#confusion thead th")));
    assertEquals(shown, whole(page.all("#confusion tbody th")));
    List<List<String>> counts = page.table("Rows of each class");
    assertEquals(shown, counts.subList(1, 4).stream().map(row -> row.get(0)).toList());
    List<List<String>> cases = page.table("Least certain");
    List<String> names = new ArrayList<>();
    for (List<String> line : cases.subList(4, cases.size())) {
      names.add(line.get(0));
      int column = line.get(0).equals(shown(columns.get(0))) ? 0 : 1;
      for (int i = 1; i < line.size(); i++) {
        int row = Integer.parseInt(cases.get(0).get(i).substring(1));
        int category = column == 0 ? row % 3 : row % 4;
        String expected = category == 3 ? "missing" : shown(categories.get(category));
        assertEquals(expected, line.get(i));
      }
    }
    names.sort(null);
    assertEquals(
        columns.subList(0, 2).stream().map(ReportEscapingProperties::shown).sorted().toList(),
        names);
    // Sentences contain names, too.
    String absent = String.join(" ", page.all(".warn").stream().map(Element::wholeText).toList());
    assertTrue(
        unsigned(absent).contains("No row here is of class " + unsigned(shown.get(2))), absent);
  }

  @Property(tries = 15)
  void ofTargets(
      @ForAll @Size(2) @UniqueElements List<@From("names") String> targets,
      @ForAll @Size(2) @UniqueElements List<@From("names") String> features) {
    float[][] x = Reports.numbers(12, 2, 1);
    Rows test = Rows.of(x, Reports.numbers(12, 2, 2));
    Model model = Model.of(Reports.model(Loss.MSE, 2, List.of(), 2).withClassNames(targets));
    Report report =
        new Report("t", model)
            .data(Dataset.of(test, test, test).withFeatureNames(features))
            .evaluation("test", test, Evaluator.evaluate(model, test, 1));
    Page page = Reports.page(report);
    List<List<String>> errors = page.table("Errors, in the units of the target");
    for (int k = 0; k < 2; k++) {
      assertEquals(shown(targets.get(k)), errors.get(k + 1).get(0));
    }
    List<String> heads =
        page.table("The rows with the largest errors").stream()
            .skip(5)
            .map(line -> line.get(0))
            .sorted()
            .toList();
    assertEquals(features.stream().map(ReportEscapingProperties::shown).sorted().toList(), heads);
  }
}
