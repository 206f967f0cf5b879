package dev.lanewise.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/**
 * A table of all kinds of columns, whose values can be written in many ways.
 *
 * @param columns the names, including that of the target
 * @param rows the values of each row: Double, Long, String, Boolean, LocalDate, LocalDateTime, or
 *     null for a missing value
 */
record RandomTable(List<String> columns, List<List<Object>> rows) {
  static final String TARGET = "target";

  /** The names of the components of {@link Row}. */
  private static final List<String> FEATURES =
      List.of(
          "number", "whole", "word", "rare", "flag", "day", "moment", "gaps", "mixed", "price",
          "written", "share");

  private static final List<String> WORDS =
      List.of(
          "red", "green", "dark blue", "a,b", "x;y", "say \"hi\"", "two\nlines", "d\u00e9j\u00e0");

  private static final List<String> GAPS = List.of("", "NA", "N/A", "NaN", "null", "?", "-", " ");

  /** A row as a program has it; components for which the table has no column are ignored. */
  record Row(
      Double number,
      Long whole,
      String word,
      Object rare,
      Boolean flag,
      LocalDate day,
      LocalDateTime moment,
      Double gaps,
      Object mixed,
      String price,
      String written,
      String share,
      Object target,
      String more) {}

  /**
   * How a table is written.
   *
   * @param quotes 0: only where they are needed, 1: everywhere, 2: at random
   */
  record Style(
      char separator, int quotes, String lineEnd, boolean mark, boolean endsOpen, long seed) {
    static final Style PLAIN = new Style(',', 0, "\n", false, false, 0);

    static Style random(Random random) {
      return new Style(
          ",;\t|".charAt(random.nextInt(4)),
          random.nextInt(3),
          List.of("\n", "\r\n", "\r").get(random.nextInt(3)),
          random.nextBoolean(),
          random.nextBoolean(),
          random.nextLong(1, Long.MAX_VALUE));
    }
  }

  /**
   * Returns rows for a training. The target is last and consists of words, whole numbers or
   * fractions.
   */
  static RandomTable training(Random random, int rows) {
    List<String> columns = new ArrayList<>(FEATURES);
    Collections.shuffle(columns, random);
    columns = new ArrayList<>(columns.subList(0, 2 + random.nextInt(columns.size() - 1)));
    columns.add(TARGET);
    int kind = random.nextInt(3);
    List<List<Object>> all = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      List<Object> row = new ArrayList<>();
      for (String column : columns) {
        row.add(column.equals(TARGET) ? target(kind, r, random) : value(column, false, random));
      }
      all.add(row);
    }
    return new RandomTable(columns, all);
  }

  private static Object target(int kind, int row, Random random) {
    return switch (kind) {
      case 0 -> List.of("yes", "no", "n, \"o\"").get(row % 3);
      case 1 -> (Object) (long) (row % 2);
      default -> random.nextInt(2000) / 16.0;
    };
  }

  /**
   * Returns new rows for the same columns, with values and gaps that the training rows may lack.
   */
  RandomTable fresh(Random random, int count) {
    List<List<Object>> all = new ArrayList<>();
    for (int r = 0; r < count; r++) {
      List<Object> row = new ArrayList<>();
      for (int c = 0; c < columns.size(); c++) {
        boolean isTarget = columns.get(c).equals(TARGET);
        row.add(
            isTarget
                ? rows.get(random.nextInt(rows.size())).get(c)
                : value(columns.get(c), true, random));
      }
      all.add(row);
    }
    return new RandomTable(columns, all);
  }

  private static Object value(String column, boolean fresh, Random random) {
    if (fresh && random.nextInt(8) == 0) {
      return null;
    }
    LocalDate day = LocalDate.ofEpochDay(random.nextInt(fresh ? 30000 : 9000));
    return switch (column) {
      case "number" -> number(fresh, random);
      case "whole" -> (Object) (long) random.nextInt(fresh ? 1 << 30 : 90);
      case "word" -> WORDS.get(random.nextInt(fresh ? WORDS.size() : 4));
      case "rare" ->
          random.nextInt(3) > 0 ? "usual" : (fresh ? "new" : "rare") + random.nextInt(40);
      case "flag" -> (Object) random.nextBoolean();
      case "mixed" ->
          random.nextBoolean()
              ? List.of("a", "b").get(random.nextInt(2))
              : (Object) (random.nextInt(fresh ? 9 : 3) * 0.5);
      case "day" -> day;
      case "moment" -> day.atTime(random.nextInt(24), random.nextInt(60), random.nextInt(60));
      case "price" -> // as in 1.234,50
          String.format(Locale.GERMANY, "%,.2f \u20ac", Math.exp(random.nextInt(fresh ? 18 : 14)));
      case "written" -> DateTimeFormatter.ofPattern("d.M.yyyy").format(day);
      case "share" -> random.nextInt(fresh ? 400 : 100) / 4.0 + "%";
      case "gaps" -> random.nextInt(3) == 0 ? null : number(fresh, random);
      default -> throw new AssertionError(column);
    };
  }

  private static Object number(boolean fresh, Random random) {
    if (fresh && random.nextInt(6) == 0) {
      double[] odd = {-0.0, 0.1, 1e-320, -1e15, 123456789012345680.0, 1 / 3.0, 6.02e23};
      return odd[random.nextInt(odd.length)];
    }
    return random.nextInt(4) == 0 ? random.nextInt(99) / 4.0 : random.nextGaussian() * 30;
  }

  int column(String name) {
    return columns.indexOf(name);
  }

  RandomTable withRows(List<Integer> order) {
    return new RandomTable(columns, order.stream().map(rows::get).toList());
  }

  RandomTable withColumns(List<String> some) {
    List<List<Object>> all = new ArrayList<>();
    for (List<Object> row : rows) {
      List<Object> kept = new ArrayList<>();
      some.forEach(name -> kept.add(row.get(column(name))));
      all.add(kept);
    }
    return new RandomTable(some, all);
  }

  RandomTable without(String name) {
    return withColumns(columns.stream().filter(column -> !column.equals(name)).toList());
  }

  /** Returns this table with one more column at the given place. */
  RandomTable with(int place, String name, List<?> values) {
    List<String> names = new ArrayList<>(columns);
    names.add(place, name);
    List<List<Object>> all = new ArrayList<>();
    for (int r = 0; r < rows.size(); r++) {
      List<Object> row = new ArrayList<>(rows.get(r));
      row.add(place, values.get(r));
      all.add(row);
    }
    return new RandomTable(names, all);
  }

  /** Returns this table with some columns renamed. */
  RandomTable renamed(Map<String, String> names) {
    return new RandomTable(
        columns.stream().map(name -> names.getOrDefault(name, name)).toList(), rows);
  }

  Map<String, Object> map(int row) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int c = 0; c < columns.size(); c++) {
      map.put(columns.get(c), rows.get(row).get(c));
    }
    return map;
  }

  Row object(int row) {
    Map<String, Object> map = map(row);
    return new Row(
        (Double) map.get("number"),
        (Long) map.get("whole"),
        (String) map.get("word"),
        map.get("rare"),
        (Boolean) map.get("flag"),
        (LocalDate) map.get("day"),
        (LocalDateTime) map.get("moment"),
        (Double) map.get("gaps"),
        map.get("mixed"),
        (String) map.get("price"),
        (String) map.get("written"),
        (String) map.get("share"),
        map.get(TARGET),
        "not asked for");
  }

  /** Returns the text of a value in a file; only the plain style always writes it the same way. */
  static String text(Object value, Style style, Random random) {
    boolean plain = style == Style.PLAIN;
    if (value == null) {
      return plain ? "" : GAPS.get(random.nextInt(GAPS.size()));
    } else if (value instanceof LocalDateTime && !plain) {
      return value.toString().replace('T', random.nextBoolean() ? 'T' : ' ');
    } else if (value instanceof Boolean && !plain) {
      return value.toString(); // in other letter case it would be another word
    } else if (value instanceof Long && !plain) {
      return value + (random.nextInt(4) == 0 ? ".0" : "");
    } else if (value instanceof Double && !plain) {
      return random.nextInt(4) == 0 ? "+" + value : value.toString();
    }
    return value.toString().replaceFirst("^\\+-", "-");
  }

  String csv(Style style) {
    Random random = new Random(style.seed);
    StringBuilder text = new StringBuilder(style.mark ? "\ufeff" : "");
    line(text, new ArrayList<Object>(columns), style, random);
    for (List<Object> row : rows) {
      text.append(style.lineEnd);
      line(text, row, style, random);
    }
    return text.append(style.endsOpen ? "" : style.lineEnd).toString();
  }

  private static void line(StringBuilder text, List<Object> row, Style style, Random random) {
    for (int c = 0; c < row.size(); c++) {
      String field = text(row.get(c), style, random).replaceFirst("^\\+-", "-");
      boolean quoted =
          needsQuotes(field) || style.quotes == 1 || style.quotes == 2 && random.nextInt(3) == 0;
      text.append(c == 0 ? "" : style.separator);
      text.append(quoted ? '"' + field.replace("\"", "\"\"") + '"' : field);
    }
  }

  /**
   * Returns whether a field needs quotes. This includes other separators, because detection from
   * few rows may choose one of them.
   */
  private static boolean needsQuotes(String field) {
    return field.matches("(?s).*[,;\t|\"\r\n].*");
  }

  Path write(Path file, Style style) {
    try {
      byte[] bytes = csv(style).getBytes(StandardCharsets.UTF_8);
      return Files.write(file, file.toString().endsWith(".gz") ? gzip(bytes) : bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
