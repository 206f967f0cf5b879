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
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Finds the notations in which the columns of a table write numbers and dates, from all their
 * cells, and reads the table in them.
 *
 * <p>The cells that are strings decide at first. The table is then read again in the notations that
 * they have, which also reads its plain numbers as texts. If these may be in another notation, the
 * texts of all cells of the column decide.
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

  /** Stands for the plain numbers of a column if all are dates such as this one. */
  private static final String DAY = "20240531";

  /** Number of rows whose texts are in memory at once. */
  private static final int STEP = 1 << 14;

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
  private final Set<Integer> known = new TreeSet<>(); // columns all of whose texts are known
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
    Arrays.stream(columns.targets).mapToObj(table.columns()::get).forEach(search.targets::add);
    for (int place = 0; place < table.columns().size(); place++) {
      if (columns.areRead(place)) {
        search.look(place, columns);
      }
    }
    if (!search.known.isEmpty()) {
      search.lookAgain(List.copyOf(search.known), cache);
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
    boolean isMoved = !table.hasHeader() && place > first; // and can have no notation
    int[] rows = cells.entries() == 0 ? null : cells.counts(null, 0, table.rows());
    if (cells.codesOfTexts().allMatch(code -> rows[code + 1] == 0)) {
      hasPoint |= !isMoved && cells.hasDecimals();
      if (!isMoved && cells.thousands() != null) {
        open.add(name);
      } else if (!isMoved && place != columns.weight && !columns.numeric.contains(place)) {
        guessDates(place, isTarget);
      }
      return;
    }
    texts.put(name, texts(place));
    NotationSearch search = search(texts.get(name));
    boolean areClasses = isTarget && cells.strings() <= MOST_CLASSES && !search.hasGroups();
    if (areClasses || isMoved && search.notation != null) {
      return;
    } else if (search.hasOtherMark() && (cells.hasDecimals() || cells.thousands() != null)) {
      known.add(place);
    } else {
      decide(place, search);
    }
  }

  /** Searches the notations of columns from the texts of all cells as the file has them. */
  private void lookAgain(List<Integer> places, TableCache cache) throws IOException {
    List<String> names = table.columns();
    places.forEach(place -> texts.put(names.get(place), new LinkedHashMap<>()));
    try (TableReader reader = TableReader.texts(table).with(cache.threads())) {
      int row = 0;
      TableBuilder builder = reader.builder();
      for (TableContent some; (some = reader.next(builder, STEP)) != null; ) {
        for (List<String> cells : some.texts()) {
          for (int place : places) {
            if (row < table.rows() && !table.column(place).isMissing(row)) {
              texts.get(names.get(place)).merge(cells.get(place), 1, Integer::sum);
            }
          }
          row++;
        }
      }
    }
    for (int place : places) {
      decide(place, search(texts.get(names.get(place))));
    }
  }

  /** Takes the notation that a search found, or adds the problem of the column. */
  private void decide(int place, NotationSearch search) throws FormatException {
    String name = table.columns().get(place);
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
              texts.get(name).keySet().iterator().next(),
              Remedy.DATES.with("dmy"),
              Remedy.DATES.with("mdy"),
              Remedy.CATEGORICAL.with(name)));
    } else if (!search.undecided.isEmpty()) {
      Message other = Remedy.DECIMAL.with(options.decimal() == '.' ? "," : ".", name);
      add(
          name,
          new FormatException(
              table.file(),
              "column %s has values such as %s and %s, expected one notation (%s%s if all are texts)",
              name,
              some(place, search.undecided.get(0)),
              some(place, search.undecided.get(1)),
              search.odd == null ? Message.of("%s if all have this mark, ", other) : "",
              Remedy.CATEGORICAL.with(name)));
    } else if (search.odd != null && table.column(place).strings() > 0) {
      add(name, odd(place, search));
    }
  }

  private Message some(int place, NotationSearch.Some some) {
    int row = row(place, some.first());
    return Message.of(
        "\"%s\" (%s, first in %s)", text(place, row, some.first()), some.rows(), table.at(row));
  }

  private void add(String name, FormatException problem) throws FormatException {
    if (targets.contains(name)) {
      problems.addTarget(name, problem);
    } else {
      problems.add(name, problem);
    }
  }

  /** Returns the texts of a column, and one for all its plain numbers, with their rows. */
  private Map<String, Integer> texts(int place) {
    TableColumn cells = table.column(place);
    int[] rows = cells.counts(null, 0, table.rows());
    Map<String, Integer> of = new LinkedHashMap<>();
    cells
        .codesOfTexts()
        .filter(code -> rows[code + 1] > 0)
        .forEach(code -> of.put(cells.textOf(code), rows[code + 1]));
    int plain = table.rows() - rows[0] - of.values().stream().mapToInt(n -> n).sum();
    if (plain > 0) {
      String dates = areAll(cells, ColumnNotations::isDate) ? DAY : PLAIN;
      of.merge(areAll(cells, number -> number == 0) ? ZERO : dates, plain, Integer::sum);
    }
    return of;
  }

  private boolean areAll(TableColumn cells, DoublePredicate kind) {
    return first(
            row ->
                cells.written(row) == null
                    && !cells.isMissing(row)
                    && !kind.test(cells.number(row)))
        < 0;
  }

  private static boolean isDate(double number) {
    return NotationSearch.reads(NotationSearch.COMPACT, Cell.text(number));
  }

  /** Takes plain numbers such as 20240531 as dates if all of them are, and they differ. */
  private void guessDates(int place, boolean isTarget) {
    TableColumn cells = table.column(place);
    if (areAll(cells, ColumnNotations::isDate)) {
      TreeSet<Double> different = new TreeSet<>();
      IntStream.range(0, table.rows())
          .filter(row -> !cells.isMissing(row))
          .forEach(row -> different.add(cells.number(row)));
      if (different.size() > (isTarget ? MOST_CLASSES : 1)) {
        String name = table.columns().get(place);
        found.put(name, NotationSearch.COMPACT);
        guessed.add(name);
        texts.put(name, Map.of(Cell.text(different.last()), table.rows()));
      }
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

  /** Returns the error about a column nearly all of whose texts are in one notation. */
  private FormatException odd(int place, NotationSearch search) {
    Notation usual = search.nearly;
    String name = table.columns().get(place);
    int row = row(place, search.odd);
    String text = text(place, row, search.odd);
    List<String> all = List.copyOf(texts.get(name).keySet());
    OddTexts odd =
        OddTexts.of(
            text,
            text.equals(search.odd) ? all.size() : 0,
            i -> NotationSearch.reads(usual, all.get(i)) ? null : all.get(i),
            i -> table.at(row(place, all.get(i))));
    boolean arePlain = search.isPlain(usual);
    return new FormatException(
        table.file(row),
        "%s, column %s is \"%s\"%s, where %s of %s values are %s, expected %s%s",
        table.at(row),
        name,
        text,
        odd.others(),
        search.fitting,
        texts.get(name).values().stream().mapToInt(n -> n).sum(),
        usual == null ? "dates" : arePlain ? "numbers" : "such as " + usual,
        usual == null ? "a date such as 2024-05-31" : arePlain ? "a number" : "one spelling",
        table.remedies(
            row,
            text,
            name,
            odd.remedy(name),
            Message.of("%s if all are texts", Remedy.CATEGORICAL.with(name))));
  }

  /** Returns the first row with a text or a number, or with any number if one stands for all. */
  private int row(int place, String text) {
    TableColumn cells = table.column(place);
    double number = Cell.parse(text.replace(options.decimal(), '.'), List.of()).number();
    int row = first(some -> text.equals(cells.written(some)));
    row = row >= 0 ? row : first(some -> cells.number(some) == number);
    return row >= 0 ? row : first(some -> !Double.isNaN(cells.number(some)));
  }

  /** Returns a text as its first row has it, which it may stand for. */
  private String text(int place, int row, String found) {
    return List.of(PLAIN, ZERO, DAY).contains(found) ? table.column(place).cell(row).text() : found;
  }

  private int first(IntPredicate isWanted) {
    return IntStream.range(0, table.rows()).filter(isWanted).findFirst().orElse(-1);
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
        found.remove(other.column);
        if (guessed.remove(other.column)) { // these are plain numbers after all
          continue;
        }
        int place = table.columns().indexOf(other.column);
        if (known.add(place)) {
          lookAgain(List.of(place), cache);
        } else {
          TableColumn cells = table.column(place);
          int row = first(some -> cells.string(some) != null);
          Message problem =
              Message.of(
                  "%s (%s has \"%s\")", Message.problem(e), table.at(row), cells.string(row));
          add(other.column, new FormatException(table.file(row), problem, e));
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
