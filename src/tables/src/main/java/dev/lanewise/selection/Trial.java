package dev.lanewise.selection;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A training of a {@link Search} with the options that were drawn for it, and its result.
 *
 * @param number which draw of the search space, from 1
 * @param epochs the number of epochs of this training, unless its patience ended it before
 * @param options the drawn values by the names of options of {@link dev.lanewise.recipe.Recipe}, in
 *     their order
 * @param bestEpoch the epoch whose weights the network has; -1 for the weights of the last step
 * @param loss the loss on the validation rows; NaN if the training diverged
 * @param score the accuracy on the validation rows, in regression R2; NaN if the training diverged
 * @param sha256 the digest of the weights; empty if the training diverged, or if the score is of
 *     several networks
 */
public record Trial(
    int number,
    int epochs,
    Map<String, String> options,
    int bestEpoch,
    double loss,
    double score,
    String sha256) {

  /**
   * The order by the result: the smallest validation loss first, and of equal losses the earlier
   * trial. Trials that diverged come last.
   */
  public static final Comparator<Trial> BEST_FIRST =
      Comparator.comparing(Trial::isMeasured, Comparator.reverseOrder())
          .thenComparingDouble(Trial::loss)
          .thenComparingInt(Trial::number);

  /**
   * Copies the options.
   *
   * @param number from 1
   * @param epochs the number of epochs of this training
   * @param options values by names
   * @param bestEpoch from 0, or -1
   * @param loss or NaN
   * @param score or NaN
   * @param sha256 or empty
   */
  public Trial {
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    Objects.requireNonNull(sha256, "sha256");
  }

  /** {@return whether the training gave a finite loss} */
  public boolean isMeasured() {
    return Double.isFinite(loss);
  }
}
