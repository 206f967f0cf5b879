/**
 * Tables of words and numbers, and other files of rows: read, inferred, divided and encoded as the
 * features of a data set. Begin with {@link dev.lanewise.table.Table} and {@link
 * dev.lanewise.table.Datasets}.
 */
package dev.lanewise.table;
