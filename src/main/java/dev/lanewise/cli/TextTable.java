package dev.lanewise.cli;

import java.util.ArrayList;
import java.util.List;

/** A table of text: the first columns to the left, those of numbers to the right. */
final class TextTable {
  private final int left;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * An empty table.
   *
   * @param left how many columns are text
   */
  TextTable(int left) {
    this.left = left;
  }

  void add(List<String> cells) {
    rows.add(cells.stream().map(Text::printable).toList());
  }

  void add(Object... cells) {
    List<String> texts = new ArrayList<>();
    for (Object cell : cells) {
      texts.add(String.valueOf(cell));
    }
    add(texts);
  }

  /** The rows as lines, every column as wide as its widest cell. */
  List<String> lines() {
    List<Integer> widths = new ArrayList<>();
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        int width = length(row.get(i));
        if (i == widths.size()) {
          widths.add(width);
        }
        widths.set(i, Math.max(width, widths.get(i)));
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        String gap = " ".repeat(widths.get(i) - length(row.get(i)));
        line.append(i == 0 ? "" : "  ");
        line.append(i < left ? row.get(i) + gap : gap + row.get(i));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
