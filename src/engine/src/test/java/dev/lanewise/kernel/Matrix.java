package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Random;

/** A matrix in a larger array, with an offset and a leading dimension, and the cells around it. */
public final class Matrix {
  public final int rows;
  public final int columns;
  public final int offset;
  public final int ld;
  public final float[] cells;

  private Matrix(int rows, int columns, int offset, int ld, float[] cells) {
    this.rows = rows;
    this.columns = columns;
    this.offset = offset;
    this.ld = ld;
    this.cells = cells;
  }

  /**
   * Draws all cells of the array. Often rows have no gaps; sometimes they all share a cache set.
   */
  public Matrix(int rows, int columns, Random random, Values values) {
    this(
        rows,
        columns,
        random.nextInt(20),
        random.nextInt(12) == 0 && rows < 40
            ? 1024 * (1 + columns / 1024)
            : columns + Math.max(0, random.nextInt(30) - 10),
        random.nextInt(3),
        random,
        values);
  }

  /** Draws a matrix without gaps between its rows, with cells before and after it. */
  public Matrix(int before, int rows, int columns, int after, Random random, Values values) {
    this(rows, columns, before, columns, after, random, values);
  }

  private Matrix(
      int rows, int columns, int offset, int ld, int after, Random random, Values values) {
    this(rows, columns, offset, ld, new float[offset + rows * ld + after]);
    for (int i = 0; i < cells.length; i++) {
      cells[i] = values.draw(random);
    }
  }

  public Matrix copy() {
    return new Matrix(rows, columns, offset, ld, cells.clone());
  }

  public float get(int i, int j) {
    return cells[offset + i * ld + j];
  }

  public void set(int i, int j, float value) {
    cells[offset + i * ld + j] = value;
  }

  public Matrix fill(float value) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        set(i, j, value);
      }
    }
    return this;
  }

  /** Compares all cells of the arrays bit for bit; all NaN count as equal. */
  public void assertSameBits(Matrix actual, String what) {
    assertEquals(cells.length, actual.cells.length);
    for (int c = 0; c < cells.length; c++) {
      if (Float.floatToIntBits(cells[c]) != Float.floatToIntBits(actual.cells[c])) {
        int at = c - offset;
        fail(
            "%s: cell %d from the start, rows of %d, of %d x %d: expected %s, was %s"
                .formatted(what, at, ld, rows, columns, cells[c], actual.cells[c]));
      }
    }
  }

  /** Sources of values. */
  public enum Values {
    /** Numbers of ordinary size. */
    PLAIN,
    /** Numbers that are sometimes NaN, infinite, a zero of either sign, subnormal or very large. */
    SPECIAL,
    /** Small whole numbers and negative zeros: many exact ties and zero sums. */
    TIES,
    /** Tiny numbers, whose products are subnormal. */
    TINY;

    public float draw(Random random) {
      return switch (this) {
        case PLAIN -> (float) random.nextGaussian();
        case TIES -> random.nextInt(4) == 0 ? -0f : random.nextInt(5) - 2;
        case TINY -> (float) (random.nextGaussian() * 1e-21);
        case SPECIAL ->
            switch (random.nextInt(40)) {
              case 0 -> Float.NaN;
              case 1 -> random.nextBoolean() ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
              case 2, 3 -> random.nextBoolean() ? 0f : -0f;
              case 4, 5 ->
                  Float.intBitsToFloat(random.nextInt(0x00800000) | random.nextInt(2) << 31);
              case 6 -> (float) (random.nextGaussian() * 1e38);
              default -> (float) random.nextGaussian();
            };
      };
    }
  }
}
