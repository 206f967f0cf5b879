package dev.lanewise.report;

/** Makes any string safe inside XML 1.0 elements and attributes. */
final class Xml {
  private static final int REPLACEMENT = 0xFFFD;

  private Xml() {}

  /**
   * Escapes for element content and for attribute values alike. Characters that XML cannot hold,
   * not even as references, become U+FFFD: most controls, lone surrogates, U+FFFE and U+FFFF.
   */
  static String escape(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      escape(c, out);
    }
    return out.toString();
  }

  private static void escape(int c, StringBuilder out) {
    switch (c) {
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;"); // "]]>" is forbidden in content
      case '&' -> out.append("&amp;");
      case '"' -> out.append("&quot;");
      case '\'' -> out.append("&#39;");
      // A parser would turn these into spaces in attributes, and a carriage return everywhere.
      case '\t', '\n', '\r' -> out.append("&#").append(c).append(';');
      default -> out.appendCodePoint(isCharacter(c) ? c : REPLACEMENT);
    }
  }

  /** The production Char of XML 1.0, without the three white spaces treated above. */
  private static boolean isCharacter(int c) {
    return c >= 0x20 && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000;
  }
}
