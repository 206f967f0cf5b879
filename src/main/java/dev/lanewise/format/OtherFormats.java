package dev.lanewise.format;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Files that people have tables in and that are read here only once they were saved as CSV. */
final class OtherFormats {
  /** What none of them has in front of what it is known by. */
  private static final int FIRST = 256;

  /** Where the name of the first member of a zip archive stands. */
  private static final int MEMBER = 30;

  private OtherFormats() {}

  /**
   * Refuses a file that is known by its first bytes.
   *
   * @param file what it is called in messages
   * @param bytes its beginning, in [0, count)
   */
  static void refuse(String file, byte[] bytes, int count) throws FormatException {
    String first = new String(bytes, 0, Math.min(count, FIRST), StandardCharsets.ISO_8859_1);
    String found = binary(first);
    if (found == null) {
      found = text(first.startsWith("\u00ef\u00bb\u00bf") ? first.substring(3) : first);
    }
    if (found != null) {
      throw new FormatException(
          file, "%s, expected a table as text: save it as CSV in UTF-8", found);
    }
  }

  private static String binary(String first) {
    if (first.startsWith("PK")) {
      for (String name : List.of("[Content_Types].xml", "_rels/", "xl/", "docProps/")) {
        if (first.startsWith(name, MEMBER)) {
          return "an Excel workbook";
        }
      }
      boolean open = first.startsWith("mimetypeapplication/vnd.oasis", MEMBER);
      return open ? "an OpenDocument spreadsheet" : null;
    } else if (first.startsWith("\u00d0\u00cf\u0011\u00e0")) {
      return "an Excel workbook";
    }
    return first.startsWith("PAR1") ? "a Parquet file" : null;
  }

  private static String text(String first) {
    String text = first.strip().toLowerCase(Locale.ROOT);
    if (text.startsWith("{") || text.startsWith("[")) {
      String inside = text.substring(1).stripLeading();
      boolean list = text.startsWith("[") && (inside.startsWith("{") || inside.startsWith("["));
      return list || inside.startsWith("\"") ? "JSON" : null;
    } else if (text.startsWith("<!doctype") || text.startsWith("<html")) {
      return "a web page (HTML)";
    }
    return text.startsWith("<?xml") ? "XML" : null;
  }
}
