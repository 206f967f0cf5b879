package dev.lanewise.table.internal;

import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/**
 * The different texts of a column that do not fit it, in the order of their rows.
 *
 * @param texts at least one, and at most {@value #MOST} and one more
 * @param places the lines of the texts after the first
 */
public record OddTexts(List<String> texts, List<String> places) {
  /** Maximum number of texts that a remedy lists. */
  private static final int MOST = 10;

  /** Texts that can stand in a list with commas, and between double quotes of a shell. */
  private static final Pattern PLAIN = Pattern.compile("[^,\"$`\\\\!\\p{Cntrl}\ufffd]{1,60}");

  /**
   * Finds the texts in some rows.
   *
   * @param first the first text
   * @param rows number of rows
   * @param text returns the text of a row, from 0, or null if it fits
   * @param place returns the line of a row
   */
  public static OddTexts of(
      String first, int rows, IntFunction<String> text, IntFunction<String> place) {
    Set<String> texts = new LinkedHashSet<>(List.of(first));
    List<String> places = new ArrayList<>();
    for (int row = 0; row < rows && texts.size() <= MOST; row++) {
      String found = text.apply(row);
      if (found != null && texts.add(found)) {
        places.add(place.apply(row));
      }
    }
    return new OddTexts(List.copyOf(texts), places);
  }

  /** {@return one text alone} */
  public static OddTexts of(String text) {
    return new OddTexts(List.of(text), List.of());
  }

  /** {@return whether a text can be a value of an option} */
  public static boolean isPlain(String text) {
    return PLAIN.matcher(text).matches();
  }

  /** {@return the texts after the first, in brackets; empty if there are none} */
  public Message others() {
    List<Message> others = new ArrayList<>();
    for (int i = 1; i < texts.size(); i++) {
      others.add(Message.of("%s: \"%s\"", places.get(i - 1), texts.get(i)));
    }
    String more = texts.size() > MOST ? " and more" : "";
    return Message.of(others.isEmpty() ? "" : " (%s%s)", others, more);
  }

  /**
   * {@return the remedy if the texts stand for missing values; empty if they are too many, or
   * cannot be named in a list}
   *
   * @param column the name of the column
   */
  public Message remedy(String column) {
    if (texts.size() > MOST || !texts.stream().allMatch(OddTexts::isPlain)) {
      return Message.of("");
    }
    Message all = Remedy.MISSING.with(texts.get(0), column);
    for (String text : texts.subList(1, texts.size())) {
      all = Message.of("%s %s", all, Remedy.MISSING.with(text, column));
    }
    return Message.of(
        texts.size() == 1 ? "%s if it means a missing value" : "%s if they mean missing values",
        all);
  }
}
