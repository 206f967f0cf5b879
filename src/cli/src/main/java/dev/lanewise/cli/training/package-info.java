/**
 * Trainings: a new or resumed run with its progress, checkpoints and record, and the trials of a
 * search.
 *
 * <p>This package may use {@code results}, and what it may use. Begin with {@code NewRun}.
 */
package dev.lanewise.cli.training;
