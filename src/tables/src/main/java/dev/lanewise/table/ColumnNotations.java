package dev.lanewise.table;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.Notation;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.table.internal.Century;
import dev.lanewise.table.internal.OddTexts;
import dev.lanewise.table.internal.Problems;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

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

  /** Stands for the plain numbers of a column if all are zero, which needs no unit. */
  private static final String ZERO = "0";

  /** The notation of dates that are plain numbers. */
  private static final Notation COMPACT = Notation.of("20240531");

  /** The notation of numbers with a decimal comma whose points separate thousands. */
  private static final Notation POINTS = Notation.of("1.234,5");

  /** The year of examples that have four digits for it. */
  private static final String YEAR = "2024";

  /** Later dates stand for no date, as 9999-12-31 does. */
  private static final String LAST_DATE = "2100-12-31";

  private final TableContent table;
  private final TableOptions options;
  private final List<Message> notes;
  private final Map<String, Notation> found = new LinkedHashMap<>();
  private final Map<String, Map<String, Integer>> texts = new LinkedHashMap<>(); // rows of each
  private final Map<String, NotationSearch> searches = new LinkedHashMap<>(); // that found one
  private final Set<String> guessed = new HashSet<>(); // columns that seemed to be plain numbers
  private final List<String> open = new ArrayList<>(); // whose points may separate thousands
  private String comma = ""; // the first column that certainly has a decimal comma
  private boolean hasPoint; // whether a column certainly has a decimal point, or the options say so

  private final Problems problems;
  private final Set<String> targets = new HashSet<>();

  private ColumnNotations(
      TableContent table, TableOptions options, List<Message> notes, Problems problems) {
    this.table = table;
    this.options = options;
    this.notes = notes;
    this.problems = problems;
    hasPoint = options.decimal() == ',';
  }

  /**
   * Reads a table in the notations of its columns.
   *
   * @param problems receives the problems of columns without a single notation, which are read as
   *     strings
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
    search.decideMarks();
    search.findCenturies();
    return search.found.isEmpty() ? table : search.read(cache);
  }

  /** Searches the notation of a column from its strings. */
  private void look(int place, TableColumns columns) throws FormatException {
    TableColumn cells = table.column(place);
    String name = table.columns().get(place);
    boolean isTarget = false;
    int first = Integer.MAX_VALUE; // without a header, targets before a column move it
    for (int target : columns.targets) {
      isTarget |= target == place;
      first = Math.min(first, target);
    }
    if (!table.hasHeader() && place > first) {
      return;
    } else if (cells.strings() == 0 && cells.texts().isEmpty()) {
      hasPoint |= cells.hasDecimals();
      if (cells.thousands() != null) {
        open.add(name);
      } else if (place != columns.weight) {
        guessDates(place, isTarget);
      }
      return;
    }
    Map<String, Integer> of = texts(place);
    texts.put(name, of);
    NotationSearch search = search(of);
    if (isTarget && cells.strings() <= MOST_CLASSES && !search.hasGroups()) {
      return; // these are classes
    }
    if (search.notation != null) {
      put(name, search);
      hasPoint |= search.proven == '.';
      comma = comma.isEmpty() && search.proven == ',' ? name : comma;
    } else if (search.isAmbiguousOrder) {
      add(
          name,
          new FormatException(
              table.file(),
              "column %s has dates such as %s, whose values do not show whether day, month or year"
                  + " comes first, expected %s or %s (%s if these are texts)",
              name,
              of.keySet().iterator().next(),
              Remedy.DATES.with("dmy"),
              Remedy.DATES.with("mdy"),
              Remedy.CATEGORICAL.with(name)));
    } else if (search.odd != null
        && cells.strings() > 0
        && !isPlain(cells.rowsOfWords(table.rows()))) {
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

  /** Returns the texts of a column, and one for all its plain numbers, with their rows. */
  private Map<String, Integer> texts(int place) {
    TableColumn cells = table.column(place);
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
      boolean areZero = true;
      for (int row = 0; row < table.rows() && areZero; row++) {
        areZero = cells.written(row) != null || !(Math.abs(cells.number(row)) > 0);
      }
      of.merge(areZero ? ZERO : PLAIN, plain, Integer::sum);
    }
    return of;
  }

  /** Takes plain numbers such as 20240531 as dates if all of them are, and they differ. */
  private void guessDates(int place, boolean isTarget) {
    TableColumn cells = table.column(place);
    TreeSet<Double> different = new TreeSet<>();
    for (int row = 0; row < table.rows(); row++) {
      double number = cells.number(row);
      boolean isNew = !Double.isNaN(number) && different.add(number);
      if (isNew && Cell.read(COMPACT, Cell.text(number)) == null) {
        return;
      }
    }
    if (different.size() > (isTarget ? MOST_CLASSES : 1)) {
      String name = table.columns().get(place);
      found.put(name, COMPACT);
      guessed.add(name);
      texts.put(name, Map.of(Cell.text(different.last()), table.rows()));
    }
  }

  /**
   * Reads points before three digits as thousands separators if a column certainly has a decimal
   * comma, as 7.846,31 has, and no column certainly has a decimal point.
   */
  private void decideMarks() {
    comma = hasPoint ? "" : comma;
    searches.forEach(this::put);
    if (!comma.isEmpty()) {
      open.forEach(name -> found.put(name, POINTS));
      guessed.addAll(open);
    }
  }

  /** Finds the years that two digits mean in each column, unless the options name them. */
  private void findCenturies() throws FormatException {
    for (String name : List.copyOf(found.keySet())) {
      Notation notation = found.get(name);
      if (notation.firstYear().isEmpty()) {
        continue;
      }
      String newest = "";
      for (int c = 0; c < table.columns().size() && options.century().isEmpty(); c++) {
        String date = newest(c);
        newest = date.compareTo(newest) > 0 ? date : newest;
      }
      Century century = Century.of(notation, texts.get(name).keySet(), newest);
      found.put(name, notation.from(options.century().orElse(century.firstYear())));
      if (options.century().isEmpty() && !century.isCertain()) {
        found.remove(name);
        add(name, open(name, notation, century, newest));
      }
    }
  }

  /** Returns the error about a column whose century is open. */
  private FormatException open(String name, Notation notation, Century century, String newest) {
    return new FormatException(
        table.file(),
        "column %s has years of two digits such as %s, and %s, expected %s (it is %s) or %s (it"
            + " is %s)",
        name,
        century.example(),
        newest.isEmpty()
            ? "no date of the table has a year of four"
            : "the newest date with a year of four, " + newest + ", leaves the century open",
        Remedy.CENTURY.with(century.earliest()),
        Cell.read(notation.from(century.earliest()), century.example()).text(),
        Remedy.CENTURY.with(century.later()),
        Cell.read(notation.from(century.later()), century.example()).text());
  }

  /** Returns the newest day of a column of dates with years of four digits; empty if none. */
  private String newest(int place) {
    String name = table.columns().get(place);
    Map<String, Integer> of = texts.containsKey(name) ? texts.get(name) : texts(place);
    Notation notation = found.containsKey(name) ? found.get(name) : search(of).notation;
    boolean isRead = notation != null && notation.example().contains(YEAR);
    String newest = "";
    for (String text : of.keySet()) {
      String date = isRead ? Cell.read(notation, text).string() : text;
      if (Double.isNaN(DateColumn.days(date))) {
        return "";
      }
      String day = date.substring(0, LAST_DATE.length());
      newest = day.compareTo(LAST_DATE) <= 0 && day.compareTo(newest) > 0 ? day : newest;
    }
    return newest;
  }

  private NotationSearch search(Map<String, Integer> of) {
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

  /** Takes what a search found, with a decimal comma if that decides what is open. */
  private void put(String name, NotationSearch search) {
    searches.put(name, search);
    found.put(name, search.isAssumed && !comma.isEmpty() ? search.other : search.notation);
  }

  /** Returns whether nearly all cells are plain numbers; another check refuses their typos. */
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
    boolean arePlain = search.odd.equals(PLAIN) || search.odd.equals(ZERO);
    while (!search.odd.equals(cells.written(row)) && !(arePlain && isNumber(cells, row))) {
      row++;
    }
    String name = table.columns().get(place);
    String text = arePlain ? cells.text(row) : search.odd;
    OddTexts odd = arePlain ? new OddTexts(List.of(text)) : others(text, name, search.nearly);
    return new FormatException(
        table.file(row),
        "%s, column %s is \"%s\"%s, where %s of %s values are such as %s, expected one spelling%s",
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
    all.add(Message.of("%s if all are texts", Remedy.CATEGORICAL.with(name)));
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
        if (guessed.remove(other.column)) { // these are plain numbers after all
          found.remove(other.column);
          continue;
        }
        texts.get(other.column).merge(other.text, 1, Integer::sum);
        NotationSearch search = search(texts.get(other.column));
        if (search.notation == null || search.notation.firstYear().isPresent()) {
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
    NotationSearch search = searches.get(name);
    Object why = "";
    if (notation.firstYear().isPresent()) {
      int first = notation.firstYear().getAsInt();
      why = ", in the years from %s to %s".formatted(first, first + 99);
    } else if (search == null && !notation.isNumber()) {
      why = Message.of(" (%s if these are not dates)", Remedy.CATEGORICAL.with(name));
    } else if (search == null || search.isAssumed) {
      Message other = Remedy.DECIMAL.with(options.decimal() == '.' ? "," : ".", name);
      why =
          comma.isEmpty()
              ? Message.of(", as no value shows another decimal mark (%s)", other)
              : ", as column " + comma + " has a decimal comma";
    }
    notes.add(
        Message.of(
            "Column %s is written as in %s, which is %s%s",
            name,
            notation.example(),
            isTimeOfDay ? "the time of day " + value.substring(NO_DATE.length()) : value,
            why));
  }
}
