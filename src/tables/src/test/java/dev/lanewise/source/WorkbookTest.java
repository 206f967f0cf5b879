package dev.lanewise.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.Budget;
import dev.lanewise.format.FormatException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** Workbooks as Excel, openpyxl and LibreOffice write them, and what is refused of them. */
class WorkbookTest {
  private static final String HEAD =
      "<?xml version=\"1.0\"?><x xmlns:r=\"http://relations\" xmlns=\"http://main\">";

  private final Map<String, String> parts = new LinkedHashMap<>();

  WorkbookTest() {
    parts.put("[Content_Types].xml", HEAD + "</x>");
    part(
        "xl/_rels/workbook.xml.rels",
        "<Relationship Id='a' Type='http://x/worksheet' Target='worksheets/sheet1.xml'/><Relationship Id='b'"
            + " Type='http://x/worksheet' Target='/xl/worksheets/b.xml'/><Relationship Id='c' Type='http://x/chartsheet' Target='worksheets/sheet1.xml'/>");
    part("xl/workbook.xml", "<sheet name='Data' r:id='a'/>");
  }

  private void part(String name, String content) {
    parts.put(name, HEAD + content + "</x>");
  }

  private void sheet(String... rows) {
    StringBuilder text = new StringBuilder("<sheetData>");
    for (String row : rows) {
      text.append(row.startsWith("<row") ? row : "<row>" + row + "</row>");
    }
    part("xl/worksheets/sheet1.xml", text + "</sheetData>");
  }

  private byte[] zip() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, String> part : parts.entrySet()) {
        zip.putNextEntry(new ZipEntry(part.getKey()));
        zip.write(part.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return out.toByteArray();
  }

  private Workbook read(CsvFormat format) throws IOException {
    byte[] file = zip();
    assertTrue(FileKind.isWorkbook(Arrays.copyOf(file, FileKind.MARK)));
    return Workbook.of(new ByteArrayInputStream(file), "a.xlsx", format);
  }

  private String text(CsvFormat format) throws IOException {
    Workbook workbook = read(format);
    return new String(workbook.text().readAllBytes(), StandardCharsets.UTF_8);
  }

  private String text() throws IOException {
    return text(CsvFormat.detect());
  }

  private void refused(String why) {
    refused(why, CsvFormat.detect());
  }

  private void refused(String why, CsvFormat format) {
    String message = assertThrows(FormatException.class, () -> text(format)).getMessage();
    assertTrue(message.startsWith("a.xlsx: ") && message.contains(why), message);
  }

  @Test
  void stringsAreSharedOrStandInTheirCells() throws IOException {
    part(
        "xl/sharedStrings.xml",
        "<si><t>Zürich, 1</t></si><si><r><t>a</t></r><r><t xml:space='preserve'> b</t></r><rPh><t>ignored</t></rPh></si><si><t>a_x000A__x0041__x005F_x0041__xD800_</t></si>");
    sheet(
        "<c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c>",
        "<c r='A2' t='inlineStr'><is><t>say \"x\"</t></is></c><c r='B2' t='str'><f>A1</f><v/></c>",
        "<c r='A3' t='b'><v>1</v></c><c r='B3' t='e'><v>#N/A</v></c>",
        "<c r='A4' t='s'><v>2</v></c><c r='B4' t='str'><f>A4</f><v>_x0041_</v></c>");
    assertEquals(
        "\"Zürich, 1\",a b\n\"say \"\"x\"\"\",\nTRUE,#N/A\n\"a\nA_x0041__xD800_\",A\n", text());
  }

  /** Rows that the file leaves out are empty lines, so that lines are rows of the sheet. */
  @Test
  void cellsStandWhereTheyBelong() throws IOException {
    sheet(
        "<row r='2'><c r='C2'><v>1</v></c></row>",
        "<row r='4'><c r='A4'><v>2</v></c><c r='B4'/></row>",
        "<row r='5'><c r='D5'/></row>",
        "<row><y:c xmlns:y='http://y'><v>9</v></y:c></row><y:row xmlns:y='http://y'><c><v>9</v></c></y:row>");
    assertEquals("\n,,1\n\n2,,\n", text());
    assertEquals("\n;;1\n\n2;;\n", text(new CsvFormat(';', ',')));
  }

  @Test
  void numbersHaveAllDigits() throws IOException {
    part(
        "xl/styles.xml",
        "<numFmts><numFmt numFmtId='164' formatCode='0.0%'/><numFmt numFmtId='x' formatCode='00000'/></numFmts><cellStyleXfs><xf"
            + " numFmtId='14'/></cellStyleXfs><cellXfs><xf numFmtId='0'/><xf numFmtId='164'/><xf"
            + " numFmtId='9'/><xf numFmtId='4'/><xf numFmtId='x'/></cellXfs><cellStyles/>");
    sheet(
        "<c r='A1'><v>0.1</v></c><c r='B1' s='1'><v>0.07</v></c><c r='C1' s='2'><v>1</v></c>",
        "<c r='A2'><v>1.5E+300</v></c><c r='B2'><v>1E-7</v></c><c r='C2' s='3'><v>-1234.5</v></c>",
        "<c r='A3'><v>0.30000000000000004</v></c><c r='B3' s='4'><v>1002</v></c>");
    assertEquals("0.1,7%,100%\n1.5E+300,0.0000001,-1234.5\n0.30000000000000004,01002,\n", text());
    assertTrue(text(new CsvFormat('\0', ',')).startsWith("\"0,1\",7%,100%\n"));
  }

  @Test
  void datesAreDays() throws IOException {
    part(
        "xl/styles.xml",
        "<numFmts><numFmt numFmtId='170' formatCode='[$-407]d. mmmm yyyy;@'/><numFmt numFmtId='171' formatCode='dd/mm/yy\\ hh:mm'/><numFmt numFmtId='172'"
            + " formatCode='\"day\" 0'/><numFmt numFmtId='173' formatCode='[h]:mm'/></numFmts>"
            + "<cellXfs><xf numFmtId='170'/><xf numFmtId='171'/><xf numFmtId='172'/><xf numFmtId='173'/><xf numFmtId='21'/></cellXfs>");
    sheet(
        "<c r='A1' s='0'><v>45443</v></c><c r='B1' s='1'><v>45443.5868055556</v></c><c r='C1'"
            + " s='2'><v>7</v></c><c r='D1' s='3'><v>1.5</v></c><c r='E1' s='4'><v>0.25</v></c>",
        "<c r='A2' s='0'><v>61</v></c>");
    assertEquals("2024-05-31,2024-05-31T14:05:00,7,1.5,06:00:00\n1900-03-01,,,,\n", text());
    part("xl/workbook.xml", "<workbookPr date1904='1'/><sheet name='Data' r:id='a'/>");
    assertTrue(text().startsWith("2028-06-01,"));
    sheet("<row r='7'><c r='B7' s='0'><v>-1</v></c></row>");
    refused("the date in cell B7 is number -1, which is too early, expected a date from 1904 to");
    sheet("<row r='7'><c r='B7' s='0'><v>2957004</v></c></row>");
    refused(
        "the date in cell B7 is number 2957004, which is too late, expected a date from 1904 to");
  }

  @Test
  void theFirstVisibleSheetIsRead() throws IOException {
    part(
        "xl/workbook.xml",
        "<sheet name='Lists' state='hidden' r:id='b'/><sheet name='Chart' r:id='c'/><sheet name='Data' r:id='a'/><sheet name='More' r:id='b'/>");
    sheet("<c r='A1'><v>1</v></c>");
    part("xl/worksheets/b.xml", "<row><c><v>2</v></c></row>");
    assertEquals("1\n", text());
    assertEquals(
        "a.xlsx has the sheets Data, More: Data is read (TableOptions.withSheet(\"NAME\") chooses another)",
        "" + read(CsvFormat.detect()).note());
    for (String other : List.of("Lists", "More")) {
      assertEquals("2\n", text(new CsvFormat(',', '.', 0, other)));
    }
    refused(
        "no sheet Chart, expected one of Lists, Data, More", new CsvFormat(',', '.', 0, "Chart"));
    sheet("");
    refused(
        "sheet Data is empty, expected a table in it (TableOptions.withSheet(\"NAME\") chooses one of Data, More)");
    part("xl/workbook.xml", "<sheet name='More' r:id='b'/>");
    assertNull(read(CsvFormat.detect()).note());
    part("xl/workbook.xml", "");
    refused("a workbook without a visible sheet");
  }

  @Test
  void whatIsNotPlainIsRefused() throws IOException {
    for (String cell : List.of("><f>B1*2</f>", "><f>B1*2</f><v/>", " t='str'><f>B1*2</f>")) {
      sheet("<c r='A1'" + cell + "</c>");
      refused("the formula in cell A1 has no value");
    }
    sheet("<row><c r='A1'><v>1</v></c></row><mergeCell ref='A1:C1'/>");
    assertEquals("1\n", text());
    sheet("<row><c r='A1'><v>1</v></c></row><mergeCell ref='A2:A4'/>");
    refused("the cells A2:A4 are merged");
    for (String wrong :
        List.of(
            "<c r='A1'><v>x</v></c> (cell A1 is \"x\")",
            "<c/><c><v>0x1p3</v></c> (cell B1 is \"0x1p3\")",
            "<c r='A1'><v>1d</v></c> (cell A1 is \"1d\")",
            "<c r='A1' t='s'><v>7</v></c> (cell A1 is \"7\")",
            "<c r='A1' s='9'><v>1</v></c> (cell A1 is \"1\")",
            "<c r='ZZZZ1'><v>1</v></c> (cell ZZZZ1 in place of A1 or later)",
            "<c r='b1'/> (cell b1 in place of A1 or later)",
            "<c r='B1'/><c r='A1'/> (cell A1 in place of C1 or later)",
            "<c r='A1'/><c r='A1'/> (cell A1 in place of B1 or later)",
            "<row r='10'><c r='A10'/><c r='B99'/></row> (cell B99 in place of B10 or later)",
            "<row r='3'/><row r='3'/> (row 3 after row 3)",
            "<row r='1048577'/> (row 1048577 after row 0)",
            "<row r='x'/> (row x after row 0)",
            "<c r='A1'><v>1</c> (XML, line 1, column ")) {
      int end = wrong.lastIndexOf(" (");
      sheet(wrong.substring(0, end));
      refused("a damaged Excel workbook" + wrong.substring(end));
    }
    parts.remove("xl/workbook.xml");
    parts.put("xl/workbook.bin", "");
    refused("a workbook that is not .xlsx");
  }

  /** Neither entities nor many empty cells may fill the memory. */
  @Test
  void hostileFilesAreRefused() throws IOException {
    parts.put(
        "xl/worksheets/sheet1.xml",
        "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x><row><c t='str'><v>&a;</v></c></row></x>");
    assertTrue(!reads().contains("root:"));
    String rows = "<row><c r='A1'><v>1</v></c></row>".repeat(40_000);
    sheet("<row r='1'><c r='XFD1'><v>1</v></c></row>" + rows.replace(" r='A1'", ""));
    Budget budget = Budget.of(1 << 20);
    try {
      refused(" unfold to ");
    } finally {
      budget.close();
    }
  }

  private String reads() throws IOException {
    try {
      return text();
    } catch (FormatException e) {
      return e.getMessage();
    }
  }

  /** Damaged bytes give a text or a refusal, and nothing else. */
  @Test
  void damagedFiles() throws IOException {
    sheet("<c r='A1' t='inlineStr'><is><t>a</t></is></c><c r='B1'><v>45443</v></c>");
    byte[] file = zip();
    Random random = new Random(3);
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] bytes = Arrays.copyOf(file, i % 3 == 0 ? random.nextInt(file.length) : file.length);
      for (int k = random.nextInt(4); k >= 0 && bytes.length > 0; k--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        Workbook.of(new ByteArrayInputStream(bytes), "a.xlsx", CsvFormat.detect());
      } catch (IOException e) {
        assertTrue(!e.getMessage().contains("Exception"), e.getMessage());
        refused++;
      }
    }
    assertTrue(refused > 1000, "" + refused);
  }
}
