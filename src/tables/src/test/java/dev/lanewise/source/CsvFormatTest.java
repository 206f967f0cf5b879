package dev.lanewise.source;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvFormatTest {
  private static char separator(String text, CsvFormat format) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (Csv csv = Csv.open(new ByteArrayInputStream(bytes), "a", format)) {
      return csv.separator();
    }
  }

  /**
   * Each case is the expected separator and a text with / for the end of a line and T for a tab.
   */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = ' ',
      value = {
        ", a,b,c/1,2,3/",
        "; a;b;c/1;2;3/",
        "T aTbTc/1T2T3",
        "| a|b|c/1|2|3",
        // If several candidates split all records alike, the first of tab, ; | and , wins.
        "; a;b/1,5;2,5/0,5;1,5/",
        "T aTb/1;5T2;5/0;5T1;5/",
        "T a,bTc/1,5T2/",
        "| a,b|c/1,2|3/",
        // A candidate that splits all records alike wins over one that does not.
        ", g,h/x;y,1/z,2/",
        ", a;b,c/1,2/3,4/",
        "| aT|b/T1|2/3|4/",
        // Characters inside quotes do not count, not even the end of a line.
        ", `\"a;b\",c/\"d;e\",f/`",
        ", `\"a;/b;\"\"/c\",d/1,2/`",
        "; `\"a\";\"b,c\"/1;\"2,3\"/`",
        // If no candidate splits all records alike, the one that does so in most records wins.
        "; title/a;b/1;2/3;4/5,6/",
        ", a,b,c/1,2,3/1,2/1,2,3/x;y,1,2/",
        // If two agree in equally many records, the one with more unambiguous places wins.
        ", a;x,b,c",
        ", Smith;J,3,a/Doe;K,4,b/",
        ", A|B,3,a/C|D,4,b/",
        "; 1,5;2,5;3,5/2,5;1,5;0,5/",
        "; A;hello, world, and more/B;yes, no, perhaps/",
        "T A,B,C,DT1/E,F,G,HT2/",
        // These tables have one column.
        ", a/1/2/",
        ", a",
        ", `\"a;b\"/\"c;d\"`",
        // The last record may be incomplete if the examined part ends there, but not in a whole
        // table.
        ", a,b/1,2/3,4;5",
        // Empty lines and lines of blanks do not count.
        "; //a;b/T/1;2//TT/3;4",
      })
  void separatorsAreFound(String expected, String text) throws IOException {
    String written = text.replace('/', '\n').replace('T', '\t');
    char separator = expected.equals("T") ? '\t' : expected.charAt(0);
    assertEquals(separator, separator(written, CsvFormat.detect()), text);
    assertEquals(
        separator, separator("\ufeff" + written.replace("\n", "\r\n"), CsvFormat.detect()), text);
    assertEquals('|', separator(written, new CsvFormat('|', '.')), "as given");
  }

  @Test
  void aDecimalCommaSeparatesNothing() throws IOException {
    CsvFormat decimals = new CsvFormat('\0', ',');
    assertEquals(';', separator("a;b\n1,5;2\n1;2\n", decimals));
    assertEquals('|', separator("1,5|2\n", decimals));
    assertEquals(';', separator("1,5\n2,5\n", decimals));
    assertEquals(';', separator("1\n2\n", decimals));
    assertEquals(',', separator("1,5\n2,5\n", CsvFormat.detect()));
    // Commas separate, however, if the numbers between them are in quotes.
    assertEquals(',', separator("a,b\n\"1,5\",\"2,5\"\n", decimals));
    assertEquals(',', separator("name,b\nx,\"1,5\"\ny,2\n", decimals));
    assertEquals(';', separator("\"1,5\";2,5\n\"1,5\";\"3,5\"\n", decimals));
  }

  /** A comma outside quotes separates, whatever the decimal mark is. */
  @Test
  void decimalCommasBetweenCommasAreInQuotes() throws IOException {
    byte[] bytes = "\"1,5\",\"-2,25\"\n1,5\n".getBytes(StandardCharsets.UTF_8);
    CsvFormat format = new CsvFormat(',', ',');
    try (Csv csv = Csv.open(new ByteArrayInputStream(bytes), "a", format)) {
      for (double[] row : new double[][] {{1.5, -2.25}, {1, 5}}) {
        assertEquals(true, csv.next());
        assertEquals(2, csv.fields());
        assertEquals(row[0], csv.number(0));
        assertEquals(row[1], csv.number(1));
      }
    }
  }

  /** Records after the first hundred do not affect the result. */
  @Test
  void onlyTheFirstRecordsAreLookedAt() throws IOException {
    CsvFormat detect = CsvFormat.detect();
    assertEquals(';', separator("a,b;c\n".repeat(100) + "1,2,3\n".repeat(200), detect));
    assertEquals(',', separator("1,2\n".repeat(99) + "1,2,3\n1;2\n", detect));
    assertEquals(';', separator("1;2,3\n".repeat(100) + "1,2\n", detect));
    // The first block ends inside a record, which would count for the comma if it were used.
    assertEquals(';', separator(("1,2," + "x".repeat(1000) + ";3\n").repeat(99), detect));
  }

  /** Names in a header may contain other separators, so the header alone does not decide. */
  @Test
  void atLeastTwoRecordsAreLookedAt() throws IOException {
    CsvFormat detect = CsvFormat.detect();
    String wide = "x".repeat(40_000);
    assertEquals(',', separator("a;" + wide + ",c\n1," + wide + "\n", detect));
    assertEquals(';', separator("a;" + wide + wide + "\n1;2\n", detect));
    assertEquals(',', separator("a,b" + wide + "\n" + wide + wide + ",1\n", detect));
  }

  @Test
  void separatorsHaveNames() {
    String[][] names = {
      {",", ",", "comma", "Comma"},
      {";", ";", "semicolon"},
      {"\t", "\t", "\\t", "tab", "TAB"},
      {"|", "|", "pipe"},
      {"\0", "auto"}
    };
    for (String[] each : names) {
      for (int i = 1; i < each.length; i++) {
        assertEquals(each[0].charAt(0), CsvFormat.separator(each[i]), each[i]);
      }
    }
  }

  private static void refused(String message, Executable executable) {
    rejects(executable, message);
  }

  @Test
  void otherMarksAreRefused() {
    refused(
        "separator ':', expected one of , ; tab | (or 0 to detect it)",
        () -> new CsvFormat(':', '.'));
    refused(
        "separator 'x', expected one of , ; tab | (or auto to detect it)",
        () -> CsvFormat.separator("x"));
    refused(
        "separator '', expected one of , ; tab | (or auto to detect it)",
        () -> CsvFormat.separator(""));
    refused("decimal mark ';', expected . or ,", () -> new CsvFormat(',', ';'));
  }
}
