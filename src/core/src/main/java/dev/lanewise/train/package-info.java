/*
 * For people who change Lanewise. This package may use data, and what it may use. Begin with
 * Trainer#fit and then TrainingLoop.
 */

/**
 * Training: the trainer with its options, optimizers and schedules, the history of a run,
 * checkpoints, listeners, and the loss and accuracy of a network on whole splits.
 *
 * <p>A {@link dev.lanewise.train.TrainerBuilder} collects options, a {@link
 * dev.lanewise.train.Trainer} begins runs. A step has two parts with a barrier between them: each
 * thread passes its rows of the mini-batch forward and backward through the network, and then
 * updates its share of the parameters. One thread does everything whose order matters, such as sums
 * of losses and the choice of the best epoch. So the result does not depend on the number of
 * threads, and the clock may choose it.
 *
 * <p>Begin with {@link dev.lanewise.train.Trainer#fit}.
 */
package dev.lanewise.train;
