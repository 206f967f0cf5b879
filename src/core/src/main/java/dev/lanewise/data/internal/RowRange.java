package dev.lanewise.data.internal;

import dev.lanewise.data.Rows;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.internal.Hook;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The inside of a {@link Rows}: adjacent rows of a source, with their targets.
 *
 * @param source rows, of which a split may have a part
 * @param targets those of all rows of the source
 * @param first the first row in the source
 * @param count the number of rows
 * @param scaling of the features
 * @param targetScaling of numeric targets, which are kept raw
 */
public record RowRange(
    RowSource source,
    Targets targets,
    int first,
    int count,
    Scaling scaling,
    Scaling targetScaling) {
  public static final Hook<Rows, RowRange> HOOK = new Hook<>(Rows.class);

  /** {@return the inside of a split} */
  public static RowRange of(Rows split) {
    return HOOK.of(split);
  }

  /** {@return a split of all rows of a source, which scales them} */
  public static Rows split(RowSource source, Labels labels, Scaling scaling) {
    int rows = source.rows();
    Targets targets = Targets.of(labels, rows);
    return new RowRange(source, targets, 0, rows, scaling, Scaling.none()).split();
  }

  /** {@return a split of these rows} */
  public Rows split() {
    return HOOK.make(this);
  }

  private Rows with(RowSource rows, Targets ofThese, Scaling of) {
    return new RowRange(rows, ofThese, 0, rows.rows(), of, targetScaling).split();
  }

  /** {@return some adjacent rows} */
  public Rows slice(int from, int rows) {
    return new RowRange(source, targets, first + from, rows, scaling, targetScaling).split();
  }

  /** {@return the numbers in the source of rows} */
  private int[] numbers(IntStream rows) {
    return rows.map(row -> first + Objects.checkIndex(row, count)).toArray();
  }

  /** {@return the numbers in the source of all rows} */
  private int[] numbers() {
    return numbers(IntStream.range(0, count));
  }

  /** {@return some rows, which are copied if they are in memory} */
  public Rows select(int... rows) {
    int[] numbers = numbers(Arrays.stream(rows));
    return with(source.select(numbers), targets.select(numbers), scaling);
  }

  /** {@return some rows, which are not copied} */
  public Rows selected(int... rows) {
    int[] numbers = numbers(Arrays.stream(rows));
    return with(new SelectedRows(source, numbers), targets.select(numbers), scaling);
  }

  /** {@return the rows with other targets} */
  public Rows with(Targets others) {
    return new RowRange(source, others, first, count, scaling, targetScaling).split();
  }

  /** {@return the rows with other numbers of their classes, and the names of these classes} */
  public Rows relabelled(int[] numbers, List<String> names) {
    return with(targets.relabelled(first, count, numbers, names));
  }

  /** {@return the rows with scaled features; errors name the features if there are names} */
  public Rows scaled(Scaling other, List<String> names) {
    Objects.requireNonNull(other, "scaling");
    if (other.equals(scaling)) {
      return split();
    }
    if (!scaling.isNone()) {
      throw DataErrors.wrong(
          "rows that are scaled %s, expected unscaled rows, to which the scaling %s is applied",
          scaling.name(), other.name());
    }
    int features = source.features();
    if (other.features().orElse(features) != features) {
      throw DataErrors.wrong(
          "%s features, expected %s as the scaling has", features, other.features().getAsInt());
    }
    RowSource same = source.under(other);
    if (same != null) {
      return new RowRange(same, targets, first, count, other, targetScaling).split();
    }
    float[] values = new float[count * features];
    double[] row = new double[features];
    for (int r = 0; r < count; r++) {
      source.copyRow(first + r, row);
      GivenRows.scale(row, other, values, r, names);
    }
    return with(new FloatRows(values, features), targets.select(numbers()), other);
  }

  /** {@return the rows with another scaling of numeric targets} */
  public Rows withTargetScaling(Scaling other) {
    Objects.requireNonNull(other, "scaling");
    int outputs = targets.outputs();
    if (outputs == 0) {
      throw DataErrors.wrong("targets that are classes, expected numbers, which can be scaled");
    } else if (other.features().orElse(outputs) != outputs) {
      throw DataErrors.wrong(
          "targets of %s numbers, expected %s as their scaling has",
          outputs, other.features().getAsInt());
    }
    for (int i = 0; i < count * outputs; i++) {
      double target = targets.number(first + i / outputs, i % outputs);
      if (!Float.isFinite(other.scale(target, i % outputs))) {
        throw DataErrors.wrong(
            "a target of %s, expected a smaller number: after scaling (%s) it is not a finite float",
            target, other.name());
      }
    }
    return new RowRange(source, targets, first, count, scaling, other).split();
  }

  /** {@return splits of equal form as one; rows of one source are not copied} */
  public static Rows concatenation(List<Rows> splits) {
    List<RowRange> parts = splits.stream().map(RowRange::of).toList();
    RowRange one = parts.get(0);
    long all = parts.stream().mapToLong(RowRange::count).sum();
    if (all > Integer.MAX_VALUE) {
      throw DataErrors.wrong("%s rows together, expected less than 2^31", all);
    }
    int next = one.first;
    boolean areAdjacent = true;
    boolean areOfOne = true;
    for (RowRange part : parts) {
      areOfOne &= part.source == one.source;
      areAdjacent &= areOfOne && part.targets == one.targets && part.first == next;
      next += part.count;
    }
    if (areAdjacent) {
      return one.slice(0, (int) all);
    }
    int[] rows = parts.stream().flatMapToInt(part -> Arrays.stream(part.numbers())).toArray();
    return one.with(
        areOfOne ? new SelectedRows(one.source, rows) : joined(parts, rows.length),
        Targets.concatenation(
            parts.stream().map(part -> part.targets.select(part.numbers())).toList()),
        one.scaling);
  }

  /** Copies the rows of all parts into one source. */
  private static RowSource joined(List<RowRange> parts, int rows) {
    int features = parts.get(0).source.features();
    int length = DataErrors.length(rows, features);
    boolean areBytes = parts.stream().allMatch(part -> part.source instanceof ByteRows);
    boolean areStored = parts.stream().allMatch(part -> part.source.storesBytes());
    boolean areRounded = parts.stream().anyMatch(part -> part.source.isRounded());
    byte[] bytes = areBytes ? new byte[length] : null;
    float[] values = areBytes ? null : new float[length];
    double[] exact = areRounded ? new double[length] : null;
    double[] row = new double[features];
    int at = 0;
    for (RowRange part : parts) {
      if (areBytes) {
        ((ByteRows) part.source).copy(part.first, part.count, bytes, at);
      } else {
        part.source.copy(part.first, part.count, values, at);
      }
      for (int r = 0; areRounded && r < part.count; r++) {
        part.source.copyRow(part.first + r, row);
        System.arraycopy(row, 0, exact, at + r * features, features);
      }
      at += part.count * features;
    }
    return areBytes
        ? new ByteRows(bytes, features, parts.get(0).scaling, areStored)
        : new FloatRows(values, features, exact);
  }
}
