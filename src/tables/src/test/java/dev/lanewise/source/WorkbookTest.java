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
    part("xl/_rels/workbook.xml.rels", "<Relationship Id='a' Target='worksheets/sheet1.xml'/>");
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

  private String text(CsvFormat format) throws IOException {
    byte[] file = zip();
    assertTrue(FileKind.isWorkbook(Arrays.copyOf(file, FileKind.MARK)));
    Workbook workbook = Workbook.of(new ByteArrayInputStream(file), "a.xlsx", format);
    return new String(workbook.text().readAllBytes(), StandardCharsets.UTF_8);
  }

  private String text() throws IOException {
    return text(CsvFormat.detect());
  }

  private void refused(String why) {
    String message = assertThrows(FormatException.class, this::text).getMessage();
    assertTrue(message.startsWith("a.xlsx: ") && message.contains(why), message);
  }

  @Test
  void stringsAreSharedOrStandInTheirCells() throws IOException {
    part(
        "xl/sharedStrings.xml",
        "<si><t>Zürich, 1</t></si><si><r><t>a</t></r><r><t xml:space='preserve'> b</t></r><rPh><t>ignored</t></rPh></si>");
    sheet(
        "<c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c>",
        "<c r='A2' t='inlineStr'><is><t>say \"x\"</t></is></c><c r='B2' t='str'><f>A1</f><v/></c>",
        "<c r='A3' t='b'><v>1</v></c><c r='B3' t='e'><v>#N/A</v></c>");
    assertEquals("\"Zürich, 1\",a b\n\"say \"\"x\"\"\",\nTRUE,#N/A\n", text());
  }

  /** Rows that the file leaves out are empty lines, so that lines are rows of the sheet. */
  @Test
  void cellsStandWhereTheyBelong() throws IOException {
    sheet(
        "<row r='2'><c r='C2'><v>1</v></c></row>",
        "<row r='4'><c r='A4'><v>2</v></c><c r='B4'/></row>",
        "<row r='5'><c r='D5'/></row>");
    assertEquals("\n,,1\n\n2,,\n", text());
    assertEquals("\n;;1\n\n2;;\n", text(new CsvFormat(';', ',')));
  }

  @Test
  void numbersHaveAllDigits() throws IOException {
    part(
        "xl/styles.xml",
        "<numFmts><numFmt numFmtId='164' formatCode='0.0%'/></numFmts><cellStyleXfs><xf"
            + " numFmtId='14'/></cellStyleXfs><cellXfs><xf numFmtId='0'/><xf numFmtId='164'/><xf"
            + " numFmtId='9'/><xf numFmtId='4'/></cellXfs><cellStyles/>");
    sheet(
        "<c r='A1'><v>0.1</v></c><c r='B1' s='1'><v>0.07</v></c><c r='C1' s='2'><v>1</v></c>",
        "<c r='A2'><v>1.5E+300</v></c><c r='B2'><v>1E-7</v></c><c r='C2' s='3'><v>-1234.5</v></c>",
        "<c r='A3'><v>0.30000000000000004</v></c><c r='B3'><v>100</v></c>");
    assertEquals("0.1,7%,100%\n1.5E+300,0.0000001,-1234.5\n0.30000000000000004,100,\n", text());
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
    sheet("<c r='B7' s='0'><v>-1</v></c>");
    refused("the date in cell B7 is number -1");
  }

  @Test
  void theFirstVisibleSheetIsRead() throws IOException {
    part(
        "xl/workbook.xml",
        "<sheet name='Lists' state='hidden' r:id='b'/><sheet name='Data' r:id='a'/><sheet name='More' r:id='b'/>");
    sheet("<c r='A1'><v>1</v></c>");
    assertEquals("1\n", text());
    Workbook workbook = Workbook.of(new ByteArrayInputStream(zip()), "a.xlsx", CsvFormat.detect());
    assertEquals("a.xlsx has the sheets Data, More: the first is read", "" + workbook.note());
    part("xl/workbook.xml", "<sheet name='Data' r:id='a'/>");
    assertNull(Workbook.of(new ByteArrayInputStream(zip()), "a.xlsx", CsvFormat.detect()).note());
    part("xl/workbook.xml", "");
    refused("a workbook without a visible sheet");
  }

  @Test
  void whatIsNotPlainIsRefused() throws IOException {
    sheet("<c r='A1'><f>B1*2</f></c>");
    refused("the formula in cell A1 has no value");
    sheet("<c r='A1'><v>1</v></c><mergeCell ref='A1:C1'/>");
    assertEquals("1\n", text());
    sheet("<c r='A1'><v>1</v></c><mergeCell ref='A2:A4'/>");
    refused("the cells A2:A4 are merged");
    for (String wrong :
        new String[] {
          "<c r='A1'><v>x</v></c>",
          "<c r='A1' t='s'><v>7</v></c>",
          "<c r='A1' s='9'><v>1</v></c>",
          "<c r='ZZZZ1'><v>1</v></c>",
          "<row r='3'/><row r='3'/>",
          "<row r='1048577'/>",
          "<c r='A1'><v>1</c>"
        }) {
      sheet(wrong);
      refused("a damaged Excel workbook");
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
        refused++;
      }
    }
    assertTrue(refused > 1000, "" + refused);
  }
}
