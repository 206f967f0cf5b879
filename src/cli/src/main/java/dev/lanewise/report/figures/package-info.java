/**
 * Figures of a report that an evaluation does not have: results without the network, the importance
 * of inputs, what an input predicts alone, the activity of units.
 *
 * <p>This package may use no other package of the reports. Begin with {@code
 * PermutationImportance}.
 */
package dev.lanewise.report.figures;
