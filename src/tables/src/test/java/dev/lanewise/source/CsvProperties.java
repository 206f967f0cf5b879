package dev.lanewise.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.FormatException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class CsvProperties {
  private static Path file;

  @BeforeContainer
  static void makeFile() throws IOException {
    file = Files.createTempFile("table", ".txt");
  }

  @AfterContainer
  static void deleteFile() throws IOException {
    Files.delete(file);
  }

  /** A way to write a table. */
  record Style(
      char separator,
      char decimal,
      String lineEnd,
      boolean endsLine,
      boolean hasMark,
      boolean isPacked,
      int seed) {
    /** Returns the table in this style; the seed decides where quotes and blanks are added. */
    byte[] write(List<List<String>> table) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder(hasMark ? "\ufeff" : "");
      for (int r = 0; r < table.size(); r++) {
        text.append(r > 0 ? lineEnd : "");
        text.append(random.nextInt(8) == 0 ? lineEnd : "");
        List<String> record = table.get(r);
        for (int c = 0; c < record.size(); c++) {
          text.append(c > 0 ? separator : "");
          // A record of one empty field is an empty line unless there are quotes.
          boolean isQuoted = random.nextInt(3) == 0 || record.size() == 1;
          String field = record.get(c);
          text.append(blanks(random));
          if (isQuoted) {
            field = blanks(random) + field + blanks(random);
            text.append('"').append(field.replace("\"", "\"\"")).append('"');
          } else {
            text.append(CsvFormat.quoted(field, separator));
          }
          text.append(blanks(random));
        }
      }
      text.append(endsLine ? lineEnd : "");
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      return isPacked ? packed(bytes, random) : bytes;
    }

    private String blanks(Random random) {
      String[] blanks = {"", "", "", " ", "  ", separator == '\t' ? " " : "\t "};
      return blanks[random.nextInt(blanks.length)];
    }

    /** Compresses bytes into two gzip members, like a file that was packed in parts. */
    private static byte[] packed(byte[] bytes, Random random) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      int cut = random.nextInt(bytes.length + 1);
      try {
        for (int part = 0; part < 2; part++) {
          try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes, part == 0 ? 0 : cut, part == 0 ? cut : bytes.length - cut);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return out.toByteArray();
    }
  }

  @Provide
  Arbitrary<Style> styles() {
    return Combinators.combine(
            Arbitraries.of(',', ';', '\t', '|'),
            Arbitraries.of('.', ','),
            Arbitraries.of("\n", "\r\n", "\r"),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false),
            Arbitraries.integers())
        .as(Style::new)
        .filter(style -> style.separator() != style.decimal());
  }

  private static Arbitrary<List<List<String>>> tables(Arbitrary<String> cells) {
    return Arbitraries.integers()
        .between(1, 4)
        .flatMap(columns -> cells.list().ofSize(columns).list().ofMinSize(1).ofMaxSize(6))
        .withoutEdgeCases();
  }

  @Provide
  Arbitrary<List<List<String>>> tablesOfTexts() {
    return tables(
        Arbitraries.strings()
            .withChars(" \t,;|\"\r\nab1.\u00e9\ud7ff")
            .ofMaxLength(6)
            .map(CsvProperties::stripped));
  }

  private static String stripped(String text) {
    return text.replaceAll("^[ \t]+|[ \t]+$", "");
  }

  private static CsvFormat format(Style style) {
    return new CsvFormat(style.separator(), style.decimal());
  }

  @Property(tries = 250)
  void tablesComeBack(
      @ForAll("tablesOfTexts") List<List<String>> table, @ForAll("styles") Style style)
      throws IOException {
    Files.write(file, style.write(table));
    try (Csv csv = Csv.open(file, format(style))) {
      assertEquals(table, CsvTest.texts(csv));
    }
  }

  /** Tables and line numbers are the same wherever each read of the stream ends. */
  @Property(tries = 250)
  void tablesComeBackFromAnyStream(
      @ForAll("tablesOfTexts") List<List<String>> table, @ForAll("styles") Style style)
      throws IOException {
    byte[] bytes = style.write(table);
    InputStream in = new Trickle(bytes, style.seed());
    try (Csv csv = Csv.open(in, "stream", format(style))) {
      assertEquals(table, CsvTest.texts(csv));
    }
    in = new Trickle(bytes, style.seed());
    try (Csv csv = Csv.open(in, "stream", format(style));
        Csv whole = Csv.open(new ByteArrayInputStream(bytes), "whole", format(style))) {
      while (csv.next()) {
        assertTrue(whole.next());
        assertEquals(whole.line(), csv.line());
      }
    }
  }

  /** A stream that gives a few bytes at a time and claims that no more are available. */
  private static final class Trickle extends InputStream {
    private final ByteArrayInputStream in;
    private final Random random;

    Trickle(byte[] bytes, int seed) {
      in = new ByteArrayInputStream(bytes);
      random = new Random(seed);
    }

    @Override
    public int read() {
      return in.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      return in.read(bytes, offset, Math.min(length, 1 + random.nextInt(3)));
    }
  }

  /**
   * Creates numbers as in any table; DecimalsProperties covers the numbers that are hard to parse.
   */
  @Provide
  Arbitrary<String> decimals() {
    return Arbitraries.oneOf(
        Arbitraries.doubles().map(Object::toString),
        Arbitraries.integers().map(Object::toString),
        Arbitraries.of("+.5", "-7.", "1e999", "-1E+2", "9007199254740993", "0." + "1".repeat(400)));
  }

  @Provide
  Arbitrary<List<List<String>>> tablesOfNumbers() {
    return tables(decimals());
  }

  @Property(tries = 250)
  void numbersAreTheNearestDoubles(
      @ForAll("tablesOfNumbers") List<List<String>> table, @ForAll("styles") Style style)
      throws IOException {
    List<List<String>> written = new ArrayList<>();
    for (List<String> record : table) {
      written.add(record.stream().map(n -> n.replace('.', style.decimal())).toList());
    }
    InputStream in = new ByteArrayInputStream(style.write(written));
    try (Csv csv = Csv.open(in, "stream", format(style))) {
      for (List<String> record : table) {
        assertTrue(csv.next());
        for (int i = 0; i < record.size(); i++) {
          double expected = Double.parseDouble(record.get(i));
          expected = Double.isInfinite(expected) ? Double.NaN : expected;
          assertEquals(expected, csv.number(i), record.get(i));
          assertTrue(csv.isNumeric(i));
          assertTrue(!csv.isEmpty(i));
        }
      }
    }
  }

  /** If no cell contains a separator, the separator is found without being given. */
  @Property(tries = 250)
  void theSeparatorIsFound(
      @ForAll @Size(min = 2, max = 5) List<Double> numbers, @ForAll("styles") Style style)
      throws IOException {
    List<String> record = numbers.stream().map(Object::toString).toList();
    List<List<String>> table = List.of(record, record);
    String text = String.join("" + style.separator(), record);
    byte[] bytes = (text + style.lineEnd() + text).getBytes(StandardCharsets.UTF_8);
    try (Csv csv = Csv.open(new ByteArrayInputStream(bytes), "stream", CsvFormat.detect())) {
      assertEquals(style.separator(), csv.separator());
      assertEquals(table, CsvTest.texts(csv));
    }
  }

  @Property(tries = 250)
  void anyBytesAreReadOrRefused(@ForAll @NotEmpty byte[] bytes) throws IOException {
    readOrRefused(bytes);
  }

  @Provide
  Arbitrary<byte[]> bytesOfTables() {
    return Arbitraries.of(
            ',', ';', '\t', '"', '\r', '\n', ' ', 'a', '1', 0, 0x1f, 0x8b, 0xff, 0xfe, 0xef, 0xbb,
            0xbf, 0xc3, 0xa9)
        .map(c -> (byte) (c instanceof Character letter ? letter : (Integer) c))
        .list()
        .ofMinSize(1)
        .ofMaxSize(30)
        .map(
            list -> {
              byte[] bytes = new byte[list.size()];
              for (int i = 0; i < bytes.length; i++) {
                bytes[i] = list.get(i);
              }
              return bytes;
            });
  }

  @Property(tries = 250)
  void anyBytesOfTablesAreReadOrRefused(@ForAll("bytesOfTables") byte[] bytes) throws IOException {
    readOrRefused(bytes);
  }

  private static void readOrRefused(byte[] bytes) throws IOException {
    Files.write(file, bytes);
    orRefused(() -> FileKind.of(file));
    orRefused(
        () -> {
          try (Csv csv = Csv.open(file)) {
            while (csv.next()) {
              for (int i = 0; i < csv.fields(); i++) {
                csv.number(i);
                csv.isNumeric(i);
                assertEquals(csv.isEmpty(i), csv.text(i).isEmpty());
              }
            }
          }
        });
  }

  private interface Reading {
    void run() throws IOException;
  }

  private static void orRefused(Reading reading) throws IOException {
    try {
      reading.run();
    } catch (FormatException e) {
      assertEquals(0, e.getMessage().indexOf(file + ": "), e.getMessage());
      assertTrue(e.getMessage().contains(", expected "), e.getMessage());
    }
  }

  /** Random bytes rarely begin like another format, so these beginnings are tested separately. */
  @Example
  void beginningsOfOtherFormatsAreRefused() throws IOException {
    for (String start : List.of("{", "[", "{}", "<!DOCTYPE html>", "PK", "PAR1", "%PDF")) {
      readOrRefused(start.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Creates bytes, many of which begin or continue a character. */
  @Provide
  Arbitrary<byte[]> almostUtf8() {
    Arbitrary<String> parts =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(2),
            Arbitraries.of(
                "\u00c3", "\u00a9", "\u0080", "\u00bf", "\u00c0", "\u00c1", "\u00c2", "\u00e0",
                "\u00ed", "\u009f", "\u00a0", "\u00f0", "\u008f", "\u0090", "\u00f4", "\u00f5"));
    return parts
        .list()
        .ofMaxSize(8)
        .map(
            list -> {
              ByteArrayOutputStream out = new ByteArrayOutputStream();
              for (String part : list) {
                boolean isByte = part.length() == 1 && part.charAt(0) < 0x100;
                out.writeBytes(
                    part.getBytes(isByte ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8));
              }
              return out.toByteArray();
            });
  }

  /** The JDK's decoder decides whether bytes are UTF-8 and up to which byte. */
  @Property(tries = 250)
  void utf8IsWhatTheDecoderTakes(@ForAll("almostUtf8") byte[] bytes) {
    int wrong = Utf8.firstWrong(bytes, 0, bytes.length);
    assertEquals(isUtf8(bytes, bytes.length), wrong < 0);
    if (wrong >= 0) {
      assertTrue(isUtf8(bytes, wrong));
      for (int to = wrong + 1; to <= bytes.length; to++) {
        assertTrue(!isUtf8(bytes, to));
      }
    }
  }

  private static boolean isUtf8(byte[] bytes, int to) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, to));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
