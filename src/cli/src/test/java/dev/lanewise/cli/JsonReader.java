package dev.lanewise.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A strict reader of JSON that shares no code with the program whose output it checks. */
public final class JsonReader {
  private final String text;
  private int at;

  private JsonReader(String text) {
    this.text = text;
  }

  /** Reads one object, which must be the whole text. */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> object(String text) {
    JsonReader reader = new JsonReader(text);
    Object value = reader.value();
    if (reader.at != text.length() || !(value instanceof Map)) {
      throw reader.wrong();
    }
    return (Map<String, Object>) value;
  }

  private Object value() {
    char c = peek();
    if (c == '{') {
      return members();
    } else if (c == '[') {
      List<Object> list = new ArrayList<>();
      at++;
      while (peek() != ']') {
        if (!list.isEmpty()) {
          expect(',');
        }
        list.add(value());
      }
      at++;
      return list;
    } else if (c == '"') {
      return string();
    }
    for (Object[] word : new Object[][] {{"true", true}, {"false", false}, {"null", null}}) {
      if (text.startsWith((String) word[0], at)) {
        at += ((String) word[0]).length();
        return word[1];
      }
    }
    int from = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String number = text.substring(from, at);
    if (!number.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
      throw wrong();
    }
    return Double.parseDouble(number);
  }

  private Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    at++;
    while (peek() != '}') {
      if (!members.isEmpty()) {
        expect(',');
      }
      String name = string();
      expect(':');
      if (members.containsKey(name)) {
        throw wrong();
      }
      members.put(name, value());
    }
    at++;
    return members;
  }

  private String string() {
    expect('"');
    StringBuilder string = new StringBuilder();
    while (peek() != '"') {
      char c = text.charAt(at++);
      if (c < 0x20) {
        throw wrong();
      } else if (c != '\\') {
        string.append(c);
      } else {
        char escaped = text.charAt(at++);
        if (escaped == 'u') {
          string.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
          at += 4;
        } else {
          int which = "\"\\/bfnrt".indexOf(escaped);
          if (which < 0) {
            throw wrong();
          }
          string.append("\"\\/\b\f\n\r\t".charAt(which));
        }
      }
    }
    at++;
    return string.toString();
  }

  private char peek() {
    if (at >= text.length()) {
      throw wrong();
    }
    return text.charAt(at);
  }

  private void expect(char c) {
    if (peek() != c) {
      throw wrong();
    }
    at++;
  }

  private AssertionError wrong() {
    return new AssertionError("not JSON at " + at + ": " + text);
  }
}
