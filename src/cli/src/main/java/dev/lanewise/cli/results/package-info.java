/**
 * What commands find out: scores, intervals, chances, explanations, pictures. Each class computes
 * its values and says them once, as a result.
 *
 * <p>This package may use {@code inputs} and every package that {@code inputs} may use. Begin with
 * {@code Scores}.
 */
package dev.lanewise.cli.results;
