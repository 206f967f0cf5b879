package dev.lanewise.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the part of Python's literals that npy headers are made of: strings, integers, True, False,
 * None, tuples, lists and dictionaries, in any spacing. They become String, Long, Boolean, null,
 * List and Map.
 */
final class PythonLiteral {
  /** Headers nest two or three deep; the limit keeps hostile ones off the stack's end. */
  private static final int MAX_DEPTH = 16;

  private final String text;
  private final String where;
  private int at;

  private PythonLiteral(String text, String where) {
    this.text = text;
    this.where = where;
  }

  /** Reads one literal and nothing after it but white space. */
  static Object parse(String text, String where) throws FormatException {
    PythonLiteral parser = new PythonLiteral(text, where);
    Object value = parser.value(0);
    if (parser.peek() != 0) {
      throw parser.broken();
    }
    return value;
  }

  private Object value(int depth) throws FormatException {
    char c = peek();
    if (depth > MAX_DEPTH) {
      throw broken();
    }
    switch (c) {
      case '{':
        return dictionary(depth);
      case '(':
        return sequence(')', depth);
      case '[':
        return sequence(']', depth);
      case '\'':
      case '"':
        return string();
      default:
        if (c == '-' || c == '+' || digit(c)) {
          return integer();
        }
        return word();
    }
  }

  private Map<Object, Object> dictionary(int depth) throws FormatException {
    Map<Object, Object> map = new LinkedHashMap<>();
    at++;
    while (peek() != '}') {
      Object key = value(depth + 1);
      expect(':');
      if (map.put(key, value(depth + 1)) != null) {
        throw broken();
      }
      if (peek() != '}') {
        expect(',');
      }
    }
    at++;
    return map;
  }

  /** A pair of parentheses around one value without a comma is that value, as in Python. */
  private Object sequence(char close, int depth) throws FormatException {
    List<Object> list = new ArrayList<>();
    boolean comma = false;
    at++;
    while (peek() != close) {
      list.add(value(depth + 1));
      if (peek() != close) {
        expect(',');
        comma = true;
      }
    }
    at++;
    return close == ')' && list.size() == 1 && !comma ? list.get(0) : list;
  }

  private String string() throws FormatException {
    char quote = text.charAt(at++);
    StringBuilder out = new StringBuilder();
    while (at < text.length() && text.charAt(at) != quote) {
      char c = text.charAt(at++);
      if (c == '\\' || c == '\n') {
        throw broken(); // neither a dtype nor a key of ours needs an escape
      }
      out.append(c);
    }
    expect(quote);
    return out.toString();
  }

  private Long integer() throws FormatException {
    int start = at++;
    while (at < text.length() && digit(text.charAt(at))) {
      at++;
    }
    String digits = text.substring(start, at);
    if (at < text.length() && text.charAt(at) == 'L') {
      at++; // Python 2's long integers
    }
    try {
      return Long.valueOf(digits);
    } catch (NumberFormatException e) {
      throw broken();
    }
  }

  private Object word() throws FormatException {
    int start = at;
    while (at < text.length() && Character.isLetter(text.charAt(at))) {
      at++;
    }
    String word = text.substring(start, at);
    if ((word.equals("u") || word.equals("b")) && (peek() == '\'' || peek() == '"')) {
      return string(); // Python 2's u'...'
    }
    switch (word) {
      case "True":
        return true;
      case "False":
        return false;
      case "None":
        return null;
      default:
        throw broken();
    }
  }

  private void expect(char c) throws FormatException {
    if (peek() != c) {
      throw broken();
    }
    at++;
  }

  /** The next character that is no white space, or 0 at the end. */
  private char peek() {
    while (at < text.length() && " \t\r\n\f".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  private FormatException broken() {
    String rest = text.substring(Math.min(at, text.length())).strip();
    String found = rest.isEmpty() ? "ends early" : "is unreadable at \"" + shortened(rest) + "\"";
    return new FormatException(
        where, "the npy header " + found + ", expected {'descr': ..., 'fortran_order': ..., ...}");
  }

  private static String shortened(String s) {
    return s.length() <= 40 ? s : s.substring(0, 40) + "...";
  }
}
