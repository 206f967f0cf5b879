package dev.lanewise.table;

import dev.lanewise.nn.Notation;
import java.util.List;

/** Finds the notation in which a column writes its numbers or dates, from all its values. */
final class NotationSearch {
  /** The notation of all texts; null if there is none, or if all are plain numbers or words. */
  Notation notation;

  /**
   * Whether the texts left open if a mark separates thousands or decimals, and the decimal mark of
   * the file decided.
   */
  boolean isAssumed;

  /** Whether all texts are dates in which either number may be the day. */
  boolean isAmbiguousOrder;

  /** The notation of most rows, if nearly all are numbers or dates but in no common notation. */
  Notation nearly;

  /** The first text by code points that is not in the notation {@link #nearly}. */
  String odd;

  /** The number of rows that are in the notation {@link #nearly}. */
  int fitting;

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
    return new NotationSearch();
  }
}
