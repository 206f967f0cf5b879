/*
 * For people who change Lanewise. This package may use data, and what it may use. Begin with
 * Schema.
 */

/**
 * How the rows of a table become the inputs of a network: the columns and their categories, numbers
 * and dates, the notations of cells, and how rows were divided.
 *
 * <p>What training decided about a table is a value that the model keeps, so that a row is encoded
 * for a prediction exactly as it was for the training.
 *
 * <p>Begin with {@link dev.lanewise.rows.Schema}.
 */
package dev.lanewise.rows;
