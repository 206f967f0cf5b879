package dev.lanewise.source;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * Reads a text in JSON (RFC 8259) value by value. Every violation of the format is a {@link
 * FormatException} with its position, and so is a second member of the same name, because another
 * program may use the other one. Memory is only used for the returned texts and the names in open
 * objects, and nested brackets do not use the stack.
 *
 * <pre>{@code
 * JsonScanner json = new JsonScanner(bytes, bytes.length, "body");
 * json.begin('[');
 * while (json.more()) {
 *   sum += json.number();
 * }
 * json.finish();
 * }</pre>
 */
public final class JsonScanner {
  /** The deepest allowed nesting of brackets. */
  private static final int MAX_DEPTH = 64;

  private static final String ESCAPES = "\"\\/bfnrt";
  private static final String ESCAPED = "\"\\/\b\f\n\r\t";

  private final byte[] bytes;
  private final int end;
  private final String name;
  private final byte[] closing = new byte[MAX_DEPTH]; // brackets that close the open ones

  private Set<String>[] names; // names in the open objects; null before the first one is kept
  private int depth;
  private boolean isFirst; // true after an opening bracket
  private int at;
  private int lastNumber; // first byte of the last number

  /**
   * Makes a scanner before the first value.
   *
   * @param bytes the text in UTF-8, optionally after a byte order mark
   * @param length the number of bytes in the text
   */
  public JsonScanner(byte[] bytes, int length, String name) throws FormatException {
    this.bytes = bytes;
    this.name = name;
    end = Objects.checkFromIndexSize(0, length, bytes.length) + length;
    at = Utf8.firstWrong(bytes, 0, length);
    if (at >= 0) {
      throw wrong("not UTF-8, expected JSON in UTF-8");
    }
    at = Utf8.isMarked(bytes, length) ? Utf8.MARK_LENGTH : 0;
  }

  /**
   * Returns the kind of the next value, without reading it.
   *
   * @return the opening bracket, {@code "} for a text, {@code 0} for a number, {@code t} for true
   *     and false, {@code n} for null
   */
  public char kind() throws FormatException {
    switch (next()) {
      case '{', '[', '"':
        return (char) bytes[at];
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
        return '0';
      case 't', 'f':
        return 't';
      case 'n':
        return 'n';
      default:
        throw expected("a value");
    }
  }

  /** Skips blanks; returns the next byte, or -1 at the end. */
  private int next() {
    while (at < end) {
      int c = bytes[at] & 0xff;
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return c;
      }
      at++;
    }
    return -1;
  }

  /**
   * Begins an array or an object.
   *
   * @param bracket <code>[</code> or <code>{</code>
   */
  public void begin(char bracket) throws FormatException {
    expect(bracket);
    if (depth == MAX_DEPTH) {
      throw wrong("too many brackets within each other, expected at most %s", MAX_DEPTH);
    }
    if (names != null) {
      names[depth] = null;
    }
    closing[depth++] = (byte) (bracket + 2);
    isFirst = true;
  }

  private void expect(char c) throws FormatException {
    if (next() != c) {
      throw expected(c == '"' ? "a text in double quotes" : String.valueOf(c));
    }
    at++;
  }

  /**
   * Moves to the next element of the innermost array or object, or to its end.
   *
   * @return true if there is another element or member; false if the array or object has ended
   * @throws IllegalStateException if no array or object is open
   */
  public boolean more() throws FormatException {
    if (depth == 0) {
      throw new IllegalStateException("JSON: more without a bracket, expected begin first");
    }
    char close = (char) closing[depth - 1];
    int next = next();
    boolean isLast = next == close;
    if (isLast) {
      depth--;
      at++;
    } else if (!isFirst) {
      if (next != ',') {
        throw expected("a comma or " + close);
      }
      at++;
    }
    isFirst = false;
    return !isLast;
  }

  /** Reads the name of a member, before its value. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of generic types
  public String member() throws FormatException {
    next();
    int from = at;
    String member = text();
    names = names == null ? new Set[MAX_DEPTH] : names;
    if (names[depth - 1] == null) {
      names[depth - 1] = new HashSet<>();
    }
    if (!names[depth - 1].add(member)) {
      at = from;
      throw wrong("one of two members %s, expected each name once", member);
    }
    expect(':');
    return member;
  }

  /**
   * Reads the name of a member, before its value, without a new object if it is the expected name.
   * The caller sees to it that it expects no name twice.
   *
   * @param likely the expected name; only names in ASCII save the object
   */
  public String member(String likely) throws FormatException {
    int length = likely.length();
    boolean isLikely = next() == '"' && at + length + 1 < end && bytes[at + length + 1] == '"';
    for (int i = 0; isLikely && i < length; i++) {
      char c = likely.charAt(i);
      isLikely = bytes[at + 1 + i] == c && c >= ' ' && c < 0x80 && c != '"' && c != '\\';
    }
    if (!isLikely) {
      return member();
    }
    at += length + 2;
    expect(':');
    return likely;
  }

  /** Reads a text. */
  public String text() throws FormatException {
    expect('"');
    int from = at;
    StringBuilder text = null; // used after the first escape
    while (true) {
      int c = at < end ? bytes[at] : -1;
      if (c >= 0 && c < ' ' || at >= end) {
        throw expected("a closing quote (\\n stands for the end of a line)");
      }
      if (c == '"' || c == '\\') {
        String part = new String(bytes, from, at++ - from, StandardCharsets.UTF_8);
        if (c == '"') {
          return text == null ? part : text.append(part).toString();
        }
        text = (text == null ? new StringBuilder() : text).append(part).append(escaped());
        from = at;
      } else {
        at++;
      }
    }
  }

  /** Reads the rest of an escape after the backslash. */
  private char escaped() throws FormatException {
    int which = at < end ? ESCAPES.indexOf(bytes[at]) : -1;
    if (which >= 0) {
      at++;
      return ESCAPED.charAt(which);
    }
    int value = at + 4 < end && bytes[at] == 'u' ? 0 : -1;
    for (int i = 1; i <= 4 && value >= 0; i++) {
      int digit = Character.digit(bytes[at + i], 16);
      value = digit < 0 ? -1 : value << 4 | digit;
    }
    if (value < 0) {
      throw expected("one of " + ESCAPES + " or u and four hexadecimal digits after \\");
    }
    at += 5;
    return (char) value;
  }

  /** Reads a number. */
  public double number() throws FormatException {
    int first = next();
    int from = at;
    at += first == '-' ? 1 : 0;
    boolean isZero = at < end && bytes[at] == '0';
    int digits = digits();
    boolean isNumber = digits > 0 && (digits == 1 || !isZero);
    if (isNumber && at < end && bytes[at] == '.') {
      at++;
      isNumber = digits() > 0;
    }
    if (isNumber && at < end && (bytes[at] | 0x20) == 'e') {
      at++;
      at += at < end && (bytes[at] == '+' || bytes[at] == '-') ? 1 : 0;
      isNumber = digits() > 0;
    }
    if (!isNumber) {
      at = from;
      throw expected("a number such as 0.5 or -1e3");
    }
    double number = Decimals.parse(bytes, from, at, '.');
    lastNumber = from;
    if (Double.isInfinite(number)) {
      at = from;
      throw wrong("a number outside the range of double, expected a smaller one");
    }
    return number;
  }

  /** {@return the number that {@link #number} read last as it is written, with all its digits} */
  public String numberText() {
    return new String(bytes, lastNumber, at - lastNumber, StandardCharsets.US_ASCII);
  }

  /** Skips digits and returns their number. */
  private int digits() {
    int from = at;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    return at - from;
  }

  /** {@return the offset of the next value among the bytes, after {@link #kind}} */
  public int offset() {
    return at;
  }

  /** Reads true, false or null. */
  public Boolean word() throws FormatException {
    int first = next();
    String word = first == 't' ? "true" : first == 'f' ? "false" : "null";
    for (int i = 0; i < word.length(); i++) {
      if (at + i >= end || bytes[at + i] != word.charAt(i)) {
        throw expected("a value: a number, a text in double quotes, true, false or null");
      }
    }
    at += word.length();
    return first == 'n' ? null : (Boolean) (first == 't');
  }

  /** Skips a value of any kind. */
  public void skip() throws FormatException {
    int outside = depth;
    do {
      if (depth > outside) {
        if (!more()) {
          continue;
        } else if (closing[depth - 1] == '}') {
          member();
        }
      }
      char kind = kind();
      switch (kind) {
        case '{', '[' -> begin(kind);
        case '"' -> text();
        case '0' -> number();
        default -> word();
      }
    } while (depth > outside);
  }

  /** Checks that the text has ended. */
  public void finish() throws FormatException {
    if (next() >= 0) {
      throw expected("nothing after the value");
    }
  }

  private FormatException expected(String expected) {
    int c = at < end ? bytes[at] : -1;
    String found =
        at >= end ? "the end" : c > ' ' ? String.valueOf((char) c) : "byte " + (c & 0xff);
    return wrong("%s, expected %s", found, expected);
  }

  /** Returns an error for the current position. */
  private FormatException wrong(String problem, Object... parts) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < at; i++) {
      column = bytes[i] == '\n' ? 1 : column + 1;
      line += bytes[i] == '\n' ? 1 : 0;
    }
    String place = "line " + line + ", byte " + column + " is ";
    return new FormatException(name, "%s", Message.of("%s%s", place, Message.of(problem, parts)));
  }
}
