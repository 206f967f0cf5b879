package dev.lanewise.table.internal;

import dev.lanewise.rows.Notation;
import dev.lanewise.rows.internal.Cell;
import java.util.Collection;
import java.util.TreeMap;

/**
 * The century of the two-digit years in a column of dates, found from all its values.
 *
 * <p>A date is taken as the latest one that is not after the newest date of the file whose year has
 * four digits, as no birth can be. That is certain if three conditions hold. The next century
 * begins more than three years after that newest date, as payments that are due begin earlier. The
 * years of the column leave out no period elsewhere that is more than twice as long, as payments on
 * both sides of the newest date do. And some year is 1969 or later, as otherwise all dates may just
 * as well be to come. Without such a newest date, the century begins after the longest period that
 * the years leave out, which is certain if it begins in 1969 or later.
 *
 * @param firstYear the first of the 100 years that two digits mean, which divides the period that
 *     the column leaves out
 * @param isCertain whether the values decide it
 * @param earliest the first year with a date if the dates are in the past
 * @param example a text with that year
 */
public record Century(int firstYear, boolean isCertain, int earliest, String example) {
  /** The first of the 100 years in POSIX. */
  public static final int POSIX = 1969;

  private static final int YEARS = 100;

  /** Number of years after the newest date that a model may still meet. */
  private static final int MARGIN = 3;

  /**
   * {@return the century of a column}
   *
   * @param notation the notation of dates with two-digit years
   * @param texts all texts of the column, each in the notation
   * @param newest the newest day of the file with four digits, such as 2024-05-31; empty if there
   *     is none, which leaves the century of years below 69 open
   */
  public static Century of(Notation notation, Collection<String> texts, String newest) {
    boolean isKnown = !newest.isEmpty();
    String latest = isKnown ? newest : "1999-12-31";
    int last = Integer.parseInt(latest.substring(0, 4));
    TreeMap<Integer, String> examples = new TreeMap<>();
    for (String text : texts) {
      String date = Cell.read(notation, text).string();
      int year = last - Math.floorMod(last - Integer.parseInt(date.substring(0, 4)), YEARS);
      boolean isLater = (year + date.substring(4, 10)).compareTo(latest) > 0;
      examples.putIfAbsent(isLater ? year - YEARS : year, text);
    }
    int before = examples.firstKey();
    int left = before + YEARS - examples.lastKey(); // until the first date of the next century
    int widest = left; // number of years from one date to the next
    int after = before; // the first year after those
    for (int year : examples.keySet()) {
      after = year - before > widest ? year : after;
      widest = Math.max(widest, year - before);
      before = year;
    }
    if (!isKnown) {
      return new Century(after - (widest + 1) / 2, after >= POSIX, after, examples.get(after));
    }
    int end = Math.max(last + MARGIN, before + left / 2);
    boolean isApart = examples.firstKey() + YEARS > last + MARGIN && 2 * left >= widest;
    int first = after > POSIX && widest > left ? after - YEARS : after;
    return new Century(end + 1 - YEARS, isApart && before >= POSIX, first, examples.get(after));
  }

  /** {@return a first year with which the example is a century later} */
  public int later() {
    return earliest < POSIX ? POSIX : earliest + 1;
  }
}
