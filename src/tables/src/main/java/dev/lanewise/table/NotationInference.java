package dev.lanewise.table;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.Notation;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.source.MarkedNumber;
import dev.lanewise.table.internal.Century;
import dev.lanewise.table.internal.OddTexts;
import dev.lanewise.table.internal.Problems;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Finds the notations in which the columns of a table write numbers and dates, from all their
 * cells, and reads the table in them. One text stands for all numbers with marks that every
 * notation reads in one way, and one for all plain numbers.
 */
final class NotationInference {
  /** Maximum number of different values of a target of classes. */
  private static final int MOST_CLASSES = 20;

  /** Stands for the plain numbers of a column, which any notation without a unit reads. */
  private static final String PLAIN = "1";

  /** The date before a time of day that has none, which is not shown. */
  private static final String NO_DATE = "1970-01-01T";

  /** Stands for the plain numbers of a column if all are zero, which needs no unit. */
  private static final String ZERO = "0";

  /** Stands for the plain numbers of a column if all are dates such as this one. */
  private static final String DAY = "20240531";

  /** The notation of numbers with a decimal comma whose points separate thousands. */
  private static final Notation POINTS = Notation.of("1.234,5");

  /** The year of examples that have four digits for it. */
  private static final String YEAR = "2024";

  /** Later dates stand for no date, as 9999-12-31 does. */
  private static final String LAST_DATE = "2100-12-31";

  private final ColumnStore table;
  private final TableOptions options;
  private final List<Message> notes;
  private final Map<String, Notation> found = new LinkedHashMap<>();
  private final Map<String, Map<String, Text>> texts = new LinkedHashMap<>();
  private final Map<String, NotationSearch> searches = new LinkedHashMap<>(); // that found one
  private final List<String> open = new ArrayList<>(); // whose points may separate thousands
  private String comma = ""; // the first column that certainly has a decimal comma
  private boolean hasPoint; // whether a column certainly has a decimal point, or the options say so
  private boolean hasOtherMark; // whether a column certainly has another mark than the file

  private final Problems problems;
  private final Set<String> targets = new HashSet<>();

  /** The cells with the same text, or with texts that it stands for. */
  private static final class Text {
    private int first; // row
    private int rows;
  }

  private NotationInference(
      ColumnStore table, TableOptions options, List<Message> notes, Problems problems) {
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
  static ColumnStore read(
      ColumnStore table,
      ColumnRoles columns,
      TableOptions options,
      List<Message> notes,
      Problems problems)
      throws FormatException {
    NotationInference search = new NotationInference(table, options, notes, problems);
    Arrays.stream(columns.targets).mapToObj(table.columns()::get).forEach(search.targets::add);
    for (int place = 0; place < table.columns().size(); place++) {
      if (columns.areRead(place)) {
        search.look(place, columns);
      }
    }
    search.decideMarks();
    search.findCenturies();
    search.found.forEach(search::note);
    return search.found.isEmpty() ? table : table.in(options.withNotations(search.found));
  }

  /** Searches the notation of a column. */
  private void look(int place, ColumnRoles columns) throws FormatException {
    TableColumn cells = table.written(place);
    String name = table.columns().get(place);
    boolean isTarget = targets.contains(name);
    // Without a header, targets before a column move it.
    int first = IntStream.of(columns.targets).min().orElse(place);
    boolean isMoved = !table.hasHeader() && place > first; // and can have no notation
    Map<String, Text> of = cells.mayHaveWords() ? texts(place) : Map.of();
    Map<String, Text> words = new LinkedHashMap<>(of);
    words.values().removeIf(some -> cells.string(some.first) == null);
    if (words.isEmpty()) {
      hasPoint |= !isMoved && cells.hasDecimals();
      if (!isMoved && cells.thousands() != null) {
        open.add(name);
      } else if (!isMoved && place != columns.weight && !columns.numeric.contains(place)) {
        guessDates(place, isTarget);
      }
      return;
    }
    texts.put(name, of);
    if (words.size() < of.size()) {
      words.put(plain(cells), new Text());
    }
    NotationSearch ofWords = search(isMoved || isTarget ? words : of);
    boolean areFew = isTarget && table.column(place).codesOfStrings().count() <= MOST_CLASSES;
    if (!(areFew && !ofWords.hasGroups()) && !(isMoved && ofWords.notation != null)) {
      decide(place, isMoved || isTarget ? search(of) : ofWords);
    }
  }

  /** Takes the notation that a search found, or adds the problem of the column. */
  private void decide(int place, NotationSearch search) throws FormatException {
    String name = table.columns().get(place);
    Message refused = search.notation == null ? null : table.refusal(name, search.notation);
    if (refused != null) {
      TableColumn cells = table.column(place);
      int row = first(some -> cells.string(some) != null);
      refused = Message.of("%s (%s has \"%s\")", refused, table.at(row), cells.string(row));
      add(name, new FormatException(table.file(row), refused, null));
    } else if (search.notation != null) {
      put(name, search);
      hasPoint |= search.proven == '.';
      hasOtherMark |= search.proven != 0 && search.proven != options.decimal();
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
    } else if (search.odd != null) {
      add(name, odd(place, search));
    }
  }

  private Message some(int place, NotationSearch.TextGroup some) {
    int row = texts.get(table.columns().get(place)).getOrDefault(some.first(), new Text()).first;
    return Message.of("\"%s\" (%s, first in %s)", text(place, row), some.rows(), table.at(row));
  }

  private void add(String name, FormatException problem) throws FormatException {
    if (targets.contains(name)) {
      problems.addTarget(name, problem);
    } else {
      problems.add(name, problem);
    }
  }

  /** Returns the texts of a column words first, in the order of their first rows. */
  private Map<String, Text> texts(int place) {
    TableColumn cells = table.written(place);
    int whole = cells.entries() + 1 + MarkedNumber.KINDS; // numbers without marks, then fractions
    Text[] some = new Text[whole + 2];
    List<Text> all = new ArrayList<>();
    for (int row = 0; row < table.rows(); row++) {
      int code = cells.code(row);
      long bits = cells.marked(row);
      boolean isText = bits != MarkedNumber.NONE || cells.textOf(code) != null;
      int kind =
          !isText
              ? cells.number(row) == Math.rint(cells.number(row)) ? whole : whole + 1
              : code > 0 ? code : cells.entries() + 1 + MarkedNumber.kind(bits);
      if (code != TableColumn.MISSING && some[kind] == null) {
        some[kind] = new Text();
        some[kind].first = row;
        all.addAll(isText ? List.of(some[kind]) : List.of());
      }
      if (code != TableColumn.MISSING) {
        some[kind].rows++;
      }
    }
    Arrays.stream(some, whole, whole + 2).filter(Objects::nonNull).forEach(all::add);
    all.sort(Comparator.comparing(each -> cells.string(each.first) == null)); // words first
    String number = some[whole] == null ? PLAIN : plain(cells);
    Map<String, Text> of = new LinkedHashMap<>();
    for (Text each : all) {
      Text known = of.putIfAbsent(key(cells, each.first, number), each);
      if (known != null) {
        known.rows += each.rows;
        known.first = Math.min(known.first, each.first);
      }
    }
    return of;
  }

  /** Returns the text in a row, or the text that stands for such a plain number. */
  private String key(TableColumn cells, int row, String whole) {
    String text = cells.written(row);
    boolean isWhole = cells.number(row) == Math.rint(cells.number(row));
    boolean isOfFile = table.line(row) > 0; // numbers of objects have no mark
    return text != null ? text : isWhole || !isOfFile ? whole : "0" + options.decimal() + "5";
  }

  private String plain(TableColumn cells) {
    boolean areZero = first(row -> Math.abs(cells.number(row)) > 0) < 0;
    boolean areDates = first(row -> !isDate(cells, row)) < 0;
    return areZero ? ZERO : areDates ? DAY : PLAIN;
  }

  /** Returns whether a cell is no number, or one such as 20240531. */
  private static boolean isDate(TableColumn cells, int row) {
    double number = cells.number(row);
    String text = cells.written(row);
    return Double.isNaN(number)
        || NotationSearch.reads(NotationSearch.COMPACT, text == null ? Cell.text(number) : text);
  }

  /** Takes plain numbers such as 20240531 as dates if all of them are, and they differ. */
  private void guessDates(int place, boolean isTarget) {
    TableColumn cells = table.written(place);
    if (first(row -> !isDate(cells, row)) < 0) {
      TreeSet<Double> different = new TreeSet<>();
      IntStream.range(0, table.rows())
          .filter(row -> !cells.isMissing(row))
          .forEach(row -> different.add(cells.number(row)));
      if (different.size() > (isTarget ? MOST_CLASSES : 1)) {
        String name = table.columns().get(place);
        found.put(name, NotationSearch.COMPACT);
        texts.put(name, Map.of(Cell.text(different.last()), new Text()));
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
    Map<String, Text> of = texts.containsKey(name) ? texts.get(name) : texts(place);
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

  private NotationSearch search(Map<String, Text> of) {
    String dates =
        options.dates() == TableOptions.Dates.AUTO
            ? null
            : options.dates() == TableOptions.Dates.DMY ? "dmy" : "mdy";
    return NotationSearch.of(
        List.copyOf(of.keySet()),
        of.values().stream().mapToInt(some -> some.rows).toArray(),
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
    Map<String, Text> of = texts.get(name);
    int row = of.get(search.odd).first;
    String text = text(place, row);
    TableColumn cells = table.column(place);
    String whole = plain(cells);
    IntPredicate isOdd = some -> !NotationSearch.reads(usual, key(cells, some, whole));
    OddTexts odd =
        text.equals(search.odd)
            ? table.odd(text, place, some -> !cells.isMissing(some) && isOdd.test(some))
            : OddTexts.of(text);
    boolean arePlain = search.isPlain(usual);
    return new FormatException(
        table.file(row),
        "%s, column %s is \"%s\"%s, where %s of %s values are %s, expected %s%s",
        table.at(row),
        name,
        text,
        odd.others(),
        search.fitting,
        of.values().stream().mapToInt(some -> some.rows).sum(),
        usual == null ? "dates" : arePlain ? "numbers" : "such as " + usual,
        usual == null ? "a date such as 2024-05-31" : arePlain ? "a number" : "one spelling",
        table.remedies(
            row,
            text,
            name,
            odd.remedy(name),
            Message.of("%s if all are texts", Remedy.CATEGORICAL.with(name))));
  }

  /** Returns the text in a row, or else its number in the fewest digits. */
  private String text(int place, int row) {
    String written = table.written(place).written(row);
    return written == null ? table.column(place).cell(row).text() : written;
  }

  private int first(IntPredicate isWanted) {
    return IntStream.range(0, table.rows()).filter(isWanted).findFirst().orElse(-1);
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
          !comma.isEmpty()
              ? ", as column " + comma + " has a decimal comma"
              : hasOtherMark
                  ? Message.of(", as the file's decimal mark decides (%s)", other)
                  : Message.of(", as no value shows another decimal mark (%s)", other);
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
