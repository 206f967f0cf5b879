package dev.lanewise.metrics;

/**
 * A named figure about a model, as {@code evaluate} prints it, in text and JSON, and the report.
 *
 * @param name the key for programs, such as {@code subset_accuracy}
 * @param value the value; NaN if it is not defined
 * @param explanation what the value says, as a sentence
 */
public record Figure(String name, double value, String explanation) {}
