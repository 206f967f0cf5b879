package dev.lanewise.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Rows of values under heads: aligned columns for people, one object per row for programs. In text,
 * a double has five decimals, a {@link Measure} six digits, a float two digits, a shape is written
 * as 8x8, and null and NaN as a hyphen.
 */
final class Table {
  private final int left;
  private boolean textLast; // whether the last column is text, too
  private final List<String> heads;
  private final List<List<String>> rows = new ArrayList<>();
  private final int[] widths;

  /** Returns the rows as JSON, with the heads as names. */
  final List<Json> objects = new ArrayList<>();

  /**
   * Makes an empty table.
   *
   * @param left number of columns with text, which is aligned to the left
   */
  Table(int left, List<String> heads) {
    this.left = left;
    this.heads = heads;
    widths = new int[heads.size()];
    addTexts(heads);
  }

  Table(int left, String... heads) {
    this(left, List.of(heads));
  }

  /** Aligns the last column as text. */
  Table withTextLast() {
    textLast = true;
    return this;
  }

  /** A number in the units of the data, which may be of any size. */
  record Measure(double value) {}

  void add(Object... cells) {
    Json object = new Json();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < cells.length; i++) {
      object.put(heads.get(i), cells[i] instanceof Measure m ? (Object) m.value() : cells[i]);
      texts.add(text(cells[i]));
    }
    objects.add(object);
    addTexts(texts);
  }

  private void addTexts(List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      widths[i] = Math.max(widths[i], DisplayWidth.of(Output.printable(texts.get(i))));
    }
    rows.add(texts);
  }

  private static String text(Object cell) {
    if (cell == null || cell.equals(Double.NaN) || cell.equals(new Measure(Double.NaN))) {
      return "-";
    } else if (cell instanceof Measure m) {
      return PythonFormat.measure(m.value());
    } else if (cell instanceof Double d) {
      return PythonFormat.fixed5(d);
    } else if (cell instanceof Float f) {
      return String.format(Locale.ROOT, "%.1e", f);
    } else if (cell instanceof int[] shape) {
      return shape(shape);
    }
    return cell.toString();
  }

  static String shape(int[] shape) {
    return Arrays.toString(shape).replace(", ", "x").replaceAll("[\\[\\]]", "");
  }

  private boolean isText(int column) {
    return column < left || textLast && column == heads.size() - 1;
  }

  void print(Output output) {
    lines().forEach(output::result);
  }

  /** Returns the rows as lines with aligned columns. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        String cell = Output.printable(row.get(i));
        String gap = " ".repeat(widths[i] - DisplayWidth.of(cell));
        line.append(i == 0 ? "" : "  ").append(isText(i) ? cell + gap : gap + cell);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
