package dev.lanewise.format;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A sentence of the library for people: of an error, a note or a hint. It names remedies by their
 * keys, and {@link #in} puts the words of the command line or of another program in their place.
 * Messages are one line without characters that would drive a terminal, and not much longer than
 * {@value #MAX_LENGTH} characters.
 */
public final class Message implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Longer messages can only come from names inside a hostile file. */
  private static final int MAX_LENGTH = 600;

  /** The first characters of a longer text tell which text it is. */
  private static final int MAX_TEXT = 120;

  private static final int MAX_LISTED = 20;

  /** These control characters surround a remedy and stand before its values. */
  private static final String MARK = "\u0001";

  private static final String VALUE = "\u0002";

  /** Text with remedies between marks. */
  private final String coded;

  private Message(String coded) {
    this.coded = coded;
  }

  /**
   * Returns a message. Of long texts it shows the beginning and of long lists the first elements,
   * and how long they are.
   *
   * @param text with format specifiers; without parts it is taken as it stands
   * @param parts what the format specifiers stand for: collections, whose elements are separated by
   *     commas, messages, {@linkplain Remedy#with remedies}, or others
   * @return the message
   */
  public static Message of(String text, Object... parts) {
    return new Message(
        parts.length == 0
            ? plain(text)
            : plain(text).formatted(Arrays.stream(parts).map(Message::shown).toArray()));
  }

  /**
   * Returns the message of an exception.
   *
   * @param e any exception
   * @return its message with the keys of remedies, if it is one of this library's
   */
  public static Message of(Throwable e) {
    if (e instanceof FormatException known) {
      return known.explanation();
    } else if (e instanceof ArgumentException known) {
      return known.explanation();
    }
    boolean wraps =
        e.getCause() != null && String.valueOf(e.getMessage()).equals(e.getCause().getMessage());
    return wraps ? of(e.getCause()) : of(String.valueOf(e.getMessage()));
  }

  static Message remedy(Remedy remedy, List<Object> values) {
    StringBuilder coded = new StringBuilder(MARK).append(remedy.name());
    values.forEach(value -> coded.append(VALUE).append(shown(value)));
    return new Message(coded.append(MARK).toString());
  }

  private static Object shown(Object part) {
    if (part instanceof Message message) {
      return message.coded;
    } else if (part instanceof Collection<?> all) {
      String some =
          all.stream()
              .limit(MAX_LISTED)
              .map(one -> String.valueOf(shown(one)))
              .collect(Collectors.joining(", "));
      return all.size() <= MAX_LISTED ? some : some + ", ... (" + all.size() + " in all)";
    } else if (part instanceof Number) {
      return part;
    }
    String text = plain(String.valueOf(part));
    if (part instanceof String && text.codePointCount(0, text.length()) > MAX_TEXT) {
      int end = text.offsetByCodePoints(0, MAX_TEXT);
      return text.substring(0, end) + "... (" + text.length() + " characters)";
    }
    return text;
  }

  /** What a file contains ends up in messages: it must not break the line or drive a terminal. */
  private static String plain(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (Character.getType(c)) {
                case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    line.append('?');
                default -> line.appendCodePoint(c);
              }
            });
    return line.toString();
  }

  /**
   * Returns the text in the words of a program.
   *
   * @param words how the program says each remedy, with format specifiers for its values; remedies
   *     that it lacks are said as in Java
   * @return one line
   */
  public String in(Map<Remedy, String> words) {
    StringBuilder line = new StringBuilder();
    String[] pieces = coded.split(MARK, -1);
    for (int i = 0; i < pieces.length; i++) {
      if (i % 2 == 0) {
        line.append(pieces[i]);
      } else {
        String[] values = pieces[i].split(VALUE, -1);
        Remedy remedy = Remedy.valueOf(values[0]);
        Object[] parts = Arrays.copyOfRange(values, 1, values.length, Object[].class);
        line.append(words.getOrDefault(remedy, remedy.java()).formatted(parts));
      }
    }
    String text = plain(line.toString());
    if (text.length() <= MAX_LENGTH) {
      return text;
    }
    int end = MAX_LENGTH - (Character.isHighSurrogate(text.charAt(MAX_LENGTH - 1)) ? 1 : 0);
    return text.substring(0, end) + "...";
  }

  /**
   * Returns the message with its keys, so that a file can keep it.
   *
   * @return a text for {@link #decode}
   */
  public String encode() {
    return coded;
  }

  /**
   * Returns a message from the text that {@link #encode} made of it.
   *
   * @param text from a file
   * @return the message; of another text, one that is the text
   */
  public static Message decode(String text) {
    try {
      Message message = new Message(text);
      message.in(Map.of());
      return message;
    } catch (IllegalArgumentException e) { // no remedy, or one with too few values
      return of(text);
    }
  }

  /** Returns the text in words of Java. */
  @Override
  public String toString() {
    return in(Map.of());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Message message && message.coded.equals(coded);
  }

  @Override
  public int hashCode() {
    return coded.hashCode();
  }
}
