/**
 * Predictions with all that belongs to them, as columns: class, probabilities, sets, intervals,
 * notes. CSV, JSON and arrays write the same columns.
 *
 * <p>This package may use {@code http} and {@code results}, and what these may use. Begin with
 * {@code Answer}.
 */
package dev.lanewise.cli.answers;
