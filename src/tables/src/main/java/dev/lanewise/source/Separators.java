package dev.lanewise.source;

import java.util.Arrays;

/** Detects the separator of a table from its first records. */
final class Separators {
  /** The candidates in the order of trial; commas are last, as they also occur in text. */
  static final String CANDIDATES = "\t;|,";

  /** In most files, the first buffer contains more records than this. */
  private static final int MAX_RECORDS = 100;

  /** With fewer records, a character in the header could be mistaken for the separator. */
  private static final int MIN_RECORDS = 2;

  // separators in each record
  private final int[][] counts = new int[CANDIDATES.length()][MAX_RECORDS];
  private final int[] sure = new int[CANDIDATES.length()]; // unambiguous occurrences in all records
  private boolean besideQuotes; // true if a comma stands next to a quote
  private int records;

  private Separators() {}

  /**
   * Detects the separator.
   *
   * @param bytes contains the beginning of the table in [from, to)
   * @param isAll true if the table ends there
   * @param decimal the decimal mark; a decimal comma is not a separator unless a comma stands next
   *     to a quote, as numbers may then be in quotes
   * @return the separator, or 0 if more bytes are needed
   */
  static char find(byte[] bytes, int from, int to, boolean isAll, char decimal) {
    Separators found = new Separators();
    found.count(bytes, from, to, isAll);
    return !isAll && found.records < MIN_RECORDS ? 0 : found.best(decimal);
  }

  /** Counts the candidates outside quotes in each complete record. */
  private void count(byte[] bytes, int from, int to, boolean isAll) {
    int[] now = new int[counts.length];
    int[] surely = new int[counts.length];
    boolean isQuoted = false;
    boolean isEmpty = true;
    for (int i = from; i < to && records < MAX_RECORDS; i++) {
      byte c = bytes[i];
      if (c == '"') {
        isQuoted = !isQuoted; // a doubled quote changes it twice
        isEmpty = false;
      } else if (!isQuoted && (c == '\n' || c == '\r')) {
        if (!isEmpty) {
          add(now, surely);
        }
        Arrays.fill(now, 0);
        Arrays.fill(surely, 0);
        isEmpty = true;
      } else if (!isQuoted) {
        int candidate = CANDIDATES.indexOf(c);
        if (candidate >= 0) {
          now[candidate]++;
          surely[candidate] += isSure(bytes, i, from, to) ? 1 : 0;
        }
        isEmpty &= c == ' ' || c == '\t';
      }
    }
    if (isAll && !isEmpty && records < MAX_RECORDS) { // the last line may lack its end
      add(now, surely);
    }
  }

  /** Returns false for a comma that could also be part of a text or a number. */
  private boolean isSure(byte[] bytes, int i, int from, int to) {
    byte before = i > from ? bytes[i - 1] : 0;
    byte behind = i + 1 < to ? bytes[i + 1] : 0;
    boolean comma = bytes[i] == ',';
    besideQuotes |= comma && (before == '"' || behind == '"');
    return !comma || behind != ' ' && !(isDigit(before) && isDigit(behind));
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  private void add(int[] now, int[] surely) {
    for (int k = 0; k < now.length; k++) {
      counts[k][records] = now[k];
      sure[k] += surely[k];
    }
    records++;
  }

  private char best(char decimal) {
    char best = decimal == ',' ? ';' : ',';
    int most = 0;
    int surest = 0;
    for (int k = 0; k < counts.length; k++) {
      char candidate = CANDIDATES.charAt(k);
      int agreeing = candidate == decimal && !besideQuotes ? 0 : agreeing(counts[k]);
      // A semicolon or bar may be part of names if others occur more often; a tab rarely is.
      boolean likelier = agreeing == most && best != '\t' && sure[k] > surest;
      if (agreeing > 0 && (agreeing > most || likelier)) {
        best = candidate;
        most = agreeing;
        surest = sure[k];
      }
    }
    return best;
  }

  /**
   * Returns the largest number of records that have the same number of separators, at least one.
   */
  private int agreeing(int[] count) {
    int most = 0;
    for (int i = 0; i < records; i++) {
      int equal = 0;
      for (int j = 0; j < records && count[i] > 0; j++) {
        equal += count[j] == count[i] ? 1 : 0;
      }
      most = Math.max(most, equal);
    }
    return most;
  }
}
