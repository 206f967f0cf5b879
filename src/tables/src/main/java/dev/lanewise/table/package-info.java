/*
 * For people who change Lanewise. This package may use model and source, and what these may use.
 * Begin with Table and Datasets.
 */

/**
 * Tables of strings and numbers, and other files of rows, such as arrays: they are read, their
 * schema is inferred, their rows are divided, and they are encoded as the features of a data set.
 *
 * <p>The schema is fitted on the training rows alone and becomes part of the model. Columns that
 * cannot be used are named with the reason.
 *
 * <p>Begin with {@link dev.lanewise.table.Table} and {@link dev.lanewise.table.Datasets}.
 */
package dev.lanewise.table;
