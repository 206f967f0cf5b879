/*
 * For people who change Lanewise. This package may use nn, and what it may use. Begin with Dataset
 * and Rows.
 */

/**
 * Data sets: scaled rows with their targets in up to three splits.
 *
 * <p>A loader finds the arrays in a file and their roles; all further steps are the same for every
 * file format. Labels are checked, the scaling is fitted on the training rows alone, and each split
 * is stored as bytes if its features are integers in 0..255 (a quarter of the memory and of the
 * memory traffic), otherwise as scaled floats. The content of a mini-batch depends on the values
 * alone, not on the type, order or compression in which they were stored.
 *
 * <p>Begin with {@link dev.lanewise.data.Dataset} and {@link dev.lanewise.data.Rows}.
 */
package dev.lanewise.data;
