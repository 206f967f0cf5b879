/**
 * Rows on their way from cells to inputs, and what the files of models and tables keep of a schema.
 * Begin with {@link dev.lanewise.rows.internal.RowEncoder}. The same rules hold as for {@code
 * rows}.
 */
package dev.lanewise.rows.internal;
