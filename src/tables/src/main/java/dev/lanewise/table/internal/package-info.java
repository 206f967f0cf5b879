/**
 * What the package {@code table} is built on and what knows no tables: rows of arrays in memory and
 * in files, rows that are encoded in a file, the rule by which rows are divided, how often rows are
 * equal by chance, and sorting.
 */
package dev.lanewise.table.internal;
