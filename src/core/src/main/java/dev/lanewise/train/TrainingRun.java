package dev.lanewise.train;

import dev.lanewise.nn.Mlp;

/**
 * The result of {@link Trainer#fit}.
 *
 * @param model the trained network, with the data's scaling, class names and input shape
 * @param history the results of each finished epoch
 * @param outcome the reason why the run ended
 * @param threads the number of threads in most steps, see {@link TrainerBuilder#threads}
 * @param bestEpoch the epoch whose weights the model has, or -1 if it has the weights of the last
 *     step
 */
public record TrainingRun(Mlp model, History history, Outcome outcome, int threads, int bestEpoch) {
  /** The reason why a training run ended. */
  public enum Outcome {
    /** All epochs were run. */
    COMPLETED,
    /** The patience ended without improvement; the model is that of the best epoch. */
    STOPPED_EARLY,
    /**
     * A listener or an interrupt of the thread stopped the run. The model is that of the best epoch
     * if {@link TrainerBuilder#best} or a patience keeps one, and else that of the last step.
     */
    STOPPED,
    /** A loss or a weight is not finite, and the model is not usable. */
    DIVERGED
  }
}
