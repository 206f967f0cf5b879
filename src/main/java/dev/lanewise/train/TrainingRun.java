package dev.lanewise.train;

import dev.lanewise.nn.Mlp;

/**
 * What {@link Trainer#fit} returns.
 *
 * @param model the trained network, with the data's scaling, class names and input shape
 * @param history the values of each epoch that was finished
 * @param outcome how the run ended
 * @param threads how many threads shared a step, in most steps of this run; see {@link
 *     TrainerBuilder#threads}
 * @param bestEpoch the epoch whose weights the model has, if the best is kept; -1 for those of the
 *     last step
 */
public record TrainingRun(Mlp model, History history, Outcome outcome, int threads, int bestEpoch) {
  /** How a training run ended. */
  public enum Outcome {
    /** All epochs were run. */
    COMPLETED,
    /**
     * The validation loss had not improved for as many epochs as the patience allows. The model is
     * that of the best epoch, as in every run with a patience or {@link TrainerBuilder#best} that
     * had one.
     */
    STOPPED_EARLY,
    /**
     * A listener or an interrupt of the thread stopped it; the model is that of the last step
     * unless the best is kept.
     */
    STOPPED,
    /**
     * The loss or a weight was no longer finite, or the last weights give no finite loss; the model
     * is not usable.
     */
    DIVERGED
  }
}
