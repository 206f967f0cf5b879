package dev.lanewise.cli;

import dev.lanewise.source.CsvFormat;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.table.TableOptions;
import dev.lanewise.table.TableOptions.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The options for the format of a table and for its columns. */
final class TableArguments {
  /** Options for tables only. */
  private static final List<String> OPTIONS =
      List.of(
          "target",
          "weight-column",
          "split-sizes",
          "ignore",
          "categorical",
          "min-count",
          "missing",
          "separator",
          "decimal",
          "header",
          "cache");

  private TableArguments() {}

  /** Returns the first given option for tables, or null. */
  static String given(Arguments arguments) {
    return OPTIONS.stream().filter(arguments::has).findFirst().orElse("");
  }

  /**
   * Returns the options for reading a table, whose text is read as usual if no option says more.
   */
  static ReadOptions reading(Arguments arguments, TableOptions usual) {
    ReadOptions written = ReadOptions.defaults().withTable(tableOptions(usual, arguments));
    return new GivenOptions<>(written, arguments)
        .with("target", ReadOptions::withTarget)
        .with("weight-column", ReadOptions::withWeight)
        .with("ignore", (o, t) -> o.withIgnored(list(arguments, "ignore")))
        .with("categorical", (o, t) -> o.withCategorical(list(arguments, "categorical")))
        .with("cache", (o, t) -> o.withCache(arguments.path("cache")))
        .with("min-count", (o, t) -> o.withMinCount(count(arguments)))
        .options();
  }

  /** Applies the options for the format of a table. */
  private static TableOptions tableOptions(TableOptions usual, Arguments arguments) {
    TableOptions options = usual;
    if (arguments.has("separator")) {
      try {
        options = options.withSeparator(CsvFormat.separator(arguments.text("separator")));
      } catch (IllegalArgumentException e) {
        throw arguments.wrong("separator", "one of , ; tab | or auto");
      }
    }
    if (arguments.has("decimal")) {
      if (!List.of(".", ",").contains(arguments.text("decimal"))) {
        throw arguments.wrong("decimal", "a point or a comma");
      }
      options = options.withDecimal(arguments.text("decimal").charAt(0));
    }
    if (arguments.has("header")) {
      String word = arguments.choice("header", "auto", "yes", "no");
      options = options.withHeader(Header.valueOf(word.toUpperCase(Locale.ROOT)));
    }
    return arguments.has("missing") ? options.withMissing(list(arguments, "missing")) : options;
  }

  private static int count(Arguments arguments) {
    return arguments.integer("min-count", 1, Integer.MAX_VALUE);
  }

  /** Splits a list at commas and strips blanks. */
  private static List<String> list(Arguments arguments, String option) {
    List<String> words = new ArrayList<>();
    for (String word : arguments.text(option).split(",", -1)) {
      if (word.isBlank()) {
        throw arguments.wrong(option, "words separated by commas such as a,b");
      }
      words.add(word.strip());
    }
    return words;
  }
}
