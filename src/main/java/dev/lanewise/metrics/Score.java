package dev.lanewise.metrics;

/**
 * What can be said of all rows in two numbers: see {@link Evaluation#loss} and {@link
 * Evaluation#accuracy}.
 *
 * @param loss the mean loss
 * @param accuracy the share of the rows that are right, or R2
 */
public record Score(double loss, double accuracy) {}
