package dev.lanewise.cli;

/** Text from files and command lines, made safe to print. */
final class Text {
  private Text() {}

  /** What could break the line or drive a terminal becomes a question mark. */
  static String printable(String text) {
    if (text.chars().noneMatch(Text::isUnsafe)) {
      return text;
    }
    StringBuilder line = new StringBuilder();
    text.chars().forEach(c -> line.append(isUnsafe(c) ? '?' : (char) c));
    return line.toString();
  }

  private static boolean isUnsafe(int c) {
    int kind = Character.getType(c);
    return kind == Character.CONTROL
        || kind == Character.FORMAT // such as those that turn the direction of writing
        || kind == Character.LINE_SEPARATOR
        || kind == Character.PARAGRAPH_SEPARATOR;
  }
}
