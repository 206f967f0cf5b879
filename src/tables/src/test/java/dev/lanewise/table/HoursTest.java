package dev.lanewise.table;

import static dev.lanewise.table.Options.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.Division;
import dev.lanewise.rows.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns of dates have inputs for the hour if training rows have different times of day. */
class HoursTest {
  @TempDir Path directory;

  private Dataset load(int rows, IntFunction<String> when, LoadOptions... options)
      throws IOException {
    String text = table("when,x,y", rows, i -> List.of(when.apply(i), i % 7, i * 0.5));
    Path file = Files.writeString(directory.resolve("data.csv"), text);
    return Datasets.load(file, Options.with(options, Options.WHOLE));
  }

  /** Returns the names of the inputs of the dates, without those of months and weekdays. */
  private static List<String> inputs(Dataset data) {
    Schema schema = Schema.of(data).orElseThrow();
    assertEquals("when", schema.columns().get(0).name());
    return schema.columns().get(0).inputNames().stream()
        .filter(name -> !name.contains("month") && !name.contains("weekday"))
        .toList();
  }

  @Test
  void oneTimeOfDayIsNoInformation() throws IOException {
    for (String time : List.of("", "T00:00", " 00:00:00.000", "T12:30", "T00:00+02:00")) {
      Dataset data = load(30, i -> "2024-05-%02d".formatted(1 + i) + time);
      assertEquals(List.of("when"), inputs(data), time);
      assertEquals("date", Schema.of(data).orElseThrow().columns().get(0).kind());
    }
    assertEquals(
        List.of("when"),
        inputs(load(30, i -> "2024-05-%02d%s".formatted(1 + i, i == 3 ? "T00" + ":00" : ""))));
  }

  @Test
  void hoursAreInputs() throws IOException {
    List<String> time = List.of("when time sine", "when time cosine");
    assertEquals(
        List.of("when", "when hour=00", "when hour=17", "when hour=23", time.get(0), time.get(1)),
        inputs(
            load(
                30, i -> "2024-05-" + (10 + i % 20) + List.of("", "T17:30", "T23:59").get(i % 3))));
    assertEquals( // the time as written, although all are the same in UTC
        List.of("when", "when hour=11", "when hour other", time.get(0), time.get(1)),
        inputs(load(30, i -> "2024-05-" + (10 + i % 20) + (i == 7 ? "T10:00Z" : "T11:00+01:00"))));
    assertEquals( // minutes of one hour, of which there is no category
        List.of("when", time.get(0), time.get(1)),
        inputs(load(30, i -> "2024-05-10T11:%02d".formatted(i))));
  }

  @Test
  void timesOfDayHaveNeitherMonthNorWeekday() throws IOException {
    Dataset data = load(30, i -> i == 4 ? "" : "1970-01-01T%02d:%02d".formatted(i % 3 * 10, i));
    DateColumn column = (DateColumn) Schema.of(data).orElseThrow().columns().get(0);
    assertTrue(column.isTimeOfDay());
    assertEquals(
        List.of(
            "when",
            "when missing",
            "when hour=00",
            "when hour=10",
            "when hour=20",
            "when hour missing",
            "when time sine",
            "when time cosine"),
        column.inputNames());
  }

  /** The digest of a file depends on its times only if they are inputs. */
  @Test
  void spellingsOfATimeAreTheSameData() throws IOException {
    String digest = digest(load(30, i -> "2024-05-11T%02d:00:00".formatted(i % 24)));
    assertEquals(digest, digest(load(30, i -> "2024-05-11 %02d:00".formatted(i % 24))));
    assertEquals(
        "590ce0b2d2075d7f6b8cb486e0039beb790895c891a32483f336a4c36b04db16",
        digest(load(30, i -> "2024-05-%02dT09:00".formatted(1 + i))),
        "as before");
  }

  private static String digest(Dataset data) {
    return Division.of(data).map(Division::digest).orElseThrow();
  }
}
