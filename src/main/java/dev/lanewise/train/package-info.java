/**
 * Training: the trainer with its options, optimizers, schedules, the history of a run, checkpoints
 * and listeners with what they see of an epoch, and the evaluation of models on whole splits.
 *
 * <p>A {@link dev.lanewise.train.TrainerBuilder} collects options, a {@link
 * dev.lanewise.train.Trainer} begins runs, and {@code TrainingLoop} takes one of them through its
 * epochs. One step has two parts with a barrier between them: each thread takes its rows of the
 * mini-batch through the network and back, and then updates its share of the parameters. Everything
 * that has an order, such as sums of losses and the choice of the best epoch, is done by one thread
 * in that order, so that the result does not depend on the number of threads, and {@code
 * ThreadChoice} may choose it by the clock.
 *
 * <p>The command line, reports and users call this package; it uses {@code metrics}, {@code data}
 * and what is below them. Begin with {@link dev.lanewise.train.Trainer#fit}, then {@code
 * TrainingLoop}.
 */
package dev.lanewise.train;
