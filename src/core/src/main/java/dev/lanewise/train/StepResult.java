package dev.lanewise.train;

/**
 * The results of one step of training on its mini-batch, before the update.
 *
 * @param epoch the epoch, from 0
 * @param step the step within the epoch, from 0
 * @param steps steps per epoch
 * @param loss mean loss of the mini-batch
 * @param score share of its rows whose class had the largest logit; for regression R2
 */
public record StepResult(int epoch, long step, long steps, double loss, double score) {}
