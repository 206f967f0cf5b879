package dev.lanewise.cli;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** One JSON object, put together in order (RFC 8259). */
final class Json {
  private final StringBuilder text = new StringBuilder("{");

  /** An object of the stream, which says first what it is about. */
  static Json event(String name) {
    return new Json().put("event", name);
  }

  /**
   * Adds a member.
   *
   * @param value text, a number, a boolean, an object, a list or array of such, or null; a number
   *     that is not finite becomes null, for which JSON has a word
   */
  Json put(String name, Object value) {
    if (text.length() > 1) {
      text.append(',');
    }
    string(name);
    text.append(':');
    value(value);
    return this;
  }

  private void value(Object value) {
    if (value instanceof Double d) {
      text.append(Double.isFinite(d) ? d.toString() : "null");
    } else if (value instanceof Float f) {
      text.append(Float.isFinite(f) ? f.toString() : "null");
    } else if (value == null
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof Json) {
      text.append(value);
    } else if (value instanceof int[] numbers) {
      text.append(Arrays.toString(numbers).replace(" ", ""));
    } else if (value instanceof float[] numbers) {
      list(Arrays.asList(boxed(numbers)));
    } else if (value instanceof List<?> values) {
      list(values);
    } else {
      string(value.toString());
    }
  }

  private static Float[] boxed(float[] numbers) {
    Float[] boxed = new Float[numbers.length];
    Arrays.setAll(boxed, i -> numbers[i]);
    return boxed;
  }

  private void list(List<?> values) {
    text.append('[');
    for (Iterator<?> i = values.iterator(); i.hasNext(); ) {
      value(i.next());
      text.append(i.hasNext() ? "," : "");
    }
    text.append(']');
  }

  private void string(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < value.length()
              && Character.isLowSurrogate(value.charAt(i + 1));
      if (pair) {
        text.append(c).append(value.charAt(++i));
      } else if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (Character.isISOControl(c) || Character.isSurrogate(c)) {
        // DEL and the C1 controls too: a terminal may obey them. Half a pair has no UTF-8.
        text.append("\\u").append(HEX[c >> 12]).append(HEX[c >> 8 & 15]);
        text.append(HEX[c >> 4 & 15]).append(HEX[c & 15]);
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }

  private static final char[] HEX = "0123456789abcdef".toCharArray();

  /** The object in one line. */
  @Override
  public String toString() {
    return text + "}";
  }
}
