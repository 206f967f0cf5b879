package dev.lanewise.terminal;

import dev.lanewise.train.Figure;
import java.lang.reflect.Array;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One JSON object with its members in order (RFC 8259). */
public final class Json {
  // a member that a sentence names
  private static final Pattern NAME = Pattern.compile("\\{([a-z0-9_.]+)}");

  public final Map<String, Object> members = new LinkedHashMap<>();

  /** Returns an object that begins with the name of its event. */
  public static Json event(String name) {
    return new Json().put("event", name);
  }

  /**
   * Adds a member.
   *
   * @param value text, a number, a boolean, an object, a table, a list or array of such, or null;
   *     NaN and infinite numbers become null
   */
  public Json put(String name, Object value) {
    members.put(name, value);
    return this;
  }

  /** Adds all entries of a map. */
  public Json put(Map<String, ?> entries) {
    members.putAll(entries);
    return this;
  }

  /** Adds all members of another object. */
  public Json put(Json other) {
    return put(other.members);
  }

  /**
   * Returns a sentence with the members that it names in braces, as people see them. A name such as
   * {@code {test.loss}} is that of a member of an object.
   */
  public String in(String sentence) {
    return NAME.matcher(sentence)
        .replaceAll(
            name -> Matcher.quoteReplacement(TextValue.text(member(name.group(1), sentence))));
  }

  private Object member(String path, String sentence) {
    Object found = this;
    for (String name : path.split("\\.")) {
      if (found instanceof Json json && !json.members.containsKey(name)) {
        throw new IllegalArgumentException(sentence + ": no " + path);
      }
      found = found instanceof Json json ? json.members.get(name) : null;
    }
    return found;
  }

  /** Adds named figures. */
  public Json put(List<Figure> figures) {
    figures.forEach(figure -> put(figure.name(), figure.value()));
    return this;
  }

  @Override
  public String toString() {
    return of(this);
  }

  /** Returns any value of a member as JSON. */
  public static String of(Object value) {
    StringBuilder text = new StringBuilder();
    write(value, text);
    return text.toString();
  }

  public void write(StringBuilder text) {
    write(this, text);
  }

  private static void write(Object block, StringBuilder text) {
    Object value = TextValue.value(block);
    if (value instanceof Json json) {
      char separator = '{';
      for (Map.Entry<String, Object> member : json.members.entrySet()) {
        string(member.getKey(), text.append(separator));
        write(member.getValue(), text.append(':'));
        separator = ',';
      }
      text.append(separator == '{' ? "{}" : "}");
    } else if (value instanceof Supplier<?> table) {
      write(table.get(), text);
    } else if (value instanceof List<?> list) {
      write(list.toArray(), text);
    } else if (value != null && value.getClass().isArray()) {
      text.append('[');
      for (int i = 0; i < Array.getLength(value); i++) {
        write(Array.get(value, i), i == 0 ? text : text.append(','));
      }
      text.append(']');
    } else if (value instanceof Double number && Double.isFinite(number)) {
      text.append(number.doubleValue()); // makes no string
    } else if (value instanceof Number number) {
      text.append(Double.isFinite(number.doubleValue()) ? number : "null");
    } else if (value == null || value instanceof Boolean) {
      text.append(value);
    } else {
      string(value.toString(), text);
    }
  }

  private static void string(String value, StringBuilder text) {
    text.append('"');
    for (int i = 0, c; i < value.length(); i += Character.charCount(c)) {
      c = value.codePointAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').appendCodePoint(c);
      } else if (Character.isISOControl(c) || c >= 0xd800 && c < 0xe000) {
        // DEL and C1 controls too, which a terminal may obey; a lone surrogate has no UTF-8.
        text.append("\\u").append(HexFormat.of().toHexDigits((char) c));
      } else {
        text.appendCodePoint(c);
      }
    }
    text.append('"');
  }
}
