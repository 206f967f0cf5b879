package dev.lanewise.table;

import static java.util.stream.Collectors.joining;

import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.nn.Loss;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Options that many tests share. */
final class Options {
  static final DivisionOptions WHOLE = shares(1.0);
  static final ScaleOptions UNSCALED = ScaleOptions.defaults().withScale(ScaleChoice.named("none"));

  private Options() {}

  static ReadOptions target(String column) {
    return ReadOptions.defaults().withTarget(column);
  }

  static DivisionOptions shares(Double... shares) {
    return DivisionOptions.defaults().withSplitSizes(Arrays.asList(shares));
  }

  static ScaleOptions loss(Loss loss) {
    return ScaleOptions.defaults().withLoss(loss);
  }

  /** Returns a message in which the words of remedies replace their names and values in braces. */
  static String remedies(String message) {
    return Pattern.compile("\\{([A-Z_]+) ?([^}]*)}")
        .matcher(message)
        .replaceAll(found -> Matcher.quoteReplacement(remedy(found.group(1), found.group(2))));
  }

  private static String remedy(String name, String values) {
    Object[] words = values.isEmpty() ? new Object[0] : values.split(" ");
    return Remedy.valueOf(name).with(words).toString();
  }

  /** Returns a header and rows that follow from their numbers, as texts or as lists of cells. */
  static String table(String header, int rows, IntFunction<?> row) {
    return IntStream.range(0, rows)
        .mapToObj(row)
        .map(cells -> cells instanceof List<?> several ? several : List.of(cells))
        .map(cells -> cells.stream().map(String::valueOf).collect(joining(",")))
        .collect(joining("\n", header + "\n", "\n"));
  }

  /** Returns the options as an array. */
  static LoadOptions[] of(LoadOptions... options) {
    return options;
  }

  /** Returns options in which later ones replace earlier ones of the same kind. */
  static LoadOptions[] with(LoadOptions[] base, LoadOptions... more) {
    Map<Class<?>, LoadOptions> all = new LinkedHashMap<>();
    for (LoadOptions[] some : new LoadOptions[][] {base, more}) {
      for (LoadOptions one : some) {
        all.put(one.getClass(), one);
      }
    }
    return all.values().toArray(new LoadOptions[0]);
  }
}
