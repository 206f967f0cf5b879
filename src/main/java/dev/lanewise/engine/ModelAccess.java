package dev.lanewise.engine;

import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * How the inside of the library reaches the parameters on which a model stands, of which its users
 * get copies: a model may be so large that there is no room for one. The class of models sets this
 * when it is loaded, so whoever has a model may ask.
 *
 * @param <M> the class of models
 */
public final class ModelAccess<M> {
  private static ModelAccess<?> installed;

  private final Class<M> models;
  private final Function<M, float[]> parameters;
  private final BiFunction<M, float[], M> onParameters;

  /**
   * Sets the access.
   *
   * @param <M> the class of models
   * @param models the class of models
   * @param parameters gives the array on which a model stands
   * @param onParameters gives the same model on another array
   */
  public static <M> void install(
      Class<M> models, Function<M, float[]> parameters, BiFunction<M, float[], M> onParameters) {
    installed = new ModelAccess<>(models, parameters, onParameters);
  }

  private ModelAccess(
      Class<M> models, Function<M, float[]> parameters, BiFunction<M, float[], M> onParameters) {
    this.models = models;
    this.parameters = parameters;
    this.onParameters = onParameters;
  }

  /**
   * The array on which a model stands.
   *
   * @param model any model
   * @return its parameters: to be read, or to be changed once nobody uses the model any more
   */
  public static float[] parameters(Object model) {
    return installed.parametersOf(model);
  }

  /**
   * The same model on another array.
   *
   * @param <M> the class of models
   * @param model any model
   * @param parameters as many as it has; not copied
   * @return the model
   */
  @SuppressWarnings("unchecked") // the one class of models
  public static <M> M on(M model, float[] parameters) {
    return ((ModelAccess<M>) installed).onParameters.apply(model, parameters);
  }

  private float[] parametersOf(Object model) {
    return parameters.apply(models.cast(model));
  }
}
