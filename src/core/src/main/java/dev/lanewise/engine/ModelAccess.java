package dev.lanewise.engine;

import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Gives this module what a model hides from its users: its parameters, of which users get copies (a
 * model may be too large to copy), and its layers and loss as the engine takes them. The class of
 * models installs the access when it is loaded, so whoever has a model may ask.
 */
public final class ModelAccess {
  private static Function<Object, float[]> parameters;
  private static Function<Object, Inside> inside;
  private static BiFunction<Object, float[], Object> onParameters;

  private ModelAccess() {}

  /**
   * The inside of a model.
   *
   * @param parameters W1, b1, W2, b2, ...: the model's own array, to be read, or to be changed once
   *     nobody uses the model any more
   * @param objective the loss
   * @param expansion of features to inputs; null if the features are the inputs
   */
  public record Inside(
      float[] parameters, Network network, Objective objective, Expansion expansion) {}

  /**
   * Sets the access.
   *
   * @param <M> the class of models
   * @param models that class
   * @param parameters returns the array of parameters; called often, so it makes nothing
   * @param inside returns the inside of a model
   * @param onParameters returns the same model with other parameters
   */
  public static <M> void install(
      Class<M> models,
      Function<M, float[]> parameters,
      Function<M, Inside> inside,
      BiFunction<M, float[], M> onParameters) {
    ModelAccess.parameters = model -> parameters.apply(models.cast(model));
    ModelAccess.inside = model -> inside.apply(models.cast(model));
    ModelAccess.onParameters = (model, array) -> onParameters.apply(models.cast(model), array);
  }

  /** {@return the inside of a model: its parameters, layers and loss} */
  public static Inside of(Object model) {
    return inside.apply(model);
  }

  /** {@return the parameters of a model: the array itself, not a copy} */
  public static float[] parameters(Object model) {
    return parameters.apply(model);
  }

  /**
   * Returns the same model with other parameters.
   *
   * @param <M> the class of models
   * @param parameters as many as it has; not copied
   */
  @SuppressWarnings("unchecked") // there is one class of models
  public static <M> M on(M model, float[] parameters) {
    return (M) onParameters.apply(model, parameters);
  }
}
