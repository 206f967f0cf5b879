/**
 * What commands find out: scores, intervals, chances, explanations, pictures. Each class computes
 * its values and says them once, as a result.
 *
 * <p>This package may use {@code inputs}, and what this may use. Begin with {@code Scores}.
 */
package dev.lanewise.cli.results;
