package dev.lanewise.source;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.Budget;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * A sheet of an Excel workbook (.xlsx), the first visible one or a named one, as the text of a
 * table. Each row of the sheet is a line, so that line numbers are those of the sheet. Numbers have
 * all their digits, percentages their sign, and dates the form 2024-05-31T14:05:00. Source:
 * ECMA-376, part 1, chapter 18.
 */
final class Workbook {
  private static final String PARTS = "xl/";

  /** A character that XML cannot have, by its code. Source: ECMA-376, part 1, 22.9.2.19. */
  private static final Pattern CODED =
      Pattern.compile("_x(?!0000|[dD][89a-fA-F])(\\p{XDigit}{4})_");

  private final String name;
  private final CsvFormat format;
  private final Map<String, byte[]> parts = new HashMap<>();
  private final List<String> strings = new ArrayList<>();
  private final List<CellStyle> styles = new ArrayList<>();
  private final List<Integer> digits = new ArrayList<>(); // fewest that a style shows
  private final Map<String, String> formats = new HashMap<>(); // formats of numbers, by their ids
  private final List<String> sheets = new ArrayList<>(); // names of visible ones
  private String sheet; // its name
  private String cells; // the part with its cells
  private String space; // the XML namespace of the part that is read
  private boolean is1904;
  private byte[] text;
  private long packed; // bytes of the file

  private Workbook(String name, CsvFormat format) {
    this.name = name;
    this.format = format;
  }

  /**
   * Reads a workbook to its end.
   *
   * @param format the separator, or 0 for a comma, and the decimal mark of the text; the sheet
   */
  static Workbook of(InputStream in, String name, CsvFormat format) throws IOException {
    Workbook workbook = new Workbook(name, format);
    try {
      workbook.unzip(in);
      workbook.index();
      workbook.text = workbook.cells();
      if (workbook.text.length == 0) {
        throw new FormatException(
            name,
            "sheet %s is empty, expected a table in it (%s chooses one of %s)",
            workbook.sheet,
            Remedy.SHEET.with(),
            workbook.sheets);
      }
      return workbook;
    } catch (XMLStreamException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | NoSuchElementException e) {
      throw new FormatException(
          name, "a damaged Excel workbook (%s), expected a workbook that Excel saved", reason(e));
    } catch (ZipException | EOFException e) {
      throw new FormatException(
          name, "a damaged Excel workbook, expected a workbook that Excel" + " saved");
    }
  }

  /** Returns the sheet as text in UTF-8. */
  InputStream text() {
    return new ByteArrayInputStream(text);
  }

  /** Returns which sheet was read if there are several, or null. */
  Message note() {
    return sheets.size() == 1
        ? null
        : Message.of(
            "%s has the sheets %s: %s is read (%s chooses another)",
            name, sheets, sheet, Remedy.SHEET.with());
  }

  private static String reason(Exception e) {
    Location at = e instanceof XMLStreamException xml ? xml.getLocation() : null;
    return at != null
        ? "XML, line %s, column %s".formatted(at.getLineNumber(), at.getColumnNumber())
        : String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private void unzip(InputStream in) throws IOException {
    ByteArrayInputStream whole = new ByteArrayInputStream(in.readAllBytes());
    packed = whole.available();
    ZipInputStream zip = new ZipInputStream(whole);
    long unfolded = 0;
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      boolean isRead =
          entry.getName().startsWith(PARTS) && entry.getName().matches(".*[.](xml|rels)");
      ByteArrayOutputStream part = new ByteArrayOutputStream();
      byte[] buffer = new byte[1 << 16];
      for (int count = zip.read(buffer); count >= 0; count = zip.read(buffer)) {
        unfolded += count;
        Budget.require(name, packed, unfolded);
        part.write(buffer, 0, isRead ? count : 0);
      }
      if (isRead) {
        parts.put(entry.getName(), part.toByteArray());
      }
    }
    if (!parts.containsKey("xl/workbook.xml")) {
      throw new FormatException(name, "a workbook that is not .xlsx, expected .xlsx or CSV");
    }
  }

  /** Reads everything but the cells. */
  private void index() throws XMLStreamException, FormatException {
    Map<String, String> targets = new HashMap<>();
    each(
        "xl/_rels/workbook.xml.rels",
        xml -> {
          if (!attribute(xml, "Type").matches(".*/(chart|dialog)sheet")) {
            String target = attribute(xml, "Target");
            targets.put(
                attribute(xml, "Id"),
                target.startsWith("/") ? target.substring(1) : PARTS + target);
          }
        });
    Map<String, String> all = new LinkedHashMap<>(); // parts of sheets by their names
    each(
        "xl/workbook.xml",
        xml -> {
          String hidden = attribute(xml, "state");
          if (element(xml).equals("workbookPr")) {
            is1904 = isTrue(attribute(xml, "date1904"));
          } else if (element(xml).equals("sheet") && targets.containsKey(relation(xml))) {
            all.put(attribute(xml, "name"), targets.get(relation(xml)));
            if (hidden.isEmpty() || hidden.equals("visible")) {
              sheets.add(attribute(xml, "name"));
            }
          }
        });
    sheet = format.sheet() == null && !sheets.isEmpty() ? sheets.get(0) : format.sheet();
    cells = all.get(sheet);
    if (!parts.containsKey(cells)) {
      throw new FormatException(
          name,
          sheet == null
              ? "a workbook without a visible sheet, expected a table in a visible sheet"
              : "no sheet %s, expected one of %s",
          sheet,
          all.keySet());
    }
    boolean[] ofCells = new boolean[1];
    each(
        "xl/styles.xml",
        xml -> {
          switch (element(xml)) {
            case "numFmt" -> formats.put(attribute(xml, "numFmtId"), attribute(xml, "formatCode"));
            case "cellXfs" -> ofCells[0] = true;
            case "cellStyles" -> ofCells[0] = false;
            case "xf" -> {
              if (ofCells[0]) {
                String id = attribute(xml, "numFmtId");
                String code = formats.getOrDefault(id, "");
                styles.add(CellStyle.of(id, code));
                digits.add(code.matches("0{2,}") ? code.length() : 0);
              }
            }
            default -> {}
          }
        });
    readStrings();
  }

  private void readStrings() throws XMLStreamException {
    if (!parts.containsKey("xl/sharedStrings.xml")) {
      return;
    }
    XMLStreamReader xml = reader("xl/sharedStrings.xml");
    while (xml.hasNext()) {
      if (xml.next() == XMLStreamConstants.START_ELEMENT && element(xml).equals("si")) {
        strings.add(string(xml, "si"));
      }
    }
  }

  /** Returns the text of an element with runs of text, without how it is pronounced. */
  private String string(XMLStreamReader xml, String element) throws XMLStreamException {
    StringBuilder text = new StringBuilder();
    int spoken = 0;
    while (true) {
      int event = xml.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        spoken += element(xml).equals("rPh") ? 1 : 0;
        if (element(xml).equals("t")) {
          String run = decoded(xml.getElementText());
          text.append(spoken == 0 ? run : "");
        }
      } else if (event == XMLStreamConstants.END_ELEMENT) {
        spoken -= element(xml).equals("rPh") ? 1 : 0;
        if (element(xml).equals(element)) {
          return text.toString();
        }
      }
    }
  }

  /** Returns the rows of the sheet, all with as many fields as the widest one. */
  private byte[] cells() throws XMLStreamException, IOException {
    int[] width = new int[1];
    rows((row, texts) -> width[0] = Math.max(width[0], texts.size()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    char separator = format.separator() == 0 ? ',' : format.separator();
    int[] last = new int[1];
    rows(
        (row, texts) -> {
          StringBuilder line = new StringBuilder("\n".repeat(Math.max(0, row - last[0] - 1)));
          for (int i = 0; i < width[0]; i++) {
            line.append(i == 0 ? "" : separator);
            line.append(i < texts.size() ? CsvFormat.quoted(texts.get(i), separator) : "");
          }
          Budget.require(name, packed, (long) out.size() + line.length());
          out.writeBytes(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
          last[0] = row;
        });
    return out.toByteArray();
  }

  /** What is done with a row of the sheet, counted from 1. */
  private interface Row {
    void take(int row, List<String> texts) throws FormatException;
  }

  private void rows(Row use) throws XMLStreamException, FormatException {
    XMLStreamReader xml = reader(cells);
    int row = 0;
    while (xml.hasNext()) {
      String element = xml.next() == XMLStreamConstants.START_ELEMENT ? element(xml) : "";
      if (element.equals("row")) {
        row = nextRow(attribute(xml, "r"), row);
        List<String> texts = cells(xml, row);
        if (texts.stream().anyMatch(text -> !text.isEmpty())) {
          use.take(row, texts);
        }
      } else if (element.equals("mergeCell")) {
        refuseMerged(attribute(xml, "ref"));
      }
    }
  }

  private List<String> cells(XMLStreamReader xml, int row)
      throws XMLStreamException, FormatException {
    List<String> texts = new ArrayList<>();
    while (!(xml.next() == XMLStreamConstants.END_ELEMENT && element(xml).equals("row"))) {
      if (xml.isStartElement() && element(xml).equals("c")) {
        cell(xml, row, texts);
      }
    }
    return texts;
  }

  private static int nextRow(String given, int before) {
    int row =
        given.isEmpty() ? before + 1 : given.matches("[0-9]{1,7}") ? Integer.parseInt(given) : 0;
    if (row <= before || row > 1 << 20) {
      throw new ArgumentException("row %s after row %s", given, before);
    }
    return row;
  }

  /** Refuses cells that are one over several rows, as all but the first would lose their value. */
  private void refuseMerged(String range) throws FormatException {
    String[] ends = range.replaceAll("[A-Z]", "").split(":");
    if (ends.length == 2 && !ends[0].equals(ends[1])) {
      throw new FormatException(
          name, "the cells %s are merged, expected a value in each row", range);
    }
  }

  private void cell(XMLStreamReader xml, int row, List<String> texts)
      throws XMLStreamException, FormatException {
    String place = attribute(xml, "r");
    place = place.isEmpty() ? place(texts.size(), row) : place;
    String type = attribute(xml, "t");
    String style = attribute(xml, "s");
    int column = column(place, row);
    if (column < texts.size() || column >= 1 << 14) {
      throw new ArgumentException(
          "cell %s in place of %s or later", place, place(texts.size(), row));
    }
    String value = null;
    boolean isFormula = false;
    while (!(xml.next() == XMLStreamConstants.END_ELEMENT && element(xml).equals("c"))) {
      if (xml.isStartElement()) {
        switch (element(xml)) {
          case "v" -> value = xml.getElementText();
          case "f" -> isFormula = true;
          case "is" -> value = string(xml, "is");
          default -> {}
        }
      }
    }
    boolean isEmpty = value == null || value.isEmpty();
    if (isFormula && isEmpty && (value == null || !type.equals("str"))) {
      throw new FormatException(
          name, "the formula in cell %s has no value, expected a workbook that Excel saved", place);
    }
    while (texts.size() < column) {
      texts.add("");
    }
    try {
      texts.add(isEmpty ? "" : text(place, type, style, value));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("cell %s is \"%s\"".formatted(place, value), e);
    }
  }

  private String text(String place, String type, String style, String value)
      throws FormatException {
    return switch (type) {
      case "s" -> strings.get(Integer.parseInt(value));
      case "b" -> isTrue(value) ? "TRUE" : "FALSE";
      case "", "n" -> {
        int shown = style.isEmpty() ? -1 : Integer.parseInt(style);
        CellStyle how = shown < 0 ? CellStyle.NUMBER : styles.get(shown);
        if (!value.strip().chars().allMatch(c -> "0123456789.eE+-".indexOf(c) >= 0)) {
          throw new IllegalArgumentException(value); // such as 0x10, which Java reads
        }
        double number = Double.parseDouble(value);
        String text = how.text(number, is1904);
        if (text == null) {
          throw new FormatException(
              name,
              "the date in cell %s is number %s, which is too %s, expected a date from %s to the"
                  + " year 9999",
              place,
              value,
              number > CellStyle.MARCH_1900 ? "late" : "early",
              is1904 ? "1904" : "March 1900");
        }
        int zeros = shown < 0 || !text.matches("[0-9]+") ? 0 : digits.get(shown) - text.length();
        text = "0".repeat(Math.max(0, zeros)) + text; // as in postcodes
        yield how == CellStyle.NUMBER || how == CellStyle.PERCENT
            ? text.replace('.', format.decimal())
            : text;
      }
      case "str" -> decoded(value);
      default -> value; // inlineStr, e (an error such as #N/A), d (a date)
    };
  }

  /** Returns the number, from 0, of the column of a cell such as AB12; -1 if it is not of a row. */
  private static int column(String place, int row) {
    String number = Integer.toString(row);
    int letters = place.endsWith(number) ? place.length() - number.length() : 0;
    int column = 0;
    for (int i = 0; i < letters; i++) {
      char c = place.charAt(i);
      column = c < 'A' || c > 'Z' || i > 2 ? 1 << 20 : column * 26 + c - 'A' + 1;
    }
    return column - 1;
  }

  /** Returns the place of a cell such as AB12. */
  private static String place(int column, int row) {
    StringBuilder place = new StringBuilder().append(row);
    for (int left = column + 1; left > 0; left = (left - 1) / 26) {
      place.insert(0, (char) ('A' + (left - 1) % 26));
    }
    return place.toString();
  }

  private static String decoded(String text) {
    return text.contains("_x")
        ? CODED
            .matcher(text)
            .replaceAll(
                code -> Matcher.quoteReplacement("" + (char) Integer.parseInt(code.group(1), 16)))
        : text;
  }

  private void each(String part, Consumer<XMLStreamReader> use) throws XMLStreamException {
    if (!parts.containsKey(part)) {
      return;
    }
    XMLStreamReader xml = reader(part);
    while (xml.hasNext()) {
      if (xml.next() == XMLStreamConstants.START_ELEMENT) {
        use.accept(xml);
      }
    }
  }

  /** Returns the name of an element; empty if it is of another namespace than the whole part. */
  private String element(XMLStreamReader xml) {
    return Objects.equals(space, xml.getNamespaceURI()) ? xml.getLocalName() : "";
  }

  /** Returns a reader in a part. It knows no document types, and so no entities. */
  private XMLStreamReader reader(String part) throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    InputStream in = new ByteArrayInputStream(parts.get(part));
    XMLStreamReader xml = factory.createXMLStreamReader(in);
    xml.nextTag();
    space = xml.getNamespaceURI();
    return xml;
  }

  private static String relation(XMLStreamReader xml) {
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      if (xml.getAttributeLocalName(i).equals("id") && !xml.getAttributePrefix(i).isEmpty()) {
        return xml.getAttributeValue(i);
      }
    }
    return "";
  }

  private static String attribute(XMLStreamReader xml, String attribute) {
    String value = xml.getAttributeValue(null, attribute);
    return value == null ? "" : value;
  }

  private static boolean isTrue(String value) {
    return value.equals("1") || value.toLowerCase(Locale.ROOT).equals("true");
  }
}
