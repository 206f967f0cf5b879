package dev.lanewise.source;

import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.TestFiles;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
    return parse(text, CsvFormat.detect());
  }

  private List<List<String>> parse(String text, char separator) throws IOException {
    return parse(text, new CsvFormat(separator, '.'));
  }

  private List<List<String>> parse(String text, CsvFormat format) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (Csv csv = Csv.open(TestFiles.write(directory, "a.csv", bytes), format)) {
      return texts(csv);
    }
  }

  static List<List<String>> texts(Csv csv) throws IOException {
    List<List<String>> records = new ArrayList<>();
    while (csv.next()) {
      List<String> record = new ArrayList<>();
      for (int i = 0; i < csv.fields(); i++) {
        record.add(csv.text(i));
      }
      records.add(record);
    }
    assertEquals(0, csv.fields());
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
    assertEquals(
        List.of(List.of("\"", "\"\"", "\"x\"")), parse("\"\"\"\",\"\"\"\"\"\",\"\"\"x\"\"\""));
    assertEquals(List.of(List.of("", "", "")), parse(",,"));
    assertEquals(List.of(List.of("\u00e9,", "x")), parse("\"\u00e9,\", x "));
  }

  /** Spaces and tabs around a field and around the text inside its quotes are ignored. */
  @Test
  void blanksAroundFieldsDoNotCount() throws IOException {
    List<List<String>> expected = List.of(List.of("a", "b,c", "d e", "", ""));
    assertEquals(expected, parse(" a\t, \"b,c\" \t,\td e , ,\"\"", ','));
    assertEquals(expected, parse("a,\" b,c\t\",\"\t d e\" ,\"  \",\t", ','));
    assertEquals(List.of(List.of("", "b", "", "")), parse("\t b \t  \t", '\t'));
    assertEquals(List.of(List.of("a", "b")), parse(" \"a\" \t \"\tb\"", '\t'));
    assertEquals(List.of(List.of("\u00a0x\u3000", "y")), parse("\u00a0x\u3000,y"));
  }

  @Test
  void emptyLinesArePassedOver() throws IOException {
    List<List<String>> two = List.of(List.of("a"), List.of("b"));
    assertEquals(two, parse("\r\n \t\n\na\r\r  \n\nb\n\n \n"));
    assertEquals(List.of(List.of("a"), List.of(""), List.of("b")), parse("a\n\"\"\nb\n"));
    assertEquals(List.of(List.of("", ""), List.of("", "")), parse(",\n , \n"));
    assertEquals(List.of(), parse("\n\n"));
    assertEquals(List.of(), parse("\ufeff"));
    assertEquals(List.of(List.of("a", ""), List.of("", "")), parse("a\t\n\t\n", '\t'));
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

  interface Question<T> {
    T ask(Csv csv);
  }

  /** Returns a reader's answer about the second field of a record. */
  private <T> T field(String text, char decimal, Question<T> question) throws IOException {
    byte[] bytes = ("x;" + text).getBytes(StandardCharsets.UTF_8);
    CsvFormat format = new CsvFormat(';', decimal);
    try (Csv csv = Csv.open(TestFiles.write(directory, "n.csv", bytes), format)) {
      assertTrue(csv.next());
      assertEquals(2, csv.fields());
      return question.ask(csv);
    }
  }

  private boolean is(String text, char decimal, Question<Boolean> question) throws IOException {
    return field(text, decimal, question);
  }

  private double number(String text) throws IOException {
    double number = field(text, '.', csv -> csv.number(1));
    assertEquals(number, field(text.replace('.', ','), ',', csv -> csv.number(1)));
    return number;
  }

  private boolean isNumeric(String text) throws IOException {
    return field(text, '.', csv -> csv.isNumeric(1));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0", "-0, -0.0",
    "-0e5, -0.0", "0e999999999999, 0",
    "-.0, -0.0", "255, 255",
    "+1.5, 1.5", ".5, 0.5",
    "5., 5", "1e3, 1000",
    "1E+03, 1000", "-1.25E-2, -0.0125",
    "0.1, 0.1", "1e300, 1e300",
    "1e-320, 1e-320", "4.9e-324, 4.9e-324",
    "2.4e-324, 0", "1.7976931348623157e308, 1.7976931348623157e308",
    "123456789.123456789, 123456789.123456789", "9007199254740993, 9007199254740992",
    "9007199254740992, 9007199254740992", "9007199254740992e22, 9.007199254740992e37",
    "9007199254740993e1, 9.0071992547409936e16", "1e22, 1e22",
    "1e23, 1e23", "1e-22, 1e-22",
    "1e-23, 1e-23", "1.e2, 100",
    "0.30000000000000004, 0.30000000000000004", "1e-400, 0",
    "1e-99999999999, 0", "1e-4294967296, 0",
    "1e-8589934593, 0", "0.000000000000000000000000000000000000001e39, 1",
    "12345678901234567890123, 12345678901234567890123",
        "2.2250738585072011e-308, 2.225073858507201E-308",
    "0.00000000000000000000001, 1e-23"
  })
  void readsNumbers(String text, double expected) throws IOException {
    assertEquals(expected, number(text));
    assertEquals(expected, number("\" " + text + "\t\""));
    assertEquals(expected, number(" \t" + text + " "));
    assertTrue(isNumeric(text));
  }

  /**
   * Numbers of 400 digits lie just above, at and just below the middle between two neighbouring
   * doubles. Exact arithmetic gives the expected result, not the JDK's parser.
   */
  @Test
  void numbersOfManyDigitsAreRoundedCorrectly() throws IOException {
    for (double low : new double[] {1, 1.0000000000000002, 0.1, 1e22, 4.9e-324, 3e200}) {
      double high = Math.nextUp(low);
      BigDecimal middle = new BigDecimal(low).add(new BigDecimal(high)).divide(new BigDecimal(2));
      BigDecimal little = middle.ulp().scaleByPowerOfTen(-400);
      boolean isLowEven = (Double.doubleToLongBits(low) & 1) == 0;
      assertEquals(isLowEven ? low : high, number(middle.toPlainString()));
      assertEquals(high, number(middle.add(little).toPlainString()));
      assertEquals(low, number(middle.subtract(little).toPlainString()));
      assertEquals(-high, number("-" + middle.add(little)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "-", ".", "+.", "e5", ".e5", "1e", "1e+", "1e5.",
        "1e5e5", "1f", "1d", "0x10", "1 2", "- 1", "1.2.3", "1..2", "--1", "+-1",
        "1,5", "1,500.0", "1'000", "$1", "1%", "\u0661", "1\u00a0000", "1_000", "NA", "in",
        "infi", "infinityx", "+ inf", "nano", "--nan", "\"1\"\"\"", "true"
      })
  void refusesWhatIsNoNumber(String text) throws IOException {
    assertEquals(Double.NaN, field(text, '.', csv -> csv.number(1)));
    assertFalse(isNumeric(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NaN", "nan", "+nan", "-NAN", "inf", "Inf", "-inf",
        "+INF", "Infinity", "-infinity", "1e400", "1e999", "-1E999", "1e99999999999999999999",
        "1e4294967296", "1e4294967295"
      })
  void someNumbersAreNotFinite(String text) throws IOException {
    for (String written : List.of(text, " " + text + "\t", "\"" + text + "\"")) {
      assertEquals(Double.NaN, number(written));
      assertTrue(isNumeric(written));
    }
  }

  @Test
  void theDecimalMarkIsAsAskedFor() throws IOException {
    assertEquals(1234.5, field("1234,5", ',', csv -> csv.number(1)));
    assertEquals(-0.125, field("-,125e0", ',', csv -> csv.number(1)));
    assertEquals(1.0000000000000002, field("1,00000000000000022", ',', csv -> csv.number(1)));
    assertEquals(Double.NaN, field("1.5", ',', csv -> csv.number(1)));
    assertEquals(Double.NaN, field("1.234,5", ',', csv -> csv.number(1)));
    assertEquals(Double.NaN, field("1.2345678901234567890", ',', csv -> csv.number(1)));
    assertEquals(Double.NaN, field("1,5", '.', csv -> csv.number(1)));
    assertFalse(is("1.5", ',', csv -> csv.isNumeric(1)));
    assertTrue(is("1,5e999", ',', csv -> csv.isNumeric(1)));
  }

  @Test
  void onlyBlanksAreEmpty() throws IOException {
    for (String text : List.of("", "  ", "\t", "\"\"", " \" \t\" ")) {
      assertTrue(is(text, '.', csv -> csv.isEmpty(1)), text);
    }
    for (String text : List.of("0", "NA", "\"\n\"", "\"\"\"\"", "\u00a0")) {
      assertFalse(is(text, '.', csv -> csv.isEmpty(1)), text);
    }
  }

  @Test
  void aFieldThatIsNotThereIsRefused() throws IOException {
    for (int place : new int[] {-1, 2}) {
      assertThrows(IndexOutOfBoundsException.class, () -> field("1", '.', c -> c.number(place)));
      assertThrows(IndexOutOfBoundsException.class, () -> field("1", '.', c -> c.text(place)));
      assertThrows(IndexOutOfBoundsException.class, () -> field("1", '.', c -> c.isEmpty(place)));
    }
  }

  @Test
  void quotesWhatNeedsIt() throws IOException {
    for (String text : List.of("plain", "a,b", "say \"x\"", "two\nlines", "cr\rx", "s p", "")) {
      assertEquals(List.of(List.of("k", text)), parse("k," + CsvFormat.quoted(text), ','));
      for (char separator : new char[] {',', ';', '\t', '|'}) {
        String both = text + separator + "y";
        String line = "k" + separator + CsvFormat.quoted(both, separator);
        assertEquals(List.of(List.of("k", both.strip())), parse(line, separator));
      }
    }
    assertEquals("plain", CsvFormat.quoted("plain"));
    assertEquals("a;b\t|", CsvFormat.quoted("a;b\t|"));
    assertEquals("\"a;b\"", CsvFormat.quoted("a;b", ';'));
    assertEquals("a,b", CsvFormat.quoted("a,b", ';'));
    assertEquals("a|b", CsvFormat.quoted("a|b", ';'));
    assertEquals(" ", CsvFormat.quoted(" ", '\t'));
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

  /** The header alone is larger than the buffer, and one of its names contains a semicolon. */
  @Test
  void readsRecordsLargerThanTheBuffer() throws IOException {
    StringBuilder text = new StringBuilder("a;b");
    List<String> header = new ArrayList<>(List.of("a;b"));
    for (int i = 0; i < 50_000; i++) {
      text.append(",c").append(i);
      header.add("c" + i);
    }
    String row = ",1".repeat(50_000);
    List<List<String>> records = parse(text + "\n0" + row + "\n\"2\"" + row);
    assertEquals(3, records.size());
    assertEquals(header, records.get(0));
    assertEquals("0", records.get(1).get(0));
    assertEquals("2", records.get(2).get(0));
    assertEquals(50_001, records.get(2).size());
  }

  @Test
  void aStreamIsClosedWithItsReaderAndIfItCannotBeOpened() throws IOException {
    for (String text : List.of("a,b\n1,2\n", "", "\u001f\u008b\u0001", "\u00ff\u00fea\u0000")) {
      boolean[] isClosed = new boolean[1];
      InputStream in =
          new FilterInputStream(
              new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1))) {
            @Override
            public void close() {
              isClosed[0] = true;
            }
          };
      if (text.startsWith("a")) {
        Csv csv = Csv.open(in, "stdin", CsvFormat.detect());
        assertEquals(List.of(List.of("a", "b"), List.of("1", "2")), texts(csv));
        assertFalse(isClosed[0]);
        csv.close();
      } else {
        unreadable(() -> Csv.open(in, "stdin", CsvFormat.detect()), "stdin: ");
      }
      assertTrue(isClosed[0], text);
    }
  }

  /** If its separator is given, a table can be read while it is being written. */
  @Test
  void aRecordIsThereBeforeTheNextIsWritten() throws IOException {
    ByteArrayInputStream first =
        new ByteArrayInputStream("a,b\nc".getBytes(StandardCharsets.UTF_8));
    InputStream in =
        new InputStream() {
          @Override
          public int read() {
            throw new AssertionError("a read that would wait");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            int count = first.read(bytes, offset, length);
            return count < 0 ? read() : count;
          }
        };
    try (Csv csv = Csv.open(in, "pipe", new CsvFormat(',', '.'))) {
      assertTrue(csv.next());
      assertEquals("b", csv.text(1));
    }
  }

  /** Returns the line, the first text and the last text of each remaining record. */
  private static List<String> rest(Csv csv) throws IOException {
    List<String> all = new ArrayList<>();
    while (csv.next()) {
      all.add(csv.line() + csv.text(0) + csv.text(csv.fields() - 1));
    }
    return all;
  }

  @Test
  void aFileIsReadOnFromAnyRecordOrLine() throws IOException {
    String text = "\ufeffa,b\r\n1,\"x\ny\r\nz\"\r2,\u00fc\n\n3,w\r\r4,v";
    Path file = directory.resolve("places.csv");
    for (String end : List.of("", "\n", "\r", "\r\n")) {
      byte[] bytes = (text + end).getBytes(StandardCharsets.UTF_8);
      Files.write(file, bytes);
      try (Csv csv = Csv.open(file)) {
        assertEquals(3, csv.position());
        do {
          assertEquals(bytes.length - csv.position(), csv.remaining());
          List<String> all = rest(csv.from(0, 1)); // the mark becomes a part of the first text
          int left = all.size();
          List<String> found = rest(csv.from(csv.position(), csv.nextLine()));
          assertEquals(all.subList(left - found.size(), left), csv.position() == 3 ? all : found);
        } while (csv.next());
        assertEquals(0, csv.remaining());
        for (int place = 1; place <= bytes.length; place++) {
          int expected = place;
          while (expected < bytes.length && !endsLine(bytes, expected - 1)) {
            expected++;
          }
          try (Csv line = csv.fromLine(place)) {
            assertEquals(expected, line.position(), "from " + place);
            assertEquals(1, line.nextLine());
            assertEquals(csv.separator(), line.separator());
          }
        }
        assertThrows(IndexOutOfBoundsException.class, () -> csv.from(-1, 1));
      }
    }
    Files.write(file, TestFiles.gzip("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8)));
    try (Csv csv = Csv.open(file)) {
      assertEquals(0, csv.remaining());
      assertThrows(IllegalStateException.class, () -> csv.from(0, 1));
    }
  }

  private static boolean endsLine(byte[] bytes, int place) {
    return bytes[place] == '\n' || bytes[place] == '\r' && bytes[place + 1] != '\n';
  }

  @Test
  void whatIsNoTextIsFoundWhereverItStands() throws IOException {
    for (String field : List.of("x?", "\"x?\"", "\"?\"")) {
      for (String wrong : List.of("\u0081", "\0")) {
        byte[] bytes =
            ("a,b\n1,2\n\"u\r\nv\rw\"," + field.replace("?", wrong) + "\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        String name = "t.csv";
        try (Csv csv = Csv.open(new ByteArrayInputStream(bytes), name, CsvFormat.detect())) {
          String message = assertThrows(FormatException.class, () -> rest(csv)).getMessage();
          int place = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(wrong) + 1;
          assertTrue(message.startsWith("t.csv: byte " + place + " (line 5) is "), message);
        }
      }
    }
  }
}
