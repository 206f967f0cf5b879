package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Random;

/**
 * A matrix inside a larger array, with an offset and a leading dimension: cells around it count.
 */
public final class Matrix {
  public final int rows;
  public final int columns;
  public final int offset;
  public final int ld;
  public final float[] cells;

  /** A matrix whose cells, and those around it, are drawn by a source of values. */
  public Matrix(int rows, int columns, Random random, Values values) {
    this.rows = rows;
    this.columns = columns;
    this.offset = random.nextInt(20);
    // Now and then a stride that makes all rows fall into one cache set; often no gaps at all.
    this.ld =
        random.nextInt(12) == 0 && rows < 40
            ? 1024 * (1 + columns / 1024)
            : columns + Math.max(0, random.nextInt(30) - 10);
    this.cells = new float[offset + rows * ld + random.nextInt(3)];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = values.draw(random);
    }
  }

  /** A matrix without gaps, with so many cells before and behind it. */
  public Matrix(int before, int rows, int columns, int behind, Random random, Values values) {
    this.rows = rows;
    this.columns = columns;
    this.offset = before;
    this.ld = columns;
    this.cells = new float[before + rows * columns + behind];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = values.draw(random);
    }
  }

  private Matrix(Matrix other) {
    rows = other.rows;
    columns = other.columns;
    offset = other.offset;
    ld = other.ld;
    cells = other.cells.clone();
  }

  public Matrix copy() {
    return new Matrix(this);
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

  /** Every cell of the array, inside and outside, equal bit for bit; all NaN count as one. */
  public void assertSameBits(Matrix actual, String what) {
    assertEquals(cells.length, actual.cells.length);
    for (int c = 0; c < cells.length; c++) {
      if (Float.floatToIntBits(cells[c]) != Float.floatToIntBits(actual.cells[c])) {
        int at = c - offset;
        fail(
            String.format(
                "%s: cell (%d, %d) of %d x %d: expected %s, was %s",
                what,
                ld == 0 ? 0 : Math.floorDiv(at, ld),
                ld == 0 ? at : Math.floorMod(at, ld),
                rows,
                columns,
                cells[c],
                actual.cells[c]));
      }
    }
  }

  /** Where a test's numbers come from. */
  public enum Values {
    /** Numbers of ordinary size. */
    PLAIN {
      @Override
      public float draw(Random random) {
        return (float) random.nextGaussian();
      }
    },
    /** Now and then NaN, an infinity, a zero of either sign, a subnormal, a very large number. */
    SPECIAL {
      @Override
      public float draw(Random random) {
        switch (random.nextInt(40)) {
          case 0:
            return Float.NaN;
          case 1:
            return random.nextBoolean() ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
          case 2:
          case 3:
            return random.nextBoolean() ? 0f : -0f;
          case 4:
          case 5:
            return Float.intBitsToFloat(random.nextInt(0x00800000) | random.nextInt(2) << 31);
          case 6:
            return (float) (random.nextGaussian() * 1e38);
          default:
            return (float) random.nextGaussian();
        }
      }
    },
    /** Small whole numbers and negative zeros: many exact ties and zero sums. */
    TIES {
      @Override
      public float draw(Random random) {
        return random.nextInt(4) == 0 ? -0f : random.nextInt(5) - 2;
      }
    },
    /** Tiny numbers, whose products are subnormal. */
    TINY {
      @Override
      public float draw(Random random) {
        return (float) (random.nextGaussian() * 1e-21);
      }
    };

    public abstract float draw(Random random);
  }
}
