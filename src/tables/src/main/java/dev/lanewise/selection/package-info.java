/**
 * Choosing between trainings: cross-validation, and the search for options by which a network
 * predicts other rows best.
 *
 * <p>A {@link dev.lanewise.selection.SearchSpace} draws the options of each trial, a {@link
 * dev.lanewise.selection.Search} trains and ranks the trials, and a {@link
 * dev.lanewise.selection.GreedyEnsemble} selects networks whose predictions are averaged.
 *
 * <p>This package may use {@code table} and {@code train}, and what these may use. Begin with
 * {@link dev.lanewise.selection.CrossValidation} or {@link dev.lanewise.selection.Search}.
 */
package dev.lanewise.selection;
