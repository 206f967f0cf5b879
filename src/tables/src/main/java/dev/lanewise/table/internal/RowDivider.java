package dev.lanewise.table.internal;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.Stratification;
import dev.lanewise.kernel.math.CounterRandom;
import java.util.Arrays;
import java.util.Comparator;
import java.util.OptionalLong;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Divides rows into training, validation and test rows by a {@link DivisionRule}.
 *
 * <p>Folds have the sizes of scikit-learn's: of {@code StratifiedKFold} and {@code KFold}, of
 * {@code GroupKFold}, which gives the largest group to the smallest fold, and of {@code
 * TimeSeriesSplit}. Rows of equal order stay together, as otherwise some training rows would not
 * come before the test rows.
 */
public final class RowDivider {
  private final DivisionRule rule;
  private final int[] order; // all rows: as they are, shuffled, or in the order of the rule
  private final int[] classes; // [rows]; none if classes are not divided separately
  private final int[] groups; // [rows], numbers from 0; null without groups
  private final double[] keys; // [rows]; null without order

  /**
   * Takes what decides the division.
   *
   * @param seed shuffles the rows, unless the rule has an order; empty to leave them as they are
   * @param classes of the rows, which have equal shares in all parts; none to ignore classes
   * @param keys of the rows: numbers of their groups from 0, or numbers in the order of the rule;
   *     none if the rule has no column
   */
  public RowDivider(DivisionRule rule, OptionalLong seed, int rows, int[] classes, double[] keys) {
    this.rule = rule;
    this.classes = classes;
    this.keys = rule.order().isPresent() ? keys : null;
    groups =
        rule.group().isPresent() ? DoubleStream.of(keys).mapToInt(k -> (int) k).toArray() : null;
    if (rule.order().isPresent()) {
      order =
          IntStream.range(0, rows)
              .boxed()
              .sorted(Comparator.comparingDouble(row -> keys[row]))
              .mapToInt(row -> row)
              .toArray();
    } else if (seed.isPresent()) {
      order = new int[rows];
      long key = CounterRandom.key(seed.getAsLong(), CounterRandom.SPLIT, rule.repeat());
      CounterRandom.permutation(key, order);
    } else {
      order = IntStream.range(0, rows).toArray();
    }
  }

  /** Returns the training, validation and test rows of a division without a rule. */
  public int[][] take(int validation, int test) {
    int[][] outer = cut(order, test);
    int[][] inner = cut(outer[0], validation);
    return new int[][] {inner[0], inner[1], outer[1]};
  }

  /**
   * Returns the training, validation and test rows, and those kept for calibration.
   *
   * @param test the share of the test rows, unless they are a fold
   * @param validation the share of the rows beside the test rows that is for validation
   */
  public int[][] divide(double test, double validation) {
    int[][] outer = rule.folds() > 0 ? fold() : share(order, test);
    int[][] kept = share(outer[0], rule.calibration());
    int[][] inner = share(kept[0], validation);
    require(inner[0].length > 0, "training rows");
    require(validation == 0 || inner[1].length > 0, "validation rows");
    require(rule.folds() == 0 && test == 0 || outer[1].length > 0, "test rows");
    require(rule.calibration() == 0 || kept[1].length > 0, "rows for calibration");
    return new int[][] {inner[0], inner[1], outer[1], kept[1]};
  }

  private void require(boolean has, String what) {
    if (!has) {
      throw DataErrors.wrong(
          "%s rows and no %s (%s), expected more rows%s",
          order.length,
          what,
          rule,
          groups != null ? " or groups" : keys != null ? " of different values" : "");
    }
  }

  /** Returns the rows before or beside the fold, and the rows of the fold. */
  private int[][] fold() {
    int folds = rule.folds();
    int rows = order.length;
    require(rows >= folds, "row for each fold");
    if (keys != null) {
      int size = rows / (folds + 1);
      require(size > 0, "test rows");
      int from = rows - (folds - rule.fold()) * size;
      int to = rule.fold() == folds - 1 ? rows : from + size;
      int begin = whole(order, from);
      return new int[][] {
        Arrays.copyOf(order, begin), Arrays.copyOfRange(order, begin, whole(order, to))
      };
    }
    int[] foldOf = groups == null ? Stratification.deal(order, classes, folds) : foldsOfGroups();
    return new int[][] {
      Arrays.stream(order).filter(row -> foldOf[row] != rule.fold()).toArray(),
      Arrays.stream(order).filter(row -> foldOf[row] == rule.fold()).toArray()
    };
  }

  /**
   * Gives each group to the fold with the fewest rows. The largest groups come first, or in further
   * repeats those that come first in the random order.
   */
  private int[] foldsOfGroups() {
    int[] sizes = new int[Arrays.stream(groups).max().orElse(0) + 1];
    Arrays.stream(groups).forEach(group -> sizes[group]++);
    int[] first = Arrays.stream(order).map(row -> groups[row]).distinct().toArray();
    require(first.length >= rule.folds(), "group for each fold");
    if (rule.repeat() == 0) {
      first =
          Arrays.stream(first)
              .boxed()
              .sorted((a, b) -> sizes[b] - sizes[a])
              .mapToInt(group -> group)
              .toArray();
    }
    int[] rows = new int[rule.folds()];
    int[] foldOf = new int[sizes.length];
    for (int group : first) {
      int least = 0;
      for (int f = 1; f < rows.length; f++) {
        least = rows[f] < rows[least] ? f : least;
      }
      foldOf[group] = least;
      rows[least] += sizes[group];
    }
    return Arrays.stream(groups).map(group -> foldOf[group]).toArray();
  }

  private int[][] share(int[] rows, double share) {
    return cut(rows, Stratification.share(share, rows.length));
  }

  /** Divides some rows into those that stay and those that are taken. */
  private int[][] cut(int[] rows, int taken) {
    int stay = rows.length - taken;
    int[] some = rows;
    if (groups != null) {
      return cutGroups(rows, stay);
    } else if (keys != null) {
      stay = whole(rows, stay);
    } else if (classes.length > 0) {
      int[] ofSome = Arrays.stream(rows).map(row -> classes[row]).toArray();
      some = Arrays.stream(Stratification.order(ofSome, taken, 0)).map(i -> rows[i]).toArray();
    }
    return new int[][] {Arrays.copyOf(some, stay), Arrays.copyOfRange(some, stay, rows.length)};
  }

  /** Takes the groups most of whose rows come after a place, if groups stand side by side. */
  private int[][] cutGroups(int[] rows, int stay) {
    int[] sizes = new int[Arrays.stream(groups).max().orElse(0) + 1];
    Arrays.stream(rows).forEach(row -> sizes[groups[row]]++);
    boolean[] isTaken = new boolean[sizes.length];
    int before = 0;
    for (int group : Arrays.stream(rows).map(row -> groups[row]).distinct().toArray()) {
      isTaken[group] = before + (sizes[group] + 1) / 2 > stay;
      before += sizes[group];
    }
    return new int[][] {
      Arrays.stream(rows).filter(row -> !isTaken[groups[row]]).toArray(),
      Arrays.stream(rows).filter(row -> isTaken[groups[row]]).toArray()
    };
  }

  /** Returns the place, or the first one before it with the same key. */
  private int whole(int[] rows, int place) {
    int at = place;
    while (at > 0 && at < rows.length && keys[rows[at - 1]] == keys[rows[at]]) {
      at--;
    }
    return at;
  }
}
