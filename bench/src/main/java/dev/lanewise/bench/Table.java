package dev.lanewise.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table in Markdown with the geometric means of its ratios. */
final class Table {
  private final List<Column> columns;
  private final List<String> lines = new ArrayList<>();

  /** The format of a column and the sum of its logarithms. */
  private static final class Column {
    final boolean ratio;
    int count;
    double logs;

    Column(boolean ratio) {
      this.ratio = ratio;
    }

    String add(double figure) {
      if (Double.isNaN(figure)) {
        return "";
      }
      count++;
      logs += Math.log(figure);
      return format(figure);
    }

    String mean() {
      return ratio && count > 0 ? format(Math.exp(logs / count)) : "";
    }

    private String format(double figure) {
      return String.format(Locale.ROOT, ratio ? "%.2f" : figure < 10 ? "%.1f" : "%.0f", figure);
    }
  }

  /**
   * Makes an empty table.
   *
   * @param heads titles of the columns after the first; titles of ratios begin with /
   */
  Table(String... heads) {
    columns = List.of(heads).stream().map(head -> new Column(head.startsWith("/"))).toList();
    lines.add("| product | " + String.join(" | ", heads) + " |");
    lines.add("|---|" + "---:|".repeat(heads.length));
  }

  /** Adds a row; NaN stands for a missing measurement. */
  void row(String name, double... figures) {
    List<String> cells = new ArrayList<>(List.of(name));
    for (int i = 0; i < figures.length; i++) {
      cells.add(columns.get(i).add(figures[i]));
    }
    lines.add("| " + String.join(" | ", cells) + " |");
  }

  @Override
  public String toString() {
    List<String> means = columns.stream().map(Column::mean).toList();
    return String.join("\n", lines) + "\n| geometric mean | " + String.join(" | ", means) + " |\n";
  }
}
