package dev.lanewise.table;

import java.util.Set;

/**
 * What a caller knows of the header of a table before it is read.
 *
 * @param known names of which a header has at least one; none if nothing is known
 * @param mayBeNumbers whether a line of numbers alone may name the columns, as years do; where a
 *     model is given, such a line is a row, as the model does not know these names
 */
record HeaderNames(Set<String> known, boolean mayBeNumbers) {
  /** Nothing is known. */
  static final HeaderNames ANY = new HeaderNames(Set.of(), true);
}
