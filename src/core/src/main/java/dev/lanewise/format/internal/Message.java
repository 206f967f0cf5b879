package dev.lanewise.format.internal;

import dev.lanewise.format.FormatException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A sentence of the library for its users: an error, a note or a hint. A message names remedies by
 * their keys. {@link #in} replaces the keys by the words of the command line or of another program.
 * A message is one line without control characters, and not much longer than {@value #MAX_LENGTH}
 * characters; only a message about several problems has a line for each.
 */
public final class Message implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Only names inside a hostile file can make a message longer. */
  private static final int MAX_LENGTH = 600;

  /** The first characters of a longer text are enough to recognize it. */
  private static final int MAX_TEXT = 120;

  private static final int MAX_LISTED = 20;

  /** This control character surrounds a remedy. */
  private static final String MARK = "\u0001";

  /** This control character stands before each value of a remedy. */
  private static final String VALUE = "\u0002";

  // FormatException sets these when it is loaded, so before there is any such exception.
  private static Function<FormatException, Message> explanation;
  private static Function<FormatException, Message> problem;

  /** This control character stands between two lines. */
  private static final String LINE = "\u0003";

  /** The text, with remedies between marks. */
  private final String coded;

  private Message(String coded) {
    this.coded = coded;
  }

  /**
   * {@return a message} Long texts and lists are shortened: the message shows their beginning and
   * their length.
   *
   * @param text the text with format specifiers; used unchanged if there are no parts
   * @param parts the values for the format specifiers: messages, {@linkplain Remedy#with remedies},
   *     collections, whose elements are separated by commas, or other objects
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
   * @return its message, with remedies as keys if the exception belongs to this library
   */
  public static Message of(Throwable e) {
    if (e instanceof FormatException known) {
      return explanation.apply(known);
    } else if (e instanceof ArgumentException known) {
      return known.explanation();
    }
    boolean wraps =
        e.getCause() != null && String.valueOf(e.getMessage()).equals(e.getCause().getMessage());
    return wraps ? of(e.getCause()) : of(String.valueOf(e.getMessage()));
  }

  /** {@return what was found and what was expected, without the name of the file} */
  public static Message problem(FormatException e) {
    return problem.apply(e);
  }

  /** Gives access to the two messages of an exception; for {@link FormatException} alone. */
  public static void install(
      Function<FormatException, Message> explanation, Function<FormatException, Message> problem) {
    Message.explanation = explanation;
    Message.problem = problem;
  }

  /**
   * {@return a message of several lines}
   *
   * @param lines the lines, the last of which may be longer than others
   */
  public static Message lines(List<Message> lines) {
    return new Message(lines.stream().map(line -> line.coded).collect(Collectors.joining(LINE)));
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

  /** Replaces control characters, which could break the line or control a terminal. */
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
   * {@return the text in the words of a program}
   *
   * @param words the words of the program for each remedy, with format specifiers for its values;
   *     missing remedies are worded as in Java
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
    String[] lines = line.toString().split(LINE, -1);
    for (int i = 0; i < lines.length; i++) {
      boolean isLast = i > 0 && i == lines.length - 1;
      lines[i] = shortened(plain(lines[i]), isLast ? MAX_LISTED * MAX_LENGTH : MAX_LENGTH);
    }
    return String.join("\n", lines);
  }

  private static String shortened(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = most - (Character.isHighSurrogate(text.charAt(most - 1)) ? 1 : 0);
    return text.substring(0, end) + "...";
  }

  /**
   * {@return the remedies of one kind that this message names, in their order}
   *
   * @param kind their key
   */
  public List<Message> remedies(Remedy kind) {
    String[] pieces = coded.split(MARK, -1);
    List<Message> found = new ArrayList<>();
    for (int i = 1; i < pieces.length; i += 2) {
      if (pieces[i].split(VALUE, -1)[0].equals(kind.name())) {
        found.add(new Message(MARK + pieces[i] + MARK));
      }
    }
    return found;
  }

  /** {@return a text with the keys of remedies, by which equal messages are found} */
  public String encode() {
    return coded;
  }

  /** Returns the text in the words of Java. */
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
