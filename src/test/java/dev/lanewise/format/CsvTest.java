package dev.lanewise.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {
  @TempDir Path directory;

  private List<List<String>> parse(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    List<List<String>> records = new ArrayList<>();
    try (Csv csv = Csv.open(TestFiles.write(directory, "a.csv", bytes))) {
      while (csv.next()) {
        List<String> record = new ArrayList<>();
        for (int i = 0; i < csv.fields(); i++) {
          record.add(csv.text(i));
        }
        records.add(record);
      }
    }
    return records;
  }

  @Test
  void readsTheExamplesOfTheRfc() throws IOException {
    List<List<String>> two = List.of(List.of("aaa", "bbb", "ccc"), List.of("zzz", "yyy", "xxx"));
    assertEquals(two, parse("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n"));
    assertEquals(two, parse("aaa,bbb,ccc\nzzz,yyy,xxx"));
    assertEquals(two, parse("aaa,bbb,ccc\rzzz,yyy,xxx\r"));
    assertEquals(two, parse("\ufeff\n\"aaa\",\"bbb\",\"ccc\"\r\n\r\nzzz,yyy,xxx\n\n\n"));
    assertEquals(List.of(List.of("aaa", "b \r\nbb", "ccc")), parse("\"aaa\",\"b \r\nbb\",\"ccc\""));
    assertEquals(List.of(List.of("aaa", "b\"bb", "")), parse("\"aaa\",\"b\"\"bb\",\r\n"));
    assertEquals(List.of(List.of("", "", "")), parse(",,"));
    assertEquals(List.of(List.of("\u00e9,", " x ")), parse("\"\u00e9,\", x "));
  }

  @Test
  void countsLinesInsideQuotes() throws IOException {
    byte[] bytes = "a\n\"b\r\nb\nb\"\nc\r\n\r\nd".getBytes(StandardCharsets.UTF_8);
    List<Long> lines = new ArrayList<>();
    try (Csv csv = Csv.open(TestFiles.write(directory, "a.csv", bytes))) {
      while (csv.next()) {
        lines.add(csv.line());
      }
    }
    assertEquals(List.of(1L, 2L, 5L, 7L), lines);
  }

  private double number(String text) throws IOException {
    byte[] bytes = ("x," + text).getBytes(StandardCharsets.UTF_8);
    try (Csv csv = Csv.open(TestFiles.write(directory, "n.csv", bytes))) {
      csv.next();
      return csv.number(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, -0.0",
    "255, 255",
    "+1.5, 1.5",
    ".5, 0.5",
    "5., 5",
    "1e3, 1000",
    "-1.25E-2, -0.0125",
    "0.1, 0.1",
    "123456789.123456789, 123456789.123456789",
    "9007199254740993, 9007199254740992",
    "1e400, NaN",
    "0.30000000000000004, 0.30000000000000004",
    "1e-400, 0",
    "12345678901234567890123, 12345678901234567890123",
    "2.2250738585072011e-308, 2.225073858507201E-308",
    "0.00000000000000000000001, 1e-23"
  })
  void readsNumbers(String text, double expected) throws IOException {
    assertEquals(expected, number(text));
    assertEquals(expected, number("\" " + text + "\t\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-",
        ".",
        "e5",
        "1e",
        "1e+",
        "1f",
        "1d",
        "0x10",
        "NaN",
        "nan",
        "inf",
        "Infinity",
        "1 2",
        "1.2.3",
        "--1",
        "1,5x",
        "\u0661",
        "1_000",
        "NA"
      })
  void refusesWhatIsNoNumber(String text) throws IOException {
    assertEquals(Double.NaN, number(text.contains(",") ? Csv.quoted(text) : text));
  }

  @Test
  void quotesWhatNeedsIt() throws IOException {
    for (String text : List.of("plain", "a,b", "say \"x\"", "two\nlines", "cr\r", " sp ")) {
      assertEquals(List.of(List.of("k", text)), parse("k," + Csv.quoted(text)));
    }
    assertEquals("plain", Csv.quoted("plain"));
  }

  @Test
  void readsRecordsAcrossBlocks() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 30_000; i++) {
      text.append(i).append(",\"q").append(i).append("\"\"\"\r\n");
    }
    List<List<String>> records = parse(text.toString());
    assertEquals(30_000, records.size());
    for (int i = 0; i < 30_000; i++) {
      assertEquals(List.of("" + i, "q" + i + "\""), records.get(i));
    }
  }
}
