package dev.lanewise.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table in Markdown, and the geometric means below it. */
final class Table {
  private final List<String> lines = new ArrayList<>();
  private final int columns;
  private final int[] counts;
  private final double[] logs;

  Table(String... heads) {
    columns = heads.length;
    counts = new int[columns];
    logs = new double[columns];
    lines.add("| " + String.join(" | ", heads) + " |");
    lines.add("|---|" + "---:|".repeat(columns - 1));
  }

  /** A row; NaN stands for what was not measured. The ratios are those at or behind an index. */
  void row(String name, double[] figures, boolean[] ratio) {
    StringBuilder line = new StringBuilder("| " + name + " |");
    for (int i = 0; i < figures.length; i++) {
      line.append(' ').append(format(figures[i], ratio[i])).append(" |");
      if (ratio[i] && !Double.isNaN(figures[i])) {
        counts[i]++;
        logs[i] += Math.log(figures[i]);
      }
    }
    lines.add(line.toString());
  }

  /** The table with a last row of the ratios' geometric means. */
  String withMeans() {
    StringBuilder last = new StringBuilder("| geometric mean |");
    for (int i = 0; i < columns - 1; i++) {
      double mean = counts[i] == 0 ? Double.NaN : Math.exp(logs[i] / counts[i]);
      last.append(' ').append(format(mean, true)).append(" |");
    }
    return String.join("\n", lines) + "\n" + last + "\n";
  }

  private static String format(double figure, boolean ratio) {
    if (Double.isNaN(figure)) {
      return "";
    }
    return String.format(Locale.ROOT, ratio ? "%.2f" : figure < 10 ? "%.1f" : "%.0f", figure);
  }
}
