package dev.lanewise.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Tests that people and programs get the same figures of a result. */
class ResultTest {
  private static final Table<Integer> TABLE =
      Table.of(2)
          .text("name", List.of("a,b", "\u6f22")::get)
          .column("Rows", "rows", row -> 9 + row)
          .measure("size", row -> row == 0 ? Double.NaN : 2.5e-9)
          .forPeople("remark", row -> "row " + row)
          .forPrograms("kept", row -> row == 0 ? Table.ABSENT : (Object) true);

  private static String printed(boolean json, boolean quiet, Consumer<Result> blocks) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream to = new PrintStream(out, false, UTF_8);
    Result result = new Result("found", new Output(to, to, quiet, json));
    blocks.accept(result);
    result.end();
    return out.toString(UTF_8);
  }

  @Test
  void tablesAreTextAndObjects() {
    assertEquals(
        """
        name  Rows         size  remark
        a,b      9            -  row 0
        \u6f22      10  2.50000e-09  row 1
        """,
        printed(false, false, result -> result.table("t", TABLE)));
    assertEquals(
        "{\"event\":\"found\",\"t\":[{\"name\":\"a,b\",\"rows\":9,\"size\":null},{\"name\":\"\u6f22\",\"rows\":10,\"size\":2.5E-9,\"kept\":true}]}\n",
        printed(true, false, result -> result.table("t", TABLE)));
    Table<Integer> wide = Table.of(1).text("name", row -> "k".repeat(5000));
    String cut = "k".repeat(120) + "...\n";
    assertEquals("name\n" + cut, printed(false, false, r -> r.table("t", wide)).replace(" ", ""));
    assertEquals("of " + cut, printed(false, false, r -> r.say("of " + "k".repeat(5000))));
    assertEquals("name\n\"a,b\"\n", Table.of(1).text("name", row -> "a,b").csv());
  }

  @Test
  void aSentenceNamesFiguresThatProgramsGetToo() {
    Consumer<Result> blocks =
        result ->
            result
                .say("{rows} rows of {file}: {loss}", "file", "{rows}", "rows", 3, "loss", 0.25)
                .note("saved");
    assertEquals("3 rows of {rows}: 0.25000\nsaved\n", printed(false, false, blocks));
    assertEquals("3 rows of {rows}: 0.25000\n", printed(false, true, blocks));
    assertEquals(
        "{\"event\":\"found\",\"file\":\"{rows}\",\"rows\":3,\"loss\":0.25}\n",
        printed(true, false, blocks));
    assertThrows(IllegalArgumentException.class, () -> new Json().put("y", 1).in("{x}"));
  }
}
