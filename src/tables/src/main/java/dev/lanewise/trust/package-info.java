/**
 * What lets people trust a prediction, or warns them not to: why a row got its answer.
 *
 * <p>An {@link dev.lanewise.trust.Explainer} says how much each column of a table contributes to a
 * prediction, by integrated gradients ({@code IntegratedGradients}, on {@code PathNetwork}) or by
 * Shapley values ({@code ShapleyValues}).
 *
 * <p>This package may use {@code table}, and what it may use. Begin with {@link
 * dev.lanewise.trust.Explainer}.
 */
package dev.lanewise.trust;
