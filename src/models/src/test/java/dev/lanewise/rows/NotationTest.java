package dev.lanewise.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.rows.internal.Cell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NotationTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "1.234,5   | 1.234,50     | 1234.5",
        "1.234,5   | 1234,50      | 1234.5",
        "1.234,5   | 999          | 999",
        "1.234,5   | 12.345.678   | 12345678",
        "1.234,5   | -1.234       | -1234",
        "1.234,5   | \u22121.234  | -1234",
        "1.234,5   | +1.234       | 1234",
        "1.234,5   | ,5           | 0.5",
        "1.234,5   | 0,123        | 0.123",
        "1.234,5   | 1e3          | 1000",
        "1,234.5   | 1,234.50     | 1234.5",
        "1 234,5   | 1\u00a0234,5 | 1234.5",
        "1 234,5   | 1\u202f234,5 | 1234.5",
        "1 234,5   | 1\u2009234,5 | 1234.5",
        "1 234,5   | 12 345 678   | 12345678",
        "1'234.5   | 1\u2019234.5 | 1234.5",
        "1'234.5   | 1'234        | 1234",
        "1234,5    | -12,75       | -12.75",
        "1234,5    | 1,5E-3       | 0.0015",
        "1234,5    | 5,           | 5",
        "1234.5    | \u22125      | -5",
        "1234.5%   | 45%          | 0.45",
        "1234.5%   | 45 %         | 0.45",
        "1234.5%   | 45\u00a0%    | 0.45",
        "1234.5%   | -0.7%        | -0.007",
        "1.234,5%  | 1.234,5%     | 12.345",
        "1.234,5 kg | 12 kg       | 12",
        "1.234,5 kg | 12kg        | 12",
        "1.234,5 kg | 1.234,5\u202fkg | 1234.5",
        "1 234,5 kg | 1 234 kg    | 1234",
        "1234.5 km/h | 30 km/h    | 30",
        "1234.5 m\u00b2 | 30m\u00b2 | 30",
        "1234.5 \u00b0C | -3.5\u00b0C | -3.5",
        "1234.5 sq ft | 850 sq ft | 850",
        "1234.5 \u20ac | 3 \u20ac | 3",
        "1234.5 EUR | 3 EUR       | 3",
        "EUR 1,234.5 | EUR 3      | 3",
        "EUR 1,234.5 | EUR3       | 3",
        "EUR 1,234.5 | EUR -1,234 | -1234",
        "EUR 1,234.5 | -EUR 1,234 | -1234",
        "\u20ac1,234.5 | \u20ac1,234.5 | 1234.5",
        "\u20ac1,234.5 | \u20ac 1,234.5 | 1234.5",
        "\u20ac1,234.5 | -\u20ac3 | -3",
        "US$1234.5 | US$ 3        | 3",
      })
  void readsNumbers(String example, String text, double value) {
    Cell cell = Notation.of(example).read(text);
    assertEquals(new Cell(value, null), cell);
    assertTrue(Notation.of(example).isNumber());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "1.234,5 | 1.23,5 ; 1.2345 ; 1234.567 ; 1,234,567 ; 1.234.56 ; 1,234.5 ; 0.123 ; 012.345",
        "1.234,5 | .234 ; 1..234 ; 1.234. ; 1.234, ; 1.234e3 ; 1 234 ; 1.234 kg ; --5 ; - 5 ; -",
        "1.234,5 | , ; 1e ; 1e+ ; 1e999 ; \u0663 ; 1.23.456",
        "1234.5 | 1,234 ; 1,5 ; 0x1F ; 5d ; NaN",
        "1 234,5 | 1  234",
        "1234.5% | 0.45 ; % ; 1e2% ; 45%% ; 45  % ; 1 ; 0e0",
        "1234.5 kg | 12 kgs ; 12 KG ; kg ; 12 ; 1e3 kg",
        "EUR 1234.5 | 3 ; USD 3 ; 3 EUR ; -EUR -3",
        "\u20ac1234.5 | $3",
        "1,234.5 | (-1,234) ; -(1,234) ; ((1,234)) ; (1,234 ; 1,234) ; () ; ) ; 5(1) ; (1)(2)",
        "1,234.5 | 12,34,56 ; 123,45,678 ; 1,234,56,789 ; 1,23,456,789 ; 0,23,456",
        "$1,234.5 | \u20ac(3)",
        "1 234.5 | 1 23 456",
        "1234.5 days | 2 day ; 1.5 day ; 1 ; 1 da ; day",
        "1234.5 ms | 1 m",
        "1234.5 mAs | 1 mA",
        "1234.5 kWs | 1 kW",
      })
  void refusesNumbersInOtherNotations(String example, String texts) {
    for (String text : texts.split(" ; ")) {
      assertNull(Notation.of(example).read(text), text);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "31.05.2024 | 31.05.2024 | 2024-05-31",
        "31.05.2024 | 1.5.2024   | 2024-05-01",
        "31.05.2024 | 29.02.2024 | 2024-02-29",
        "31.05.2024 | 31.05.2024 14:05 | 2024-05-31T14:05",
        "31.05.2024 | 31.05.2024 4:05 | 2024-05-31T04:05",
        "31.05.2024 | 31.05.2024, 14:05:30 | 2024-05-31T14:05:30",
        "31.05.2024 | 31.05.2024T14:05:30.25 | 2024-05-31T14:05:30.25",
        "31.05.2024 | 31.05.2024 14:05 +02:00 | 2024-05-31T14:05+02:00",
        "31.05.2024 | 31.05.2024 14:05+0200 | 2024-05-31T14:05+0200",
        "31.05.2024 | 31.05.2024 14:05Z | 2024-05-31T14:05Z",
        "31.05.24   | 31.05.24   | 2024-05-31",
        "31.05.24   | 31.05.68   | 2068-05-31",
        "31.05.24   | 31.05.69   | 1969-05-31",
        "31.05.24   | 31.05.00   | 2000-05-31",
        "31/05/2024 | 31/05/2024 | 2024-05-31",
        "31-05-2024 | 31-05-2024 | 2024-05-31",
        "05/31/2024 | 5/31/2024  | 2024-05-31",
        "05/31/24   | 5/31/24    | 2024-05-31",
        "05/31/24   | 5/31/24 14:05 | 2024-05-31T14:05",
        "05/31/24 2:05 PM | 5/31/24 2:05 PM | 2024-05-31T14:05",
        "05/31/24 2:05 PM | 5/31/24 2:05\u202fPM | 2024-05-31T14:05",
        "05/31/24 2:05 PM | 5/31/24 02:05:07pm | 2024-05-31T14:05:07",
        "05/31/24 2:05 PM | 5/31/24 2:05 p.m. | 2024-05-31T14:05",
        "05/31/24 2:05 PM | 5/31/24 12:05 AM | 2024-05-31T00:05",
        "05/31/24 2:05 PM | 5/31/24 12:05 PM | 2024-05-31T12:05",
        "05/31/24 2:05 PM | 5/31/24 1:05 AM Z | 2024-05-31T01:05Z",
        "05/31/24 2:05 PM | 5/31/24 | 2024-05-31",
        "2024/05/31 | 2024/5/31  | 2024-05-31",
        "2024.05.31 | 2024.05.31 14:05 | 2024-05-31T14:05",
        "31 May 2024 | 31 May 2024 | 2024-05-31",
        "31 May 2024 | 1 september, 2024 | 2024-09-01",
        "31 May 2024 | 1 Sept 2024 | 2024-09-01",
        "31-May-2024 | 31-MAY-2024 | 2024-05-31",
        "31-May-24  | 1-Jan-99   | 1999-01-01",
        "May 31, 2024 | December 1, 2024 | 2024-12-01",
        "May 31, 2024 | Jan. 1 2024 | 2024-01-01",
        "May 31, 2024 | Jan 1,2024 | 2024-01-01",
        "May 31, 2024 2:05 PM | May 31, 2024, 2:05 PM | 2024-05-31T14:05",
        "14:05      | 14:05      | 1970-01-01T14:05",
        "14:05      | 4:05:06,5  | 1970-01-01T04:05:06,5",
        "2:05 PM    | 2:05 PM    | 1970-01-01T14:05",
        "2:05 PM    | 12:00 a.m. | 1970-01-01T00:00",
        "14:05      | 24:00      | 1970-01-01T00:00",
        "14:05      | 24:00:00,0 | 1970-01-01T00:00:00,0",
        "31.05.2024 | 31.12.2023 24:00 | 2024-01-01T00:00",
        "31.05.2024 | 28.02.2024 24:00+02:00 | 2024-02-29T00:00+02:00",
        "31.05.24 from 1930 | 31.05.29 | 2029-05-31",
        "31.05.24 from 1930 | 31.05.30 | 1930-05-31",
        "31.05.24 from 1900 | 31.05.24 | 1924-05-31",
        "05/31/24 2:05 PM from 1930 | 5/31/30 2:05 PM | 1930-05-31T14:05",
        "20240531   | 20240229   | 2024-02-29",
        "20240531   | 19000101.0 | 1900-01-01",
        "20240531   | 21001231   | 2100-12-31",
      })
  void readsDates(String example, String text, String iso) {
    assertEquals(new Cell(Double.NaN, iso), Notation.of(example).read(text));
    assertFalse(Double.isNaN(DateColumn.days(iso)));
    assertFalse(Notation.of(example).isNumber());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "31.05.2024 | 31.02.2024 ; 29.02.2023 ; 05.31.2024 ; 31.05.24 ; 31/05/2024 ; 2024-05-31",
        "31.05.2024 | 31.05.20244 ; 31.05 ; 0.05.2024 ; 31. 05. 2024 ; 31.05.2024 2:05 PM",
        "31.05.2024 | 31.05.2024 24:01 ; 31.02.2024 24:00 ; 31.05.2024 14:60 ; 31.05.2024 14",
        "31.05.2024 | 31.05.2024 14:5 ; 31.05.2024 14:05 CET ; 31.05.2024 14:05 +25:00",
        "31.05.2024 | 31.05.2024-14:05",
        "05/31/24 2:05 PM | 5/31/24 24:00 PM ; 5/31/24 14:05 ; 5/31/24 2:05 ; 5/31/24 14:05 PM",
        "05/31/24 2:05 PM | 5/31/24 0:05 AM",
        "14:05 | 24:00:01 ; 1:5 ; 25:05 ; 14 ; 31.05.2024 14:05 ; 2:05 PM",
        "31.05.24 from 1900 | 29.02.00",
        "20240531 | 20240230 ; 20241301 ; 18991231 ; 21010101 ; 20240531.5 ; 20240531 14:05",
        "20240531 | 2024-05-31 ; 240531",
        "31.05.24 | 31.05.2024 ; 31.05.4",
        "31 May 2024 | 31 Mai 2024 ; 31 Ma 2024 ; 31 05 2024 ; 31 May, , 2024 ; May 31 2024",
        "31 May 2024 | 31 May",
        "May 31, 2024 | May 2024 ; May 312024",
        "2:05 PM | 14:05 ; 2:05 ; 2:05 PX",
      })
  void refusesDatesInOtherNotations(String example, String texts) {
    for (String text : texts.split(" ; ")) {
      assertNull(Notation.of(example).read(text), text);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "1", "1234,56", "1234;5", "1,234,5",
        "12345", "1\u00a0234,5", "-1234.5", "1234.5  kg", "1234.5kg",
        "1234.5 a-b", "1234.5 /h", "1234.5 \u00b2", "1234.5 a.b", "1234.5 kilograms",
        "1234.5 \u00bd", "1234.5 %", "1234.5+", "EUR1234.5", "eur 1234.5",
        "Zone 1234.5", "R S 1234.5", "EUR 1234.5 kg", "$ 1234.5", "24/05/31",
        "31.05.2023", "2024-05-31", "2024 05 31", "2024 May 31", "31_05_2024",
        "31.05/2024", "31.05.2024 14:05", "2:05 AM", "May", "31",
        "31.", "31.05.24 from 1969", "31.05.24 from 30", "31.05.2024 from 1930", "14:05 from 1930",
        "1,234.5 from 1930", "20240531 2:05 PM", "20240530"
      })
  void refusesExamplesOfNoNotation(String example) {
    var refused = assertThrows(IllegalArgumentException.class, () -> Notation.of(example));
    assertTrue(refused.getMessage().startsWith("notation is \"" + example + "\", expected "));
  }

  @Test
  void isEqualByItsExample() {
    for (String example : new String[] {"1.234,5 kg", "31.05.2024", "05/31/24 2:05 PM", "14:05"}) {
      Notation notation = Notation.of(example);
      assertEquals(example, notation.toString());
      assertEquals(example, notation.example());
      assertEquals(notation, Notation.of(example));
      assertEquals(notation.hashCode(), Notation.of(example).hashCode());
      assertNotNull(notation.read(example));
    }
    assertNotEquals(Notation.of("31.05.2024"), Notation.of("31/05/2024"));
    Notation born = Notation.of("31.05.24").from(1930);
    assertEquals(born, Notation.of("31.05.24 from 1930"));
    assertEquals("31.05.24 from 1930", born.name());
    assertEquals("31.05.24", born.example());
    assertEquals(1930, born.firstYear().getAsInt());
    assertEquals(Notation.of("31.05.24"), born.from(1969));
    assertNotEquals(Notation.of("31.05.24"), born);
    assertEquals(Notation.of("31.05.2024"), Notation.of("31.05.2024").from(1930));
    assertTrue(Notation.of("31.05.2024").firstYear().isEmpty());
  }
}
