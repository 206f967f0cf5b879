package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.rows.internal.Cell;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever texts a column has, those whose meaning is certain are read as they are meant. */
class NotationSearchProperties {
  /** Number of columns; a long run sets it to a million. */
  private static final int COLUMNS = Integer.getInteger("lanewise.columns", 2_000);

  private static final String CHARACTERS = "0123456789.,-+ '\u00a0/:%eEkgAPMay$\u20ac\u2212";
  private static final String[] UNITS = {"", "", "%", " kg", "kg", " km/h", "EUR ", "$"};
  private static final String[] DATES = {
    "dd.MM.uuuu",
    "d/M/uuuu",
    "M/d/uuuu",
    "M/d/uu",
    "dd.MM.uu",
    "uuuu/M/d",
    "d MMM uuuu",
    "MMM d, uuuu",
    "dd-MMM-uu",
    "H:mm",
    "h:mm a"
  };
  private static final String[] TIMES = {"", "", " H:mm", " HH:mm:ss", " h:mm a"};

  /** A column as somebody writes it, and what it means. */
  private static final class Written {
    final List<String> texts = new ArrayList<>();
    final List<Cell> cells = new ArrayList<>();
    char decimal = '.'; // of the file

    Written(Random random) {
      int rows = 1 + random.nextInt(12);
      if (random.nextBoolean()) {
        numbers(random, rows);
      } else {
        dates(random, rows);
      }
    }

    private void numbers(Random random, int rows) {
      decimal = random.nextInt(4) == 0 ? ',' : '.';
      String mark = random.nextBoolean() ? "." : ",";
      String group = new String[] {"", mark.equals(".") ? "," : ".", "'", " "}[random.nextInt(4)];
      String unit = UNITS[random.nextInt(UNITS.length)];
      boolean isBefore = unit.equals("$") || unit.equals("EUR ");
      int decimals = random.nextInt(4);
      for (int r = 0; r < rows; r++) {
        int most = (int) Math.pow(10, 1 + random.nextInt(9));
        String whole = Integer.toString(random.nextInt(most));
        String fraction = random.nextInt(2) == 0 ? "" : "123450".substring(random.nextInt(3), 3);
        fraction = fraction.substring(0, Math.min(decimals, fraction.length()));
        String plain = (random.nextInt(5) == 0 ? "-" : "") + whole;
        String text = plain.replaceAll("(?<=\\d)(?=(\\d{3})+$)", group);
        text += fraction.isEmpty() ? "" : mark + fraction;
        plain += fraction.isEmpty() ? "" : "." + fraction;
        add(
            isBefore ? unit + text : text + unit,
            new Cell(Double.parseDouble(plain + (unit.equals("%") ? "e-2" : "")), null));
      }
    }

    private void dates(Random random, int rows) {
      String date = DATES[random.nextInt(DATES.length)];
      boolean isTime = date.contains("mm");
      String time = isTime ? "" : TIMES[random.nextInt(TIMES.length)];
      int range = 1 + random.nextInt(30_000);
      for (int r = 0; r < rows; r++) {
        LocalDateTime at = LocalDateTime.of(1970, 1, 1, 0, 0).plusDays(random.nextInt(range));
        at = at.plusSeconds(random.nextInt(86_400));
        boolean hasTime = isTime || !time.isEmpty() && random.nextInt(5) > 0;
        String pattern = date + (hasTime ? time : "");
        String iso = "uuuu-MM-dd" + (hasTime ? "'T'HH:mm" : "") + (time.contains("s") ? ":ss" : "");
        iso = hasTime ? iso : "uuuu-MM-dd";
        at = isTime ? at.withYear(1970).withDayOfYear(1) : at;
        add(format(at, pattern), new Cell(Double.NaN, format(at, iso)));
      }
    }

    private static String format(LocalDateTime at, String pattern) {
      return DateTimeFormatter.ofPattern(pattern, Locale.US).format(at);
    }

    private void add(String text, Cell cell) {
      if (!texts.contains(text)) {
        texts.add(text);
        cells.add(cell);
      }
    }
  }

  private static NotationSearch search(List<String> texts, char decimal) {
    int[] rows = new int[texts.size()];
    Arrays.fill(rows, 1);
    return NotationSearch.of(texts, rows, decimal, null);
  }

  /** Checks that texts are read as they are meant, or not at all; returns whether they are. */
  private static boolean isRead(NotationSearch found, Written column, int count) {
    for (int i = 0; i < count && found.notation != null; i++) {
      String text = column.texts.get(i);
      assertEquals(column.cells.get(i), Cell.read(found.notation, text), column.texts::toString);
    }
    return found.notation != null;
  }

  private static String changed(String text, Random random) {
    StringBuilder changed = new StringBuilder(text);
    int at = random.nextInt(text.length());
    char c = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
    switch (random.nextInt(3)) {
      case 0 -> changed.setCharAt(at, c);
      case 1 -> changed.insert(at, c);
      default -> changed.deleteCharAt(at);
    }
    return changed.toString().strip();
  }

  @Test
  void changedColumnsAreReadRightlyOrNotAtAll() {
    int certain = 0;
    int read = 0;
    for (int c = 0; c < COLUMNS; c++) {
      Random random = new Random(c);
      Written column = new Written(random);
      int last = column.texts.size() - 1;
      NotationSearch whole = search(column.texts, column.decimal);
      if (!whole.isAssumed) {
        isRead(whole, column, last + 1);
      }
      List<String> others = column.texts.subList(0, last);
      NotationSearch without = search(others, column.decimal);
      if (without.notation == null || without.isAssumed) {
        continue; // the last text may decide
      }
      certain++;
      List<String> texts = new ArrayList<>(others);
      texts.add(changed(column.texts.get(last), random));
      if (isRead(search(texts, column.decimal), column, last)) {
        read++;
      }
      isRead(without, column, last);
    }
    // Both happen, so the test shows something.
    assertTrue(certain > COLUMNS / 5, "" + certain);
    assertTrue(read > certain / 5 && read < certain * 4 / 5, read + " of " + certain);
  }
}
