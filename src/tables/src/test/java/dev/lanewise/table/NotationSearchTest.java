package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.lanewise.rows.Notation;
import dev.lanewise.rows.internal.Cell;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NotationSearchTest {
  private static NotationSearch search(List<String> texts, char decimal, String dates) {
    return NotationSearch.of(texts, texts.stream().mapToInt(t -> 1).toArray(), decimal, dates);
  }

  private static NotationSearch search(String texts) {
    return search(List.of(texts.split(" *; *")), '.', null);
  }

  private static void assertOdd(NotationSearch found, String nearly, int fitting, String odd) {
    assertNull(found.notation);
    assertEquals(Notation.of(nearly), found.nearly);
    assertEquals(fitting, found.fitting);
    assertEquals(odd, found.odd);
  }

  private static void assertNothing(NotationSearch search) {
    assertNull(search.notation);
    assertNull(search.nearly);
    assertNull(search.odd);
    assertFalse(search.isAmbiguousOrder);
    assertFalse(search.isAssumed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "1.234,5 | 1.234,50; 17; 0,5", "1.234,5 | 1.234; 1.234.567",
        "1.234,5 | 1.234; 2,5", "1,234.5 | 1,234.50; 17",
        "1,234.5 | 1,234; 1.5", "1,234.5 | 17; 1,234,567",
        "1 234,5 | 1 234,50; 17", "1 234,5 | 1\u00a0234,50; 1\u202f234,50; 1\u2009234,50",
        "1 234.5 | 1 234; 12 345", "1'234.5 | 1'234.50; 0.5",
        "1'234.5 | 1'234; 1\u2019234; 17", "1'234,5 | 1'234,5",
        "1234,5 | 1,5; 17; -2,75", "1234,5 | 1234,567; 1",
        "1234.5 | \u22125; 3", "1234.5% | 45%; 7.5%",
        "1234.5% | 45 %; 7%", "1234,5% | 45,5%; 7%",
        "1234.5 kg | 12 kg; 13kg", "1234.5 kg | 12 kg; 13.5 kg",
        "1.234,5 kg | 1.234,5 kg; 7 kg", "1234.5 \u00b0C | 12\u00b0C; -3 \u00b0C",
        "1234.5 km/h | 12 km/h; 50km/h", "EUR 1234.5 | EUR 3; EUR -4",
        "EUR 1,234.5 | EUR 3.50; EUR 1,234", "\u20ac1,234.5 | \u20ac3.50; -\u20ac1,234",
        "US$1234.5 | US$ 3; US$4", "1234.5 \u20ac | 3 \u20ac; 4.5\u20ac",
        "31.05.2024 | 31.05.2024; 01.06.2024", "31.05.2024 | 01.06.2024; 31.5.2024 14:05",
        "31/05/2024 | 31/05/2024; 01/02/2024", "05/31/2024 | 05/31/2024; 01/02/2024",
        "05/31/24 | 5/31/24; 1/2/24 14:05", "05/31/24 2:05 PM | 5/31/24 2:05 PM; 1/2/24 11:00 am",
        "31.05.24 | 31.05.24; 17.06.24", "31.05.24 | 31.05.64; 01.06.77",
        "31-May-2024 | 31-May-2024; 1-JUN-2024", "31 May 2024 | 31 May 2024; 1 June 2024",
        "31-May-24 | 31-May-24; 14-Jun-24", "May 31, 2024 | May 31, 2024; June 1, 2024 14:05",
        "May 31, 2024 2:05 PM | May 31, 2024; June 1, 2024, 2:05 PM", "2024.05.31 | 2024.05.31",
        "2024/05/31 | 2024/05/31; 2024/5/3", "14:05 | 14:05; 2:07:30",
        "2:05 PM | 2:05 PM; 11:00am"
      })
  void findsTheNotationOfAllValues(String example, String texts) {
    NotationSearch found = search(texts);
    assertEquals(Notation.of(example), found.notation);
    assertFalse(found.isAssumed);
    assertNull(found.odd);
    assertNull(found.nearly);
    ArrayList<String> reversed = new ArrayList<>();
    for (String text : texts.split(" *; *")) {
      reversed.add(0, text);
      assertNotNull(Cell.read(found.notation, text), text);
    }
    assertEquals(found.notation, search(reversed, '.', null).notation);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "1,234.5 | . | 1,234; 17", "1,234.5 | . | 1,234", "1,234.5 kg | . | 1,234 kg; 17 kg",
        "1,234.5% | . | 1,234%", "1234.5 kg | . | 1.234 kg; 17 kg", "1.234,5 | , | 1.234; 17",
        "1.234,5 kg | , | 1.234 kg", "1234,5 kg | , | 1,234 kg"
      })
  void assumesTheMarkOfTheFile(String example, char decimal, String texts) {
    NotationSearch found = search(List.of(texts.split("; ")), decimal, null);
    assertEquals(Notation.of(example), found.notation);
    assertEquals(true, found.isAssumed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.5; 17; -3e5", "1", "red; green", "Zone 3; Zone 4",
        "A12; B7", "A12; A13", "C85; C123", "1st; 2nd; 3rd; 4th",
        "1st; 21st", "3rd; 23RD", "4x4; 6x6", "2B; red; 3B",
        "1.2.3; 1.10.0", "10.0.0.1; 192.168.1.1", "192.168.100.200; 192.168.101.102", "1/2; 3/4",
        "+49 170 1234567; +49 30 123456", "+34 612 345 678; +34 655 123 123", "16:9; 4:3", "5*; 7*",
        "612 345 678; 655 123 123", "612.345.678; 655.123.123", "555-1234; 555-9876", "65+; 18+",
        "+1 612 345 678; +34 655 123 123", "079 123 45 67; 044 123 45 67", "10-20; 20-30", "#1; #2",
        "030 123 456; 030 124 455", "<5; <10", "5\u00bd; 6\u00bd", "3 PM; 11 AM; 4 PM",
        "31 May; 5 June", "May 2024; June 2024", "2024-05-31; 2024-06-01", "31.02.2024; 30.02.2024",
        "2024-05-31 14:05; 2024-06-01", "SKU 3; SKU 4", "ISBN 3; ISBN 4", "3 (a); 4 (a)",
        "No. 3; No. 4", "1234567890abcdef; 22345678f0abcdef", "-; .; ,", "0x1F; 0x2A",
        "12A; 14C; 3F; 22D; 23B", "12e5kg; 13e6kg", "3 kilograms; 4 kilograms", "1_000; 2_000",
        "\u0661\u0662; \u0663"
      })
  void leavesWordsAndPlainNumbers(String texts) {
    assertNothing(search(texts));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "1.234,5    | 2 | 1,234.50   | 1.234,50; 2.234,50; 1,234.50",
        "1.234,5    | 1 | 1,234.50   | 1.234,50; 1,234.50",
        "1234.5%    | 2 | 0.45       | 45%; 50%; 0.45",
        "1234.5 kg  | 2 | 1          | 12 kg; 13 kg; 1",
        "1234.5     | 2 | 12 kg      | 1.5; 2; 12 kg",
        "1234.5 kg  | 2 | 500 g      | 12 kg; 13 kg; 500 g",
        "\u20ac1234.5 | 2 | $5       | \u20ac3; \u20ac4; $5",
        "EUR 1234.5 | 2 | 5 EUR      | EUR 3; EUR 4; 5 EUR",
        "1.234,5    | 2 | 1 234      | 1.234,50; 3.234,50; 1 234",
        "31/05/2024 | 2 | 05/31/2024 | 31/05/2024; 30/05/2024; 05/31/2024",
        "31.05.2024 | 2 | 31/05/2024 | 31.05.2024; 30.05.2024; 31/05/2024",
        "31.05.2024 | 2 | 2024-05-31 | 31.05.2024; 30.05.2024; 2024-05-31",
        "05/31/24 2:05 PM | 2 | 5/31/24 14:05 | 5/31/24 2:05 PM; 5/31/24 3:05 PM; 5/31/24 14:05",
        "14:05      | 2 | 2:05 PM    | 14:05; 14:06; 2:05 PM",
      })
  void namesWhatIsOdd(String example, int fitting, String odd, String texts) {
    assertOdd(search(texts), example, fitting, odd);
  }

  @Test
  void oneTextAmongManyIsOdd() {
    for (String example : List.of("1.234,5", "1234.5 kg", "1234.5%", "EUR 1234.5", "31.05.2024")) {
      for (String odd : List.of("many", "1.23,4", "3l.05.2024", "7 kgs")) {
        List<String> texts = new ArrayList<>(List.of(odd));
        for (int i = 11; i < 20; i++) {
          texts.add(example.replace("234", "2" + i).replace("31", "" + i));
        }
        assertOdd(search(texts, '.', null), example, 9, odd);
        texts.addAll(List.of("another", "word"));
        assertNothing(search(texts, '.', null)); // fewer than nine in ten
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1 234; 5 678; 1,408", "0,0; 1.603 kg; 7%"})
  void bothOfTwoNotationsHaveATextWithRows(String texts) {
    var both = search(texts).undecided.stream().filter(some -> some.rows() > 0);
    assertEquals(2, both.filter(some -> texts.contains(some.first())).count());
  }

  @Test
  void rowsDecideWhatNearlyAllAre() {
    List<String> texts = List.of("a", "z", "1,5", "2,5");
    NotationSearch found = NotationSearch.of(texts, new int[] {3, 7, 40, 50}, '.', null);
    assertEquals(90, found.fitting);
    assertEquals("a", found.odd);
    assertNothing(NotationSearch.of(texts, new int[] {3, 8, 40, 50}, '.', null));
  }

  @Test
  void fewNamesWithNumbersAreCategories() {
    // The styles of houses in a well-known table.
    List<String> texts = List.of("1Story", "2Story", "1.5Fin", "SLvl", "1.5Unf");
    assertNothing(NotationSearch.of(texts, new int[] {700, 400, 150, 60, 14}, '.', null));
    texts = List.of("1Fam", "Duplex");
    assertNothing(NotationSearch.of(texts, new int[] {95, 5}, '.', null));
    texts = List.of("4 doors", "2 doors");
    Notation doors = NotationSearch.of(texts, new int[] {95, 5}, '.', null).notation;
    assertEquals(Notation.of("1234.5 doors"), doors);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "01/02/2024; 11/12/2024            | 31/05/2024 | 05/31/2024",
        "01.02.24 14:05; 11.12.24          | 31.05.24   | 05.31.24",
        "1/2/24 2:05 PM; 11/12/24 11:00 AM | 31/05/24 2:05 PM | 05/31/24 2:05 PM",
      })
  void theOrderOfDayAndMonthIsNotGuessed(String texts, String dmy, String mdy) {
    NotationSearch found = search(texts);
    assertEquals(true, found.isAmbiguousOrder);
    assertNull(found.notation);
    assertNull(found.odd);
    List<String> all = List.of(texts.split("; "));
    assertEquals(Notation.of(dmy), search(all, '.', "dmy").notation);
    assertEquals(Notation.of(mdy), search(all, '.', "mdy").notation);
    assertFalse(search(all, '.', "mdy").isAmbiguousOrder);
  }

  @Test
  void datesThatMayBeginWithTheYearAreNotGuessed() {
    List<String> texts = List.of("24/05/31", "24/06/01", "23/01/17");
    assertEquals(true, search(texts, '.', null).isAmbiguousOrder);
    assertEquals(Notation.of("31/05/24"), search(texts, '.', "dmy").notation);
    assertEquals("24/05/31", search(texts, '.', "mdy").odd);
    assertEquals(true, search("31.05.24").isAmbiguousOrder);
    assertEquals(Notation.of("31.05.24"), search("31.05.24; 30.05.24").notation);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dmy | 31/05/2024 | 1 | 05/31/2024 | 01/02/2024; 05/31/2024",
        "mdy | 05/31/2024 | 1 | 31/05/2024 | 01/02/2024; 31/05/2024",
        "mdy | 05.31.2024 | 0 | 31.05.2024 | 31.05.2024; 30.05.2024",
        "dmy | 31/05/24 2:05 PM | 0 | 5/31/24 2:05 PM | 5/31/24 2:05 PM",
      })
  void valuesMayNotContradictTheOrder(
      String dates, String nearly, int fitting, String odd, String texts) {
    NotationSearch found = search(List.of(texts.split("; ")), '.', dates);
    assertFalse(found.isAmbiguousOrder);
    assertOdd(found, nearly, fitting, odd);
  }

  @Test
  void theOrderConcernsOnlyDatesOfNumbers() {
    for (String texts : List.of("2024/05/01", "1 May 2024", "May 1, 2024", "14:05", "1,5")) {
      List<String> all = List.of(texts);
      assertEquals(search(all, '.', null).notation, search(all, '.', "dmy").notation);
      assertEquals(search(all, '.', null).notation, search(all, '.', "mdy").notation);
      assertNotNull(search(all, '.', "mdy").notation);
    }
  }

  @Test
  void nothingIsFoundWithoutTexts() {
    assertNothing(search(List.of(), '.', null));
    assertNothing(search(List.of(""), '.', null));
  }
}
