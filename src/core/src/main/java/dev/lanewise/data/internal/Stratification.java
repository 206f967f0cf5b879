package dev.lanewise.data.internal;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.FormatException;
import java.math.BigDecimal;
import java.util.Arrays;

/**
 * Divides rows in proportion to their classes by the largest remainder method. If t of n rows are
 * selected, a class of c rows gives {@code t c / n} rows, rounded down. The classes with the
 * largest remainders give one more row each until t rows are selected; of equal remainders, the
 * lower class comes first. Each class gives its last rows. Selected and remaining rows keep their
 * order. The arithmetic is in integers, and nothing is random.
 */
public final class Stratification {
  private Stratification() {}

  /** Orders the rows of a file; classes are null if targets are numeric, which is an error. */
  public static int[] order(int[] classes, int validation, int test, String file, String targets)
      throws FormatException {
    if (classes == null) {
      throw needsClasses(targets);
    }
    if (validation + test == 0) {
      throw new FormatException(
          file,
          "%s rows for training and nothing to stratify, expected a share for validation, or more"
              + " rows",
          classes.length);
    }
    return order(classes, validation, test);
  }

  /** Returns the error about a file whose targets are numbers. */
  public static FormatException needsClasses(String file) {
    return new FormatException(file, "targets that are numbers, expected classes to stratify by");
  }

  /**
   * Deals rows to folds in turn: the rows of the first class in a given order, then the rows of the
   * next class. So the numbers of rows of a class in two folds differ by at most one.
   *
   * @param order the order of all rows
   * @param classes the classes of the rows; none to deal all rows as one class
   * @return the fold of each row
   */
  public static int[] deal(int[] order, int[] classes, int folds) {
    int[] dealt = new int[2 + Arrays.stream(classes).max().orElse(0)]; // up to each class
    for (int row : order) {
      dealt[classes.length == 0 ? 1 : classes[row] + 1]++;
    }
    for (int c = 1; c < dealt.length; c++) {
      dealt[c] += dealt[c - 1];
    }
    int[] fold = new int[order.length];
    for (int row : order) {
      fold[row] = dealt[classes.length == 0 ? 0 : classes[row]]++ % folds;
    }
    return fold;
  }

  /** Returns the remaining rows, then validation rows, then test rows, each in order. */
  public static int[] order(int[] classes, int validation, int test) {
    int[] outer = order(classes, test);
    int rest = classes.length - test;
    int[] restClasses = new int[rest];
    for (int i = 0; i < rest; i++) {
      restClasses[i] = classes[outer[i]];
    }
    int[] inner = order(restClasses, validation);
    for (int i = 0; i < rest; i++) {
      inner[i] = outer[inner[i]];
    }
    System.arraycopy(inner, 0, outer, 0, rest);
    return outer;
  }

  private static int[] order(int[] classes, int taken) {
    int[] staying = staying(classes, taken); // per class
    int[] order = new int[classes.length];
    int at = 0;
    int end = classes.length - taken;
    for (int row = 0; row < classes.length; row++) {
      if (staying[classes[row]]-- > 0) {
        order[at++] = row;
      } else {
        order[end++] = row;
      }
    }
    return order;
  }

  private static int[] staying(int[] classes, int taken) {
    int largest = 0;
    for (int label : classes) {
      largest = Math.max(largest, label);
    }
    int[] staying = new int[largest + 1];
    for (int label : classes) {
      staying[label]++;
    }
    long rows = Math.max(1, classes.length);
    long[] remainders = new long[staying.length]; // complement and class: largest sorts first
    int missing = taken;
    for (int c = 0; c < staying.length; c++) {
      long product = (long) taken * staying[c];
      missing -= (int) (product / rows);
      staying[c] -= (int) (product / rows);
      remainders[c] = rows - product % rows << 32 | c;
    }
    Arrays.sort(remainders);
    for (int i = 0; i < missing; i++) {
      staying[(int) remainders[i]]--;
    }
    return staying;
  }

  /**
   * Returns the number of rows of a share, rounded down. The fraction counts as the decimal number
   * that was written: in double, 100 times 0.29 is below 29.
   */
  public static int share(double fraction, int rows) {
    if (!(fraction >= 0 && fraction < 1)) {
      throw ArgumentException.of("data: a share of", fraction, "a number from 0 to below 1");
    }
    return BigDecimal.valueOf(fraction).multiply(BigDecimal.valueOf(rows)).intValue();
  }
}
