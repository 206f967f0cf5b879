/*
 * For people who change Lanewise. This package may use metrics and table, and what these may use.
 * Begin with Explainer, Calibrator or Profile.
 */

/**
 * How far a model can be believed: why a row gets its prediction, how often probabilities come
 * true, and what a model keeps of its training rows.
 *
 * <p>An {@link dev.lanewise.trust.Explainer} says how much each column of a table contributes to a
 * prediction, by integrated gradients, and {@link dev.lanewise.trust.PartialDependence} how the
 * prediction changes with one of them. A {@link dev.lanewise.trust.Calibrator} fits probabilities
 * to how often they come true, which {@link dev.lanewise.trust.Reliability} and {@link
 * dev.lanewise.trust.Brier} measure. {@link dev.lanewise.trust.CoverageScores} makes sets of
 * classes and intervals that contain the truth as often as asked, which {@link
 * dev.lanewise.trust.CoverageResult} measures. A {@link dev.lanewise.trust.Profile} of the training
 * rows is stored in a model as further facts, {@link dev.lanewise.model.Model#withFurtherFacts};
 * with it, {@link dev.lanewise.trust.Drift} tells whether new rows are like them.
 *
 * <p>Begin with {@link dev.lanewise.trust.Explainer}, {@link dev.lanewise.trust.Calibrator} or
 * {@link dev.lanewise.trust.Profile}.
 */
package dev.lanewise.trust;
