package dev.lanewise.source;

import dev.lanewise.format.Budget;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The first visible sheet of an Excel workbook (.xlsx) as the text of a table. Each row of the
 * sheet is a line, so that line numbers are those of the sheet. Numbers have all their digits,
 * percentages their sign, and dates the form 2024-05-31T14:05:00. Source: ECMA-376, part 1, chapter
 * 18.
 */
final class Workbook {
  private static final String PARTS = "xl/";

  private final String name;
  private final CsvFormat format;
  private final Map<String, byte[]> parts = new HashMap<>();
  private final List<String> strings = new ArrayList<>();
  private final List<CellStyle> styles = new ArrayList<>();
  private final Map<Integer, String> formats = new HashMap<>(); // formats of numbers, by their ids
  private final List<String> sheets = new ArrayList<>(); // names of visible ones
  private String sheet; // the part with the cells
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
   * @param format the separator, or 0 for a comma, and the decimal mark of the text
   */
  static Workbook of(InputStream in, String name, CsvFormat format) throws IOException {
    Workbook workbook = new Workbook(name, format);
    try {
      workbook.unzip(in);
      workbook.index();
      workbook.text = workbook.cells();
      return workbook;
    } catch (XMLStreamException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | NoSuchElementException e) {
      throw new FormatException(
          name, "a damaged Excel workbook (%s), expected a workbook that Excel saved", reason(e));
    } catch (ZipException e) {
      throw new FormatException(
          name, "a damaged Excel workbook, expected a workbook that Excel" + " saved");
    }
  }

  /** Returns the first visible sheet as text in UTF-8. */
  InputStream text() {
    return new ByteArrayInputStream(text);
  }

  /** Returns which sheet was read if there are several, or null. */
  Message note() {
    return sheets.size() == 1
        ? null
        : Message.of("%s has the sheets %s: the first is read", name, sheets);
  }

  private static String reason(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
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
          if (xml.getLocalName().equals("Relationship")) {
            targets.put(attribute(xml, "Id"), attribute(xml, "Target"));
          }
        });
    String[] first = new String[1];
    each(
        "xl/workbook.xml",
        xml -> {
          String hidden = attribute(xml, "state");
          if (xml.getLocalName().equals("workbookPr")) {
            is1904 = isTrue(attribute(xml, "date1904"));
          } else if (xml.getLocalName().equals("sheet")
              && (hidden.isEmpty() || hidden.equals("visible"))) {
            sheets.add(attribute(xml, "name"));
            first[0] = first[0] == null ? relation(xml) : first[0];
          }
        });
    String target = targets.getOrDefault(first[0], "");
    sheet = target.startsWith("/") ? target.substring(1) : PARTS + target;
    if (!parts.containsKey(sheet)) {
      throw new FormatException(
          name, "a workbook without a visible sheet, expected a table in a visible sheet");
    }
    boolean[] ofCells = new boolean[1];
    each(
        "xl/styles.xml",
        xml -> {
          switch (xml.getLocalName()) {
            case "numFmt" -> formats.put(number(xml, "numFmtId"), attribute(xml, "formatCode"));
            case "cellXfs" -> ofCells[0] = true;
            case "cellStyles" -> ofCells[0] = false;
            case "xf" -> {
              if (ofCells[0]) {
                int id = number(xml, "numFmtId");
                styles.add(CellStyle.of(id, formats.getOrDefault(id, "")));
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
      if (xml.next() == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals("si")) {
        strings.add(string(xml, "si"));
      }
    }
  }

  /** Returns the text of an element with runs of text, without how it is pronounced. */
  private static String string(XMLStreamReader xml, String element) throws XMLStreamException {
    StringBuilder text = new StringBuilder();
    int spoken = 0;
    while (true) {
      int event = xml.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        spoken += xml.getLocalName().equals("rPh") ? 1 : 0;
        if (xml.getLocalName().equals("t")) {
          String run = xml.getElementText();
          text.append(spoken == 0 ? run : "");
        }
      } else if (event == XMLStreamConstants.END_ELEMENT) {
        spoken -= xml.getLocalName().equals("rPh") ? 1 : 0;
        if (xml.getLocalName().equals(element)) {
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
    XMLStreamReader xml = reader(sheet);
    List<String> texts = new ArrayList<>();
    int row = 0;
    while (xml.hasNext()) {
      int event = xml.next();
      if (event == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals("row")) {
        if (texts.stream().anyMatch(text -> !text.isEmpty())) {
          use.take(row, texts);
        }
      } else if (event == XMLStreamConstants.START_ELEMENT) {
        switch (xml.getLocalName()) {
          case "row" -> {
            texts.clear();
            row = nextRow(attribute(xml, "r"), row);
          }
          case "c" -> cell(xml, texts);
          case "mergeCell" -> refuseMerged(attribute(xml, "ref"));
          default -> {}
        }
      }
    }
  }

  private static int nextRow(String given, int before) {
    int row = given.isEmpty() ? before + 1 : Integer.parseInt(given);
    if (row <= before || row > 1 << 20) {
      throw new IllegalArgumentException("row " + row + " after row " + before);
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

  private void cell(XMLStreamReader xml, List<String> texts)
      throws XMLStreamException, FormatException {
    String place = attribute(xml, "r");
    String type = attribute(xml, "t");
    String style = attribute(xml, "s");
    int column = place.isEmpty() ? texts.size() : column(place);
    String value = null;
    boolean isFormula = false;
    while (!(xml.next() == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals("c"))) {
      if (xml.isStartElement()) {
        switch (xml.getLocalName()) {
          case "v" -> value = xml.getElementText();
          case "f" -> isFormula = true;
          case "is" -> value = string(xml, "is");
          default -> {}
        }
      }
    }
    if (isFormula && value == null && !type.equals("str")) {
      throw new FormatException(
          name, "the formula in cell %s has no value, expected a workbook that Excel saved", place);
    }
    while (texts.size() < column) {
      texts.add("");
    }
    texts.add(value == null ? "" : text(place, type, style, value));
  }

  private String text(String place, String type, String style, String value)
      throws FormatException {
    return switch (type) {
      case "s" -> strings.get(Integer.parseInt(value));
      case "b" -> isTrue(value) ? "TRUE" : "FALSE";
      case "", "n" -> {
        CellStyle how = style.isEmpty() ? CellStyle.NUMBER : styles.get(Integer.parseInt(style));
        double number = Double.parseDouble(value);
        String text = how.text(number, is1904);
        if (text == null) {
          throw new FormatException(
              name,
              "the date in cell %s is number %s, expected a date from March 1900 or later",
              place,
              value);
        }
        yield how == CellStyle.NUMBER || how == CellStyle.PERCENT
            ? text.replace('.', format.decimal())
            : text;
      }
      default -> value; // str, inlineStr, e (an error such as #N/A), d (a date)
    };
  }

  /** Returns the number, from 0, of the column of a cell such as AB12. */
  private static int column(String place) {
    int column = 0;
    for (int i = 0; i < place.length() && place.charAt(i) >= 'A'; i++) {
      column = column * 26 + place.charAt(i) - 'A' + 1;
    }
    if (column < 1 || column > 1 << 14) {
      throw new IllegalArgumentException("a cell " + place);
    }
    return column - 1;
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

  /** Returns a reader that knows no document types, and so no entities. */
  private XMLStreamReader reader(String part) throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    return factory.createXMLStreamReader(new ByteArrayInputStream(parts.get(part)));
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

  private static int number(XMLStreamReader xml, String attribute) {
    return Integer.parseInt(attribute(xml, attribute));
  }

  private static boolean isTrue(String value) {
    return value.equals("1") || value.toLowerCase(Locale.ROOT).equals("true");
  }
}
