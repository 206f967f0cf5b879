package dev.lanewise.train;

/**
 * What one step of training gave, on its mini-batch, before the update.
 *
 * @param epoch the epoch, from 0
 * @param step the step within the epoch, from 0
 * @param steps steps an epoch has
 * @param loss mean loss of the mini-batch
 * @param accuracy share of its rows whose class had the largest logit
 */
public record StepResult(int epoch, long step, long steps, double loss, double accuracy) {}
