package dev.lanewise.table;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.rows.Notation;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.table.internal.OddTexts;
import dev.lanewise.table.internal.Problems;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the notations in which the columns of a table write numbers and dates, from all their
 * cells, and reads the table in them.
 *
 * <p>The cells that are strings decide at first. The table is then read again in the notations that
 * they have, which also reads its plain numbers as texts. A text that is in another notation joins
 * the strings, and the search goes on, until one notation reads all cells of the column.
 */
final class ColumnNotations {
  /** Maximum number of different values of a target of classes. */
  private static final int MOST_CLASSES = 20;

  /** Stands for the plain numbers of a column, which any notation without a unit reads. */
  private static final String PLAIN = "1";

  /** The date that a time of day has, which says nothing to a reader. */
  private static final String NO_DATE = "1970-01-01T";

  private final TableContent table;
  private final TableOptions options;
  private final List<Message> notes;
  private final Map<String, Notation> found = new LinkedHashMap<>();
  private final Map<String, Map<String, Integer>> texts = new LinkedHashMap<>(); // rows of each
  private final Set<String> isAssumed = new HashSet<>();

  private final Problems problems;
  private final Set<String> targets = new HashSet<>();

  private ColumnNotations(
      TableContent table, TableOptions options, List<Message> notes, Problems problems) {
    this.table = table;
    this.options = options;
    this.notes = notes;
    this.problems = problems;
  }

  /**
   * Reads a table in the notations of its columns.
   *
   * @param problems receives those of columns without one notation, which are read as strings
   */
  static TableContent read(
      TableContent table,
      TableColumns columns,
      TableOptions options,
      TableCache cache,
      List<Message> notes,
      Problems problems)
      throws IOException {
    ColumnNotations search = new ColumnNotations(table, options, notes, problems);
    for (int target : columns.targets) {
      search.targets.add(table.columns().get(target));
    }
    for (int place = 0; place < table.columns().size(); place++) {
      if (columns.areRead(place)) {
        search.look(place, columns);
      }
    }
    return search.found.isEmpty() ? table : search.read(cache);
  }

  /** Searches the notation of a column from its strings. */
  private void look(int place, TableColumns columns) throws FormatException {
    TableColumn cells = table.column(place);
    boolean isTarget = false;
    int first = Integer.MAX_VALUE; // without a header, targets before a column move it
    for (int target : columns.targets) {
      isTarget |= target == place;
      first = Math.min(first, target);
    }
    if (cells.strings() == 0 && cells.texts().isEmpty()
        || isTarget && cells.strings() <= MOST_CLASSES
        || !table.hasHeader() && place > first) {
      return;
    }
    int[] rows = cells.rowsOfWords(table.rows());
    Map<String, Integer> of = new LinkedHashMap<>();
    for (int code = 1; code < rows.length; code++) {
      if (rows[code] > 0) {
        of.put(cells.entry(code), rows[code]);
      }
    }
    cells.texts().forEach(text -> of.merge(text, 1, Integer::sum));
    int plain = rows[0] - cells.texts().size();
    if (plain > 0) {
      of.merge(PLAIN, plain, Integer::sum);
    }
    String name = table.columns().get(place);
    texts.put(name, of);
    NotationSearch search = search(name);
    if (search.notation != null) {
      put(name, search);
    } else if (search.isAmbiguousOrder) {
      add(
          name,
          new FormatException(
              table.file(),
              "column %s has dates such as %s, whose values do not show whether day, month or year"
                  + " comes first, expected %s or %s (%s if these are words)",
              name,
              of.keySet().iterator().next(),
              Remedy.DATES.with("dmy"),
              Remedy.DATES.with("mdy"),
              Remedy.CATEGORICAL.with(name)));
    } else if (search.odd != null && cells.strings() > 0 && !isPlain(rows)) {
      add(name, odd(place, search));
    }
  }

  private void add(String name, FormatException problem) throws FormatException {
    if (targets.contains(name)) {
      problems.addTarget(name, problem);
    } else {
      problems.add(name, problem);
    }
  }

  /** Returns the texts of a column that are not in its most frequent notation. */
  private OddTexts others(String first, String name, Notation nearly) {
    List<String> all = List.copyOf(texts.get(name).keySet());
    return OddTexts.of(
        first,
        all.size(),
        i -> nearly == null || Cell.read(nearly, all.get(i)) != null ? null : all.get(i));
  }

  private NotationSearch search(String name) {
    Map<String, Integer> of = texts.get(name);
    String dates =
        options.dates() == TableOptions.Dates.AUTO
            ? null
            : options.dates() == TableOptions.Dates.DMY ? "dmy" : "mdy";
    return NotationSearch.of(
        List.copyOf(of.keySet()),
        of.values().stream().mapToInt(n -> n).toArray(),
        options.decimal(),
        dates);
  }

  private void put(String name, NotationSearch search) {
    found.put(name, search.notation);
    if (search.isAssumed) {
      isAssumed.add(name);
    } else {
      isAssumed.remove(name);
    }
  }

  /** Returns whether nearly all cells are plain numbers, whose typos are refused elsewhere. */
  private static boolean isPlain(int[] rows) {
    long all = 0;
    for (int each : rows) {
      all += each;
    }
    return rows[0] >= ColumnContents.NEARLY_ALL * all;
  }

  /** Returns the error about a column nearly all of whose texts are in one notation. */
  private FormatException odd(int place, NotationSearch search) {
    TableColumn cells = table.column(place);
    int row = 0;
    while (!search.odd.equals(cells.written(row))
        && !(search.odd.equals(PLAIN) && isNumber(cells, row))) {
      row++;
    }
    String name = table.columns().get(place);
    boolean arePlain = search.odd.equals(PLAIN);
    String text = arePlain ? cells.text(row) : search.odd;
    OddTexts odd = arePlain ? new OddTexts(List.of(text)) : others(text, name, search.nearly);
    return new FormatException(
        table.file(row),
        "%s, column %s is \"%s\"%s, where %s of %s values are such as %s, expected one notation%s",
        table.at(row),
        name,
        text,
        odd.others(),
        search.fitting,
        texts.get(name).values().stream().mapToInt(n -> n).sum(),
        search.nearly,
        remedies(odd, name));
  }

  private static Message remedies(OddTexts odd, String name) {
    List<Message> all = new ArrayList<>(List.of(odd.remedy(name)));
    all.removeIf(Message.of("")::equals);
    all.add(Message.of("%s if all are words", Remedy.CATEGORICAL.with(name)));
    return Message.of(" (%s)", all);
  }

  private static boolean isNumber(TableColumn cells, int row) {
    return !Double.isNaN(cells.number(row));
  }

  /** Reads the table until each notation reads all cells of its column. */
  private TableContent read(TableCache cache) throws IOException {
    while (true) {
      try {
        TableContent read = TableReader.read(table, options.withNotations(found), cache);
        found.forEach(this::note);
        return read;
      } catch (FormatException e) {
        if (!(e.getCause() instanceof TableBuilder.OtherNotation other)) {
          throw e;
        }
        texts.get(other.column).merge(other.text, 1, Integer::sum);
        NotationSearch search = search(other.column);
        if (search.notation == null) {
          OddTexts odd = others(other.text, other.column, search.nearly);
          Message problem =
              Message.of("%s%s%s", Message.problem(e), odd.others(), remedies(odd, other.column));
          add(other.column, new FormatException(other.file, problem, e));
          found.remove(other.column);
        } else {
          put(other.column, search);
        }
      }
    }
  }

  private void note(String name, Notation notation) {
    String value = Cell.read(notation, notation.example()).text();
    boolean isTimeOfDay = value.startsWith(NO_DATE);
    notes.add(
        Message.of(
            "Column %s is written as in %s, which is %s%s",
            name,
            notation,
            isTimeOfDay ? "the time of day " + value.substring(NO_DATE.length()) : value,
            isAssumed.contains(name)
                ? Message.of(
                    ", as no value shows another decimal mark (%s)",
                    Remedy.DECIMAL.with(options.decimal() == '.' ? "," : ".", name))
                : ""));
  }
}
