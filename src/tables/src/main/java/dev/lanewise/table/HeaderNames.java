package dev.lanewise.table;

import java.util.Set;

/**
 * The facts about the header of a table that a caller knows before reading it.
 *
 * @param known names, at least one of which a header contains; empty if nothing is known
 * @param mayBeNumbers whether a line of only numbers, such as years, may be a header; false if
 *     there is a model, as it would not know these names
 */
record HeaderNames(Set<String> known, boolean mayBeNumbers) {
  /** Nothing is known. */
  static final HeaderNames ANY = new HeaderNames(Set.of(), true);
}
