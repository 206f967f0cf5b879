package dev.lanewise.trust;

import dev.lanewise.metrics.Evaluation;
import dev.lanewise.model.Calibration;
import java.util.Optional;

/**
 * A calibration of a model, and what it gains on rows that it was not fitted to.
 *
 * @param calibration fitted to all rows; empty if nothing was gained
 * @param before the rows as the model predicts them, with the calibration that it has
 * @param heldOut the same rows by folds: the probabilities of each by the calibration that was
 *     fitted to the rows of the other folds; also if nothing was gained
 */
public record CalibrationFit(
    Optional<Calibration> calibration, Evaluation before, Evaluation heldOut) {}
