/*
 * For people who change Lanewise. This package may use recipe, and what it may use. Begin with
 * CrossValidation or Search.
 */

/**
 * Choosing between trainings, and what chance has to do with it: cross-validation, the search for
 * options by which a network predicts other rows best, intervals of scores, and comparisons on the
 * same rows.
 *
 * <p>A {@link dev.lanewise.selection.SearchSpace} draws the options of each trial, a {@link
 * dev.lanewise.selection.Search} trains and ranks the trials, and a {@link
 * dev.lanewise.selection.GreedyEnsemble} selects networks whose predictions are averaged. {@link
 * dev.lanewise.selection.Intervals} are those of a model's scores, and {@link
 * dev.lanewise.selection.BestModel} compares several models.
 *
 * <p>Begin with {@link dev.lanewise.selection.CrossValidation} or {@link
 * dev.lanewise.selection.Search}.
 */
package dev.lanewise.selection;
