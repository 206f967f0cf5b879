package dev.lanewise.table;

import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.Notation;
import dev.lanewise.rows.internal.Cell;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Finds the notation in which a column writes its numbers or dates, from all its values.
 *
 * <p>The first text has few possible notations, and each further text excludes those that do not
 * read it. If none is left, the rows of each notation are counted. Of the two most frequent ones,
 * the rows that only one of them reads have a vote. Nine of ten votes decide, which is the share
 * from which other values of a column are considered mistakes; fewer leave the column undecided.
 * Columns of strings are given up early.
 */
final class NotationSearch {
  /** A number with what stands before and after it, and a sign before or after the former. */
  private static final Pattern AFFIXES =
      Pattern.compile(
          "[-+\u2212]?([A-Z]{3}|\\p{L}{0,3}\\p{Sc}|)\\h?[-+\u2212]?(?=[\\d.,]).*[\\d.,]"
              + "\\h?(%|[\\p{L}\\p{So}\\p{Sc}][^\\d.,]{0,7}|)");

  /** The codes of ISO 4217, so that a name such as SKU 3 is not an amount of money. */
  private static final String CURRENCIES =
      "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP"
          + " BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD"
          + " FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD"
          + " JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD"
          + " MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP"
          + " PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC"
          + " SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF"
          + " XCD XOF XPF YER ZAR ZMW";

  /** Letters after a number that make it an ordinal or a time of day. */
  private static final Set<String> NO_UNITS =
      Set.of("st", "nd", "rd", "th", "am", "pm", "\u00aa", "\u00ba");

  private static final Notation MONTH = Notation.of("31 May 2024");

  /** The notation of dates that are plain numbers. */
  static final Notation COMPACT = Notation.of("20240531");

  private static final BinaryOperator<Integer> SUM = Integer::sum;

  /** Maximum number of units of letters; with more of them, they are strings such as seats. */
  private static final int MOST_UNITS = 3;

  /** Minimum number of rows of a category on average. */
  private static final int ROWS_OF_CATEGORY = 10;

  /** Minimum number of digits of a telephone number or another code in groups of digits. */
  private static final int CODE = 9;

  /** The notation of all texts; null if there is none, or if all are plain numbers or strings. */
  Notation notation;

  /**
   * Whether the texts leave open if a mark separates thousands or decimals, so that the decimal
   * mark of the file decided.
   */
  boolean isAssumed;

  /** The notation with the other decimal mark, if the decimal mark of the file decided; or null. */
  Notation other;

  /** The decimal mark that the texts prove, if not the file's one then in a tenth of them; or 0. */
  char proven;

  /** Whether all texts are dates, but the order of day, month and year is not certain. */
  boolean isAmbiguousOrder;

  /** The notation of most rows if there is an odd text; null for dates in ISO 8601. */
  Notation nearly;

  /** The first text that is not in the notation {@link #nearly}. */
  String odd;

  /** The number of rows that are in the notation {@link #nearly}. */
  int fitting;

  /** Two kinds of texts that are too many to be mistakes of the other kind; else empty. */
  List<TextGroup> undecided = List.of();

  /** Texts with something in common: the first one, and the number of rows of all. */
  record TextGroup(String first, int rows) {}

  private final List<String> texts;
  private final int[] rows; // [texts]
  private final char decimal;
  private final String dates;

  /** The notations of numbers by what stands beside them, and of dates by their separator. */
  private final Map<String, List<Notation>> candidates = new HashMap<>();

  private NotationSearch(List<String> texts, int[] rows, char decimal, String dates) {
    this.texts = texts;
    this.rows = rows;
    this.decimal = decimal;
    this.dates = dates;
  }

  /**
   * Searches the notation of a column.
   *
   * @param texts the distinct texts of all present cells, as written
   * @param rows the number of rows that have each of them
   * @param decimal the decimal mark of the file, a point or a comma
   * @param dates {@code dmy} or {@code mdy}, the order of day and month in dates of numbers; null
   *     if the values must decide it
   */
  static NotationSearch of(List<String> texts, int[] rows, char decimal, String dates) {
    NotationSearch search = new NotationSearch(texts, rows, decimal, dates);
    if (!texts.isEmpty() && !search.findCommon()) {
      search.count();
    }
    return search;
  }

  /** Returns whether some notation without letters reads a text, which then names no column. */
  static boolean isValue(String text) {
    return text.chars().noneMatch(Character::isLetter)
        && !of(List.of(text), new int[] {1}, '.', null).all(text).isEmpty();
  }

  /** Returns all notations that read a text, the simple ones and those of the file first. */
  private List<Notation> all(String text) {
    List<Notation> all = new ArrayList<>();
    if (text.chars().noneMatch(c -> c >= '0' && c <= '9')) {
      return all;
    }
    boolean isNegative = text.endsWith(")"); // as in $(1,234)
    Matcher affixes = AFFIXES.matcher(isNegative ? text.replaceAll("[()]", "") : text);
    if (affixes.matches()) {
      String prefix = affixes.group(1);
      String suffix = affixes.group(2);
      all.addAll(candidates.computeIfAbsent(prefix + "1" + suffix, k -> numbers(prefix, suffix)));
      all.removeIf(each -> Cell.read(each, text) == null);
    }
    if (all.isEmpty()) {
      all.addAll(candidates.computeIfAbsent(separator(text), NotationSearch::dates));
      all.removeIf(each -> Cell.read(each, text) == null);
    }
    return all;
  }

  /** Returns the first character that is neither a letter nor a digit. */
  private static String separator(String text) {
    int at = 0;
    while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
      at++;
    }
    char next = at < text.length() ? text.charAt(at) : 'a';
    return Character.isSpaceChar(next) ? " " : "" + next;
  }

  private static List<Notation> dates(String separator) {
    return Notation.ofDates().stream()
        .filter(date -> separator(date.example()).equals(separator))
        .toList();
  }

  /** Returns the notations of numbers with some texts before and after them. */
  private List<Notation> numbers(String prefix, String suffix) {
    List<Notation> all = new ArrayList<>();
    boolean isCode = prefix.matches("[A-Z]{3}");
    boolean isMonth = Cell.read(MONTH, "1 " + suffix + " 2000") != null; // as in 31 May
    if (isCode && !CURRENCIES.contains(prefix)
        || isMonth
        || NO_UNITS.contains(suffix.toLowerCase(Locale.ROOT))) {
      return all;
    }
    String before = prefix + (isCode ? " " : "");
    String after = (suffix.isEmpty() || suffix.equals("%") ? "" : " ") + suffix;
    String marks = decimal == '.' ? ".,." : ",.,";
    try {
      for (int m = 0; m < 2; m++) {
        for (String group : new String[] {"", marks.substring(m + 1, m + 2), "'", " "}) {
          all.add(Notation.of(before + "1" + group + "234" + marks.charAt(m) + "5" + after));
        }
      }
      return all;
    } catch (IllegalArgumentException e) {
      return List.of(); // this is no unit
    }
  }

  /** Looks for a notation that reads all texts; returns false if there is none. */
  private boolean findCommon() {
    List<Notation> left = all(texts.get(0));
    if (!left.isEmpty() && left.get(0).isNumber()) {
      // Zero needs no unit and 1 may have its singular, so the text of most digits has the unit.
      left = all(Collections.max(texts, Comparator.comparing(NotationSearch::digits)));
    }
    for (int i = 0; i < texts.size() && !left.isEmpty(); i++) {
      String text = texts.get(i);
      left.removeIf(each -> Cell.read(each, text) == null);
    }
    if (left.isEmpty()) {
      return false;
    } else if (!left.get(0).isNumber()) {
      return decideOrder(left);
    }
    decideMarks(left);
    return true;
  }

  private static BigInteger digits(String text) {
    return new BigInteger("0" + text.replaceAll("[^0-9]", ""));
  }

  /**
   * Chooses among the notations of numbers that read all texts, given in the order of preference.
   */
  private void decideMarks(List<Notation> left) {
    Notation first = left.get(0); // a thousands separator is in it only if some text has that mark
    Notation last = left.get(left.size() - 1); // has the other decimal mark if that is possible
    boolean isPlain =
        isPlain(first)
            && texts.stream().noneMatch(text -> text.indexOf('\u2212') >= 0 || text.endsWith(")"));
    boolean isOpen =
        texts.stream()
            .anyMatch(text -> Cell.read(first, text).number() != Cell.read(last, text).number());
    // Numbers in brackets are labels, unless there is a unit.
    boolean areInBrackets = texts.stream().allMatch(text -> text.endsWith(")"));
    proven = mark(first) == mark(last) ? mark(first) : 0;
    if (proven != 0 && proven != decimal) {
      TextGroup proof = those(text -> mark(end(text, 0)) == mark(end(text, 1)));
      TextGroup open = those(text -> number(text, 0) != number(text, 1));
      proven = isNearlyAll(Arrays.stream(rows).sum() - proof.rows, proof.rows) ? 0 : proven;
      if (isNearlyAll(open.rows, proof.rows)) { // one 1,5 among many 1.234, or one 1 234
        TextGroup sure = those(text -> number(text, 0) == number(text, 1));
        undecided = List.of(open, proof.rows > 0 ? proof : sure); // all together may be a proof
        nearly = first;
        return;
      }
    }
    if (!isPlain && !areCodes(first) && !(areInBrackets && first.example().matches("1.*5"))) {
      notation = first;
      isAssumed = isOpen;
      left.removeIf(each -> mark(each) == mark(first));
      other = isOpen ? left.get(0) : null;
    }
  }

  private TextGroup those(Predicate<String> are) {
    int[] found = IntStream.range(0, rows.length).filter(i -> are.test(texts.get(i))).toArray();
    return new TextGroup(
        found.length == 0 ? "" : texts.get(found[0]), Arrays.stream(found).map(i -> rows[i]).sum());
  }

  private static boolean isNearlyAll(int some, int others) {
    return some >= ColumnStatistics.NEARLY_ALL * (some + others);
  }

  /** Returns the first or last notation of a number, which have both marks if both are possible. */
  private Notation end(String text, int last) {
    List<Notation> all = all(text);
    return all.get(last * (all.size() - 1));
  }

  private double number(String text, int last) {
    return Cell.read(end(text, last), text).number();
  }

  /** Returns the decimal mark of a notation of numbers. */
  private static char mark(Notation number) {
    return number.example().charAt(number.example().indexOf("234") + 3);
  }

  /** Returns whether a notation is that of plain numbers in the file. */
  boolean isPlain(Notation found) {
    return isNumber(found) && found.example().equals("1234" + decimal + "5");
  }

  /** Returns whether the texts have thousands separators. */
  boolean hasGroups() {
    return notation != null && notation.isNumber() && !notation.example().contains("1234");
  }

  /**
   * Returns whether whole numbers in groups are telephone numbers or other codes: they are long,
   * and all have a plus or all have the same number of digits.
   */
  private boolean areCodes(Notation found) {
    String example = found.example();
    if (!example.startsWith("1") || example.startsWith("12") || !example.endsWith("5")) {
      return false;
    }
    List<String> digits = texts.stream().map(text -> text.replaceAll("[^0-9]", "")).toList();
    return (texts.stream().allMatch(text -> text.startsWith("+"))
            || digits.stream().map(String::length).distinct().count() == 1)
        && digits.stream().allMatch(each -> each.length() >= CODE)
        && IntStream.range(0, texts.size())
            .allMatch(
                i ->
                    Math.abs(Cell.read(found, texts.get(i)).number())
                        == Double.parseDouble(digits.get(i)));
  }

  /**
   * Chooses among notations of dates that read all texts.
   *
   * @return false if none has the order that the user named
   */
  private boolean decideOrder(List<Notation> left) {
    Notation first = left.get(0);
    Notation other = swapped(first);
    if (dates == null) {
      isAmbiguousOrder = left.contains(other) || mayBeginWithYear(first);
      notation = isAmbiguousOrder ? null : first;
      return true;
    }
    notation = isWanted(first) ? first : left.contains(other) ? other : null;
    return notation != null;
  }

  /** Returns whether a notation of dates does not contradict the order that the user named. */
  private boolean isWanted(Notation date) {
    return dates == null
        || date == null
        || swapped(date) == null
        || date.example().startsWith(dates.equals("dmy") ? "31" : "05");
  }

  /** Returns the notation with day and month exchanged; null if the month is certain. */
  private static Notation swapped(Notation date) {
    String text = date.example();
    return text.startsWith("31") && text.startsWith("05", 3) || text.startsWith("05")
        ? Notation.of(
            text.substring(3, 5) + text.charAt(2) + text.substring(0, 2) + text.substring(5))
        : null;
  }

  /**
   * Returns whether dates such as 24/05/31 may have the year first: all of them are dates in that
   * order, too, and in the other order they would have at least as many different years as days of
   * the month.
   */
  private boolean mayBeginWithYear(Notation found) {
    String example = found.example();
    if (!example.startsWith("31") || example.contains("2024") || example.contains("May")) {
      return false;
    }
    List<String> dates = texts.stream().map(text -> Cell.read(found, text).string()).toList();
    return dates.stream().noneMatch(date -> Double.isNaN(DateColumn.days(yearFirst(date))))
        && dates.stream().map(date -> date.substring(2, 4)).distinct().count()
            >= dates.stream().map(date -> date.substring(8, 10)).distinct().count();
  }

  /** Returns a date of this century whose year and day of the month are exchanged. */
  private static String yearFirst(String date) {
    return "20" + date.substring(8, 10) + date.substring(4, 8) + date.substring(2, 4);
  }

  /** Returns whether a notation, or ISO 8601 for null, reads a text. */
  static boolean reads(Notation notation, String text) {
    return notation == null
        ? !Double.isNaN(DateColumn.days(text))
        : Cell.read(notation, text) != null;
  }

  private static boolean isNumber(Notation notation) {
    return notation != null && notation.isNumber();
  }

  /** Counts the rows of each notation, and finds what is odd if nearly all are in some. */
  private void count() {
    int left = Arrays.stream(rows).sum();
    double enough = ColumnStatistics.NEARLY_ALL * left;
    int numbers = 0;
    int dates = 0;
    Map<Notation, Integer> counts = new LinkedHashMap<>(); // null for ISO 8601
    Units units = new Units();
    for (int i = 0; i < rows.length && left >= enough; i++) {
      List<Notation> all = kinds(texts.get(i));
      left -= all.isEmpty() ? rows[i] : 0;
      if (!all.isEmpty() && isNumber(all.get(0))) {
        numbers += rows[i];
        units.add(all.get(0), rows[i]);
      }
      dates += all.isEmpty() || isNumber(all.get(all.size() - 1)) ? 0 : rows[i];
      for (Notation each : all) {
        counts.merge(isWanted(each) ? each : swapped(each), isWanted(each) ? rows[i] : 0, SUM);
      }
    }
    boolean areNumbers = numbers >= dates;
    counts.keySet().removeIf(each -> isNumber(each) != areNumbers);
    Notation usual = most(counts);
    int most = counts.getOrDefault(usual, 0);
    boolean areWords = areNumbers && units.areWords() && !(isPlain(usual) && most >= enough);
    if (Math.max(numbers, dates) < enough || areWords) {
      return;
    }
    nearly = usual;
    fitting = most;
    counts.clear();
    for (int i = 0; i < rows.length; i++) {
      if (!reads(usual, texts.get(i))) {
        odd = odd == null ? texts.get(i) : odd;
        int some = rows[i];
        kinds(texts.get(i)).stream()
            .filter(this::isWanted)
            .forEach(each -> counts.merge(each, some, SUM));
      }
    }
    Notation rival = most(counts);
    TextGroup votes = those(text -> reads(usual, text) && !reads(rival, text));
    TextGroup against = those(text -> reads(rival, text) && !reads(usual, text));
    if (!counts.isEmpty() && !isNearlyAll(votes.rows, against.rows)) {
      undecided = List.of(votes.rows > 0 ? votes : those(text -> reads(usual, text)), against);
    }
  }

  /** Returns all notations that read a text, the last one null for a date in ISO 8601. */
  private List<Notation> kinds(String text) {
    List<Notation> all = all(text);
    all.addAll(reads(COMPACT, text) ? List.of(COMPACT) : List.of());
    all.addAll(reads(null, text) ? Collections.singleton(null) : List.of());
    return all;
  }

  /** Returns the notation of most rows, the first of several; null if there is none. */
  private static Notation most(Map<Notation, Integer> counts) {
    return counts.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  /** The units of letters that numbers have, such as kg. */
  private static final class Units {
    private final Set<String> names = new HashSet<>();
    private int texts;
    private int rows;

    void add(Notation number, int count) {
      String example = number.example();
      int unit = example.indexOf('5') + 2;
      if (unit < example.length() && Character.isLetter(example.charAt(unit))) {
        names.add(example.substring(unit));
        texts++;
        rows += count;
      }
    }

    /**
     * Returns whether the texts are names, such as 2B, or categories, as they are few and repeat.
     */
    boolean areWords() {
      boolean areCategories =
          texts > 0 && texts <= ColumnStatistics.FEW && rows >= ROWS_OF_CATEGORY * texts;
      boolean areLetters = names.size() > 1 && names.stream().allMatch(name -> name.length() == 1);
      return areCategories || areLetters || names.size() > MOST_UNITS;
    }
  }
}
