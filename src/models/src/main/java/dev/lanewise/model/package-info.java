/*
 * For people who change Lanewise. This package may use rows and train, and what these may use.
 * Begin with Model and TablePredictor. A fact of a model is declared once, in CombinedMetadata or
 * rows.internal.TableMetadata.
 */

/**
 * What a model is beyond one network: several networks that are averaged and trained side by side,
 * bins of features, a calibration, a decision, coverage, the schema of a table, and rows by name.
 *
 * <p>A network of {@code nn} is a part of a model. It refuses a file that says more than a network
 * alone honours; {@link dev.lanewise.model.Model} reads all files.
 *
 * <p>Begin with {@link dev.lanewise.model.Model} and {@link dev.lanewise.model.TablePredictor}.
 */
package dev.lanewise.model;
