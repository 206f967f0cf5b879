/**
 * Rows on their way from cells to inputs, and what the files of models and tables keep of a schema.
 * Begin with {@link dev.lanewise.rows.internal.RowEncoder}. It may use what {@code
 * dev.lanewise.rows} may use.
 */
package dev.lanewise.rows.internal;
