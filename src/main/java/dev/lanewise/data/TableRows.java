package dev.lanewise.data;

import dev.lanewise.format.Csv;
import dev.lanewise.format.FormatException;
import java.util.Arrays;
import java.util.List;

/** The features of a CSV file: kept as bytes as long as they are bytes, then as doubles. */
final class TableRows implements RawRows {
  /** Java arrays end a little before 2^31 elements. */
  private static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

  private final String file;
  private final int columns;
  private final int target;
  private final List<String> header; // none, or one a column
  private byte[] bytes = new byte[1 << 12];
  private double[] doubles; // in place of bytes once a number is none
  private int[] lines = new int[64]; // where each row stands in the file
  private int size;
  private int rows;
  private int dropped; // rows in front that are none
  private int[] order; // [rows], the rows as they are arranged

  TableRows(String file, int columns, int target, List<String> header) {
    this.file = file;
    this.columns = columns;
    this.target = target;
    this.header = header;
  }

  /** Adds the features of a record. */
  void add(Csv csv) throws FormatException {
    for (int i = 0; i < columns; i++) {
      if (i == target) {
        continue;
      }
      double value = csv.number(i);
      if (Double.isNaN(value)) {
        String column = header.isEmpty() ? Integer.toString(i) : i + " (" + header.get(i) + ")";
        String text = csv.text(i);
        String found = text.isBlank() ? "is empty" : "is \"" + text + "\"";
        throw new FormatException(
            file,
            "line %s, column %s %s, expected a finite number".formatted(csv.line(), column, found));
      }
      add(value);
    }
    if (rows == lines.length) {
      lines = Arrays.copyOf(lines, 2 * rows);
    }
    lines[rows++] = (int) Math.min(csv.line(), Integer.MAX_VALUE);
  }

  private void add(double value) throws FormatException {
    if (doubles == null && !Preprocessor.isByte(value)) {
      doubles = new double[Math.max(bytes.length, 1 << 12)];
      for (int i = 0; i < size; i++) {
        doubles[i] = bytes[i] & 0xff;
      }
      bytes = null;
    }
    int capacity = doubles == null ? bytes.length : doubles.length;
    if (size == capacity) {
      if (size == MAX_LENGTH) {
        throw new FormatException(file, "too many numbers, expected at most " + MAX_LENGTH);
      }
      int larger = (int) Math.min(MAX_LENGTH, size * 3L / 2);
      bytes = doubles == null ? Arrays.copyOf(bytes, larger) : null;
      doubles = doubles == null ? null : Arrays.copyOf(doubles, larger);
    }
    if (doubles == null) {
      bytes[size++] = (byte) (int) value;
    } else {
      doubles[size++] = value;
    }
  }

  /** Takes the first row for a header after all. */
  void dropFirst() {
    dropped = 1;
  }

  /** Puts the rows into another order. */
  void arrange(int[] permutation) {
    order = permutation;
  }

  private int stored(int row) {
    return dropped + (order == null ? row : order[row]);
  }

  @Override
  public int rows() {
    return rows - dropped;
  }

  @Override
  public int features() {
    return columns - 1;
  }

  @Override
  public void copyRow(int row, double[] out) {
    int from = stored(row) * features();
    if (doubles != null) {
      System.arraycopy(doubles, from, out, 0, features());
      return;
    }
    for (int j = 0; j < features(); j++) {
      out[j] = bytes[from + j] & 0xff;
    }
  }

  @Override
  public byte[] bytes() {
    return null; // not in the order of the rows
  }

  @Override
  public boolean isTable() {
    return true;
  }

  @Override
  public String where() {
    return file;
  }

  @Override
  public String place(int row, int feature) {
    int column = feature < target ? feature : feature + 1;
    return "line " + lines[stored(row)] + ", column " + column;
  }
}
