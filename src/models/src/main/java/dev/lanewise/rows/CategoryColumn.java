package dev.lanewise.rows;

import dev.lanewise.format.NdArray;
import dev.lanewise.rows.internal.Cell;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A column of categories. It makes one input per category, which is 1 if the value is that category
 * and 0 otherwise. One input for all other values and one for missing values can follow. Exactly
 * two categories without these make one input: -1 or +1, and 0 for a value that training never saw.
 */
public final class CategoryColumn implements Column {
  /** Text for a value that training never saw, or for a missing value if training had none. */
  private static final String UNSEEN = "unseen";

  private final String name;
  private final int position;
  private final List<String> categories;
  private final boolean other;
  private final boolean hasMissing;
  private final boolean byDigits;
  private final boolean binary;
  private final int inputs;
  private final Map<String, Integer> places = new HashMap<>();

  /**
   * Makes a column that compares numbers by value.
   *
   * @param name the name in the header
   * @param position from 0
   * @param categories distinct, in the order of their inputs
   * @param other whether rare values of the training rows, and unseen values, share an input
   * @param hasMissing whether training rows had missing values, which then have their own input
   * @throws IllegalArgumentException if a category occurs twice, or {@link NdArray#checkNames}
   *     refuses it
   */
  public CategoryColumn(
      String name, int position, List<String> categories, boolean other, boolean hasMissing) {
    this(name, position, categories, other, hasMissing, false);
  }

  /**
   * Makes a column.
   *
   * @param name the name in the header
   * @param position from 0
   * @param categories distinct, in the order of their inputs
   * @param other whether rare values of the training rows, and unseen values, share an input
   * @param hasMissing whether training rows had missing values, which then have their own input
   * @param byDigits whether numbers are compared by their digits, because some have leading zeros
   *     or are too large for a double; if not, 1, 1.0 and 01 are one category
   * @throws IllegalArgumentException if a category occurs twice, or {@link NdArray#checkNames}
   *     refuses it
   */
  public CategoryColumn(
      String name,
      int position,
      List<String> categories,
      boolean other,
      boolean hasMissing,
      boolean byDigits) {
    this.name = name;
    this.position = position;
    NdArray.checkNames("schema: categories of column " + name, categories);
    this.categories = List.copyOf(categories);
    this.other = other;
    this.hasMissing = hasMissing;
    this.byDigits = byDigits;
    categories.forEach(category -> places.put(category, places.size()));
    binary = categories.size() == 2 && !other && !hasMissing;
    int all = categories.size() + (other ? 1 : 0) + (hasMissing ? 1 : 0);
    inputs = binary ? 1 : all == 1 ? 0 : all;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int position() {
    return position;
  }

  @Override
  public String kind() {
    return "category";
  }

  /** {@return the categories in the order of their inputs} */
  public List<String> categories() {
    return categories;
  }

  /**
   * {@return true if rare and unseen values share an input because training rows had rare values}
   */
  public boolean other() {
    return other;
  }

  /** {@return true if missing values have an input because training rows had some} */
  public boolean hasMissing() {
    return hasMissing;
  }

  /**
   * {@return true if numbers are compared by their digits, so that 007 and 7 are two categories}
   */
  public boolean byDigits() {
    return byDigits;
  }

  @Override
  public int inputs() {
    return inputs;
  }

  @Override
  public List<String> inputNames() {
    List<String> names = new ArrayList<>();
    if (binary) {
      return List.of(name + "=" + categories.get(1));
    } else if (inputs == 0) {
      return names;
    }
    categories.forEach(category -> names.add(name + "=" + category));
    if (other) {
      names.add(name + " other");
    }
    if (hasMissing) {
      names.add(name + " missing");
    }
    return names;
  }

  @Override
  public boolean isScaled(int input) {
    return false;
  }

  @Override
  public void encode(double number, String string, double[] out, int at) {
    encode(text(number, string), out, at);
  }

  /**
   * {@return the name of a value's category, even if the model does not know it; null for a missing
   * value}
   *
   * @param number the value if it is a number, else NaN
   * @param string the value if it is a string, or the digits of a long number
   */
  public String text(double number, String string) {
    if (Double.isNaN(number)) {
      return string;
    } else if (!byDigits) {
      return Cell.text(number);
    }
    return string != null ? string : Cell.allDigits(number);
  }

  /**
   * Encodes a category as inputs.
   *
   * @param text its name; null for a missing value
   * @param out receives {@link #inputs} values
   * @param at the first position in {@code out}
   */
  public void encode(String text, double[] out, int at) {
    int place = text == null ? -1 : place(text);
    if (binary) {
      out[at] = place < 0 ? 0 : 2 * place - 1;
      return;
    }
    Arrays.fill(out, at, at + inputs, 0);
    if (inputs == 0) {
      return;
    }
    if (place >= 0) {
      out[at + place] = 1;
    } else if (text == null && hasMissing) {
      out[at + inputs - 1] = 1;
    } else if (other) {
      out[at + categories.size()] = 1;
    }
  }

  /**
   * Tells if a value is one of the categories.
   *
   * @param text the value
   * @return false if the value was rare or absent in the training rows
   */
  public boolean isKnown(String text) {
    return place(text) >= 0;
  }

  @Override
  public String text(double[] inputs, int at) {
    if (binary) {
      double value = inputs[at];
      return value == 0 ? UNSEEN : categories.get(value < 0 ? 0 : 1);
    } else if (this.inputs == 0) {
      return String.join("", categories);
    }
    for (int i = 0; i < this.inputs; i++) {
      if (inputs[at + i] > 0.5) {
        boolean isMissing = hasMissing && i == this.inputs - 1;
        return i < categories.size()
            ? categories.get(i)
            : isMissing ? NumberColumn.MISSING : "other";
      }
    }
    return UNSEEN;
  }

  /** {@return this column with numbers compared by their digits} */
  public CategoryColumn withDigits() {
    return new CategoryColumn(name, position, categories, other, hasMissing, true);
  }

  /**
   * Returns the position of a category, or -1; true and false match in any letter case, because
   * programs write them differently.
   */
  private int place(String text) {
    Integer place = places.get(text);
    if (place != null) {
      return place;
    }
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      for (int i = 0; i < categories.size(); i++) {
        if (categories.get(i).equalsIgnoreCase(text)) {
          return i;
        }
      }
    }
    return -1;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof CategoryColumn that
        && name.equals(that.name)
        && position == that.position
        && categories.equals(that.categories)
        && other == that.other
        && hasMissing == that.hasMissing
        && byDigits == that.byDigits;
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + categories.hashCode();
  }

  @Override
  public String toString() {
    return "CategoryColumn[" + name + ", " + categories.size() + " categories]";
  }
}
