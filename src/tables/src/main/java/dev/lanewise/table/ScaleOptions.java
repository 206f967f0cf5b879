package dev.lanewise.table;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.nn.Loss;
import java.util.Optional;

/** Options for scaling features and targets, and the loss that decides what targets are. */
public final class ScaleOptions extends LoadOptions {
  private static final ScaleOptions DEFAULTS = new ScaleOptions();

  Optional<ScaleChoice> scale = Optional.empty();
  Optional<ScaleChoice> targetScale = Optional.empty();
  Optional<Loss> loss = Optional.empty();

  private ScaleOptions() {}

  /**
   * {@return the default options: scaling and loss of the model if there is one; otherwise
   * automatic scaling, and for tables the loss that the target column determines}
   */
  public static ScaleOptions defaults() {
    return DEFAULTS;
  }

  /**
   * {@return a copy with another scaling of the features}
   *
   * @param choice how to choose the scaling
   */
  public ScaleOptions withScale(ScaleChoice choice) {
    return with(o -> o.scale = Optional.of(given(choice)));
  }

  /**
   * {@return a copy with another scaling of the targets, for regression losses only} By default the
   * targets of tables are standardised, and others are not scaled.
   *
   * @param choice as for {@link Dataset#withTargetScaling}
   */
  public ScaleOptions withTargetScale(ScaleChoice choice) {
    return with(o -> o.targetScale = Optional.of(given(choice)));
  }

  /**
   * {@return a copy with another loss, which determines whether targets are classes or numbers}
   *
   * @param aim the loss
   */
  public ScaleOptions withLoss(Loss aim) {
    return with(o -> o.loss = Optional.of(given(aim)));
  }

  ScaleChoice scale() {
    return scale.orElse(ScaleChoice.auto());
  }

  /** Returns the loss for files of arrays, which do not determine it. */
  Loss lossOfArrays() {
    return loss.orElse(Loss.SOFTMAX);
  }
}
