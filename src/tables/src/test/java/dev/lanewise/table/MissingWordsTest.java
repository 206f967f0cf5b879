package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.FormatException;
import dev.lanewise.model.Model;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.internal.Cell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the strings that stand for a missing value. */
class MissingWordsTest {
  @TempDir Path directory;

  private Path file(String odd) throws IOException {
    StringBuilder text = new StringBuilder("ca,na,word,kind\n");
    for (int i = 0; i < 60; i++) {
      String word = i % 5 == 0 ? odd : "w" + i % 3;
      text.append("%s,%s,%s,%s\n".formatted(i * 37 % 53, i * 7 % 31, word, i % 2 == 0 ? "x" : "y"));
    }
    return Files.writeString(directory.resolve("t.csv"), text);
  }

  @Test
  void theFirstAreThoseOfEarlierVersions() {
    assertEquals(
        List.of("NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "?", "-"),
        Cell.EARLIER_MISSING_STRINGS);
  }

  @Test
  void youngerOnesAreKnownButMayNameAColumn() throws IOException {
    for (String odd : Cell.MISSING_STRINGS) {
      Schema schema = Schema.of(Datasets.load(file(odd))).orElseThrow();
      assertEquals(List.of("ca", "na", "word"), schema.columnNames());
      assertEquals(List.of("w0", "w1", "w2", ""), texts(schema));
      assertEquals(Cell.MISSING_STRINGS, schema.missing());
    }
  }

  /** Returns the names of the inputs of the third column, which has gaps if the last is empty. */
  private static List<String> texts(Schema schema) {
    List<String> texts = new ArrayList<>();
    for (String input : schema.inputNames()) {
      if (input.startsWith("word")) {
        texts.add(input.replaceAll("word=?|.*missing", ""));
      }
    }
    return texts;
  }

  @Test
  void furtherOnesAreAdded() throws IOException {
    TableOptions options = TableOptions.defaults().withMissingAlso(List.of("tbd", "NA", "9"));
    List<String> all = new ArrayList<>(Cell.MISSING_STRINGS);
    all.addAll(List.of("tbd", "9"));
    assertEquals(all, options.missing());
    Table table = Table.read(file("tbd"), ReadOptions.defaults().withTable(options));
    assertEquals(List.of("ca", "na", "word", "kind"), table.columns());
    assertTrue(table.cell(0, 2).isMissing());
    assertEquals("w1", table.cell(1, 2).text());
  }

  /** A model of an earlier version keeps its strings, whoever reads the table. */
  @Test
  void anEarlierModelKeepsItsOwn() throws IOException {
    Path file = file("na");
    TableOptions earlier = TableOptions.defaults().withMissing(Cell.EARLIER_MISSING_STRINGS);
    Table old = Table.read(file, ReadOptions.defaults().withTable(earlier));
    Model model =
        Recipe.named("table-fast").with("epochs", "1").fit(old.withTarget("kind")).model();
    Schema schema = model.schema().orElseThrow();
    assertEquals(List.of("na", "w0", "w1", "w2"), texts(schema));
    Dataset byFile = Datasets.load(file, model);
    Dataset byTable = Table.read(file).dataset(model);
    assertEquals(List.of(), unseen(byFile));
    assertEquals(unseen(byFile), unseen(byTable));
    TableOptions other = TableOptions.defaults().withMissingAlso(List.of("tbd"));
    Table read = Table.read(file, ReadOptions.defaults().withTable(other));
    assertThrows(IllegalArgumentException.class, () -> read.dataset(model));
  }

  private static List<String> unseen(Dataset data) {
    return data.notes().stream()
        .filter(note -> note.contains("missing") || note.contains("unknown"))
        .toList();
  }

  @Test
  void aTextThatNoListCanNameIsNotAdvised() throws IOException {
    StringBuilder text = new StringBuilder("size;kind\n");
    for (int i = 0; i < 60; i++) {
      text.append(i == 7 ? "see a, b" : "" + i * 37 % 53).append(i % 2 == 0 ? ";x\n" : ";y\n");
    }
    Path file = Files.writeString(directory.resolve("t.csv"), text);
    String message = assertThrows(FormatException.class, () -> Datasets.load(file)).getMessage();
    assertTrue(message.contains("column size is \"see a, b\""), message);
    assertTrue(!message.contains("withMissing"), message);
  }
}
