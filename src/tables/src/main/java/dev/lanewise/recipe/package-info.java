/*
 * For people who change Lanewise. This package may use metrics and table, and what these may use.
 * Begin with Recipe#fit.
 */

/**
 * Recipes: a network and its training, described by named options, with presets for tables and
 * pictures.
 *
 * <p>A {@link dev.lanewise.recipe.Recipe} sets its options on a {@link
 * dev.lanewise.train.TrainerBuilder}, draws the networks, and trains them on the rows that {@link
 * dev.lanewise.model.Folds} gives to each. The command line, Spark and the search for options make
 * recipes, so one name of an option and one preset mean the same in all of them.
 *
 * <p>Begin with {@link dev.lanewise.recipe.Recipe#fit}.
 */
package dev.lanewise.recipe;
