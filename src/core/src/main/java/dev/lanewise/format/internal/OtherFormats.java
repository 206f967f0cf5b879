package dev.lanewise.format.internal;

import dev.lanewise.format.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Recognizes file formats in which people keep tables or arrays but which must be converted before
 * they can be read.
 */
public final class OtherFormats {
  /** First characters of files that are not text (as Latin-1), and the names of their formats. */
  private static final Map<String, String> BEGINNINGS =
      Map.of(
          "\u00d0\u00cf\u0011\u00e0", "an Excel workbook",
          "PAR1", "a Parquet file",
          "ARROW1", "a Feather file",
          "SQLite format 3", "an SQLite database",
          "\u0089HDF", "an HDF5 file",
          "\u0080[\u0002-\u0005]", "a pickle of Python, which could run code",
          "BZh[1-9]1AY&SY", "something compressed by bzip2",
          "\u00fd7zXZ", "something compressed by xz",
          "\\(\u00b5/\u00fd", "something compressed by Zstandard");

  /** No format has more bytes before the characters that identify it. */
  private static final int FIRST = 256;

  /** The offset of the name of the first member in a zip archive. */
  private static final int MEMBER = 30;

  private OtherFormats() {}

  /**
   * Refuses a file of a known other format.
   *
   * @param bytes the beginning of the file, in [0, count)
   */
  public static void refuse(String file, byte[] bytes, int count) throws FormatException {
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
    }
    for (Map.Entry<String, String> each : BEGINNINGS.entrySet()) {
      if (Pattern.compile(each.getKey()).matcher(first).lookingAt()) {
        return each.getValue();
      }
    }
    return null;
  }

  /** Returns the format of a file that is not .npz, by its first bytes; null if it is unknown. */
  public static String inPlaceOfArrays(byte[] first) {
    return binary(new String(first, StandardCharsets.ISO_8859_1));
  }

  /** Describes a zip archive without arrays by the names of its members, and what was expected. */
  public static String withoutArrays(List<String> members) {
    for (String name : members) {
      if (name.endsWith("data.pkl")) {
        return "a PyTorch file, whose pickle could run code, expected .npz or .safetensors"
            + " (safetensors.torch.save_file(net.state_dict(), FILE) writes one)";
      } else if (name.endsWith(".weights.h5")) {
        return "a Keras file, expected .npz (numpy.savez(FILE, *model.get_weights()) writes one)";
      }
    }
    return Message.of(
            "a zip archive of %s, expected arrays (.npy) in it; unpack a table first", members)
        .toString();
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
