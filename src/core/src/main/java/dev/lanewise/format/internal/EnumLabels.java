package dev.lanewise.format.internal;

import dev.lanewise.format.ArgumentException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Names of constants on the command line and in files, such as gelu-tanh for GELU_TANH. */
public final class EnumLabels {
  private EnumLabels() {}

  /** Returns the label of a constant. */
  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the labels of constants. */
  public static List<String> of(Enum<?>[] constants) {
    return Stream.of(constants).map(EnumLabels::of).toList();
  }

  /** Returns the constant with a label. */
  public static <E extends Enum<E>> E find(E[] constants, String label, String kind) {
    return constants[index(of(constants), label, kind)];
  }

  /** Returns the index of a label; the error for an unknown label lists all labels. */
  public static int index(List<String> labels, String label, String kind) {
    int found = labels.indexOf(label);
    if (found < 0) {
      throw ArgumentException.of(kind, label, listed(labels, "or"));
    }
    return found;
  }

  /** Joins at least two labels, such as "a, b or c". */
  public static String listed(List<String> labels, String conjunction) {
    int last = labels.size() - 1;
    String others = String.join(", ", labels.subList(0, last));
    return others + " " + conjunction + " " + labels.get(last);
  }
}
