package dev.lanewise.table.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.rows.Notation;
import dev.lanewise.rows.internal.Cell;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CenturyTest {
  private static final Notation DATES = Notation.of("31.05.24");

  /** Returns the century of dates of the 1st of May in some years. */
  private static Century of(String years, String newest) {
    List<String> texts = Arrays.stream(years.split(" ")).map(year -> "01.05." + year).toList();
    return Century.of(DATES, texts, newest == null ? "" : newest);
  }

  @ParameterizedTest
  @CsvSource({
    // Births: 30 to 68 are the past, and the years from 06 to 29, which no birth has, are divided.
    "30 45 60 75 90 05, 2024-05-31, 1930, 1928",
    "30 45 60 75 90 05, 2026-12-01, 1930, 1930",
    "55 70 85 05,       2024-05-31, 1955, 1931",
    // Orders: later years than those of the file are to come.
    "19 20 21 22 23 24, 2024-05-31, 2019, 1972",
    "24,                2024-05-31, 2024, 1975",
    "70 71,             2024-05-31, 1970, 1928",
    // No date has four digits, but these are in the past in POSIX and follow each other.
    "70 99,             ,           1970, 1934",
    "80 99 00 10,       ,           1980, 1945",
  })
  void isFoundFromAllDates(String years, String newest, int earliest, int firstYear) {
    Century century = of(years, newest);
    assertTrue(century.isCertain());
    assertEquals(earliest, century.earliest());
    assertEquals(firstYear, century.firstYear());
    for (String year : years.split(" ")) {
      String date = Cell.read(DATES.from(firstYear), "01.05." + year).string();
      assertTrue(date.compareTo(newest == null ? "2010-12-31" : newest) <= 0, date);
      assertTrue(date.compareTo(Integer.toString(earliest)) > 0, date);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // No date has four digits, so 30 may be 2030, and 24 may be 1924.
    "30 45 60 75 90 05, ,           30, 1930, 1969",
    "19 20 24,          ,           19, 1919, 1969",
    "68 70,             ,           68, 1968, 1969",
    // Payments are due after the newest date.
    "24 25 26 34,       2024-05-31, 24, 1924, 1969",
    "25 26 34,          2024-05-31, 25, 1925, 1969",
    "27 34,             2024-05-31, 27, 1927, 1969",
    "33 40,             2024-05-31, 33, 1933, 1969",
    // This date is three weeks later.
    "24,                2024-04-09, 24, 1924, 1969",
    // Births of a century leave no years to divide.
    "00 20 40 60 80 99, 1999-12-31, 20, 1920, 1969",
    // The newest date is one of a contract that ends in 2035.
    "50 60 70 80 90 05, 2051-12-31, 50, 1950, 1969",
    "75 76 77,          2074-12-31, 75, 1975, 1976",
  })
  void isLeftOpen(String years, String newest, String example, int earliest, int later) {
    Century century = of(years, newest);
    assertFalse(century.isCertain());
    assertEquals("01.05." + example, century.example());
    assertEquals(earliest, century.earliest());
    assertEquals(later, century.later());
    int first = year(century.earliest(), example);
    assertEquals(first + 100, year(century.later(), example));
  }

  private static int year(int firstYear, String year) {
    return Integer.parseInt(
        Cell.read(DATES.from(firstYear), "01.05." + year).string().substring(0, 4));
  }
}
