package dev.lanewise.table;

import dev.lanewise.data.internal.DataErrors;
import java.util.function.Consumer;

/**
 * Options for loading data: {@link ReadOptions} for reading files, {@link DivisionOptions} for
 * dividing rows, and {@link ScaleOptions} for scaling them. A method that loads data takes at most
 * one of each, in any order. Options are immutable: each {@code with} method returns a copy with
 * one option changed, and throws an {@link IllegalArgumentException} for null.
 *
 * <pre>{@code
 * Dataset data =
 *     Datasets.load(
 *         file,
 *         ReadOptions.defaults().withTarget("price").withIgnored(List.of("id")),
 *         DivisionOptions.defaults().withSeed(7));
 * }</pre>
 */
public abstract sealed class LoadOptions implements Cloneable
    permits ReadOptions, DivisionOptions, ScaleOptions {
  LoadOptions() {}

  /** Returns the value, or throws if it is null. */
  static <T> T given(T value) {
    if (value == null) {
      throw DataErrors.wrong(
          "an option set to null, expected a value (to set none, leave the option out)");
    }
    return value;
  }

  /** Returns a copy with one option changed. T is the class of this object. */
  @SuppressWarnings("unchecked")
  final <T extends LoadOptions> T with(Consumer<T> change) {
    try {
      T copy = (T) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }
}
