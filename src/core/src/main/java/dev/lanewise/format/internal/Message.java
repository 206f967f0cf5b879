package dev.lanewise.format.internal;

import static java.util.stream.Collectors.joining;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.FormatException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sentence of the library for its users: an error, a note or a hint. A message names remedies by
 * their keys. {@link #in} replaces the keys by the words of the command line or of another program.
 * A message is one line without control characters, and not much longer than {@value #MAX_LENGTH}
 * characters; only a message about several problems has a line for each.
 *
 * @param coded the text, in which control characters mark remedies, lines and the name of a file;
 *     equal messages have equal texts
 */
public record Message(String coded) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Only names inside a hostile file can make a message longer. */
  private static final int MAX_LENGTH = 600;

  /** The first characters of a longer text are enough to recognize it. */
  private static final int MAX_TEXT = 120;

  private static final int MAX_LISTED = 20;

  /** These control characters surround a remedy, stand before its values, and between lines. */
  private static final String MARK = "\u0001";

  private static final String VALUE = "\u0002";
  private static final String LINE = "\u0003";

  /** This control character ends the name of the file. */
  private static final String FILE = "\u0004";

  private static final Pattern REMEDY = Pattern.compile(MARK + "([^" + MARK + "]*)" + MARK);

  /** Characters that could break the line or control a terminal. */
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

  /**
   * {@return a message} Long texts and lists are shortened: the message shows their beginning and
   * their length.
   *
   * @param text the text with format specifiers; used unchanged if there are no parts
   * @param parts the values for the format specifiers: messages, {@linkplain Remedy#with remedies},
   *     collections, whose elements are separated by commas, or other objects
   */
  public static Message of(String text, Object... parts) {
    String plain = plain(text);
    return new Message(
        parts.length == 0
            ? plain
            : plain.formatted(Arrays.stream(parts).map(Message::shown).toArray()));
  }

  /** {@return an object as a message: itself, or its text in full} */
  public static Message text(Object problem) {
    return problem instanceof Message message ? message : of(problem.toString());
  }

  /** {@return a message about a file, which begins with its name} */
  public static Message located(String file, Message problem) {
    return new Message(plain(file) + FILE + problem.coded);
  }

  /**
   * Returns the message of an exception.
   *
   * @param e any exception
   * @return its message, with remedies as keys if the exception belongs to this library
   */
  public static Message of(Throwable e) {
    if (e instanceof FormatException known) {
      return new Message(known.coded());
    } else if (e instanceof ArgumentException known) {
      return new Message(known.coded());
    }
    boolean wraps =
        e.getCause() != null && String.valueOf(e.getMessage()).equals(e.getCause().getMessage());
    return wraps ? of(e.getCause()) : of(String.valueOf(e.getMessage()));
  }

  /** {@return what was found and what was expected, without the name of the file} */
  public static Message problem(FormatException e) {
    return new Message(e.coded().substring(e.coded().indexOf(FILE) + 1));
  }

  /**
   * {@return a message of several lines}
   *
   * @param lines the lines, the last of which may be longer than others
   */
  public static Message lines(List<Message> lines) {
    return new Message(lines.stream().map(Message::coded).collect(joining(LINE)));
  }

  static Message remedy(Remedy remedy, Object... values) {
    String parts = Arrays.stream(values).map(value -> VALUE + shown(value)).collect(joining());
    return new Message(MARK + remedy + parts + MARK);
  }

  private static Object shown(Object part) {
    if (part instanceof Message message) {
      return message.coded;
    } else if (part instanceof Collection<?> all) {
      String some =
          all.stream().limit(MAX_LISTED).map(one -> shown(one) + "").collect(joining(", "));
      return all.size() <= MAX_LISTED ? some : some + ", ... (" + all.size() + " in all)";
    } else if (part instanceof Number) {
      return part;
    }
    String text = plain(String.valueOf(part));
    return part instanceof String && text.codePointCount(0, text.length()) > MAX_TEXT
        ? text.substring(0, text.offsetByCodePoints(0, MAX_TEXT))
            + "... (%d characters)".formatted(text.length())
        : text;
  }

  private static String plain(String text) {
    return CONTROL.matcher(text).replaceAll("?");
  }

  /**
   * {@return the text in the words of a program}
   *
   * @param words the words of the program for each remedy, with format specifiers for its values;
   *     missing remedies are worded as in Java
   */
  public String in(Map<Remedy, String> words) {
    String said =
        REMEDY.matcher(coded).replaceAll(found -> Matcher.quoteReplacement(said(found, words)));
    String[] lines = said.replace(FILE, ": ").split(LINE, -1);
    for (int i = 0; i < lines.length; i++) {
      int most = i > 0 && i == lines.length - 1 ? MAX_LISTED * MAX_LENGTH : MAX_LENGTH;
      String line = plain(lines[i]);
      boolean halves = line.length() > most && Character.isHighSurrogate(line.charAt(most - 1));
      lines[i] = line.length() > most ? line.substring(0, halves ? most - 1 : most) + "..." : line;
    }
    return String.join("\n", lines);
  }

  private static String said(MatchResult found, Map<Remedy, String> words) {
    String[] parts = found.group(1).split(VALUE, -1);
    Remedy remedy = Remedy.valueOf(parts[0]);
    return words
        .getOrDefault(remedy, remedy.java)
        .formatted(Arrays.copyOfRange(parts, 1, parts.length, Object[].class));
  }

  /**
   * {@return the remedies of one kind that this message names, in their order}
   *
   * @param kind their key
   */
  public List<Message> remedies(Remedy kind) {
    return REMEDY
        .matcher(coded)
        .results()
        .filter(found -> found.group(1).split(VALUE, -1)[0].equals(kind.name()))
        .map(found -> new Message(found.group()))
        .toList();
  }

  /** Returns the text in the words of Java. */
  @Override
  public String toString() {
    return in(Map.of());
  }
}
