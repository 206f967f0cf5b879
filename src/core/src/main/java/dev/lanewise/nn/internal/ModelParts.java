package dev.lanewise.nn.internal;

import dev.lanewise.format.SealedNpz;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.util.Set;

/**
 * How readers and writers of model files reach the parts of a model that users do not see. The
 * class {@link Mlp} installs the one instance when it is loaded, so whoever has a model may ask.
 */
public abstract class ModelParts {
  private static ModelParts installed;

  /** For the class of models alone. */
  protected ModelParts() {}

  /**
   * Sets the instance.
   *
   * @param parts what the class of models implements
   */
  public static void install(ModelParts parts) {
    installed = parts;
  }

  /**
   * Returns the instance, and loads the class of models if nobody has done so.
   *
   * @return what gives access to every model
   */
  public static ModelParts access() {
    if (installed == null) {
      try {
        Class.forName(Mlp.class.getName());
      } catch (ClassNotFoundException e) {
        throw new AssertionError(e);
      }
    }
    return installed;
  }

  /**
   * Returns a copy with other layers; all else that is known of the model stays.
   *
   * @param model the model
   * @param architecture the layers
   * @param parameters as many as the layers have; not copied
   * @return the new model
   */
  public abstract Mlp with(Mlp model, Architecture architecture, float[] parameters);

  /**
   * Returns a copy that says what was assumed of its file.
   *
   * @param model the model
   * @param assumptions replace all others
   * @return the new model
   */
  public abstract Mlp assuming(Mlp model, Set<Assumption> assumptions);

  /**
   * Returns a copy with one more assumption.
   *
   * @param model the model
   * @param assumption is added
   * @return the new model
   */
  public abstract Mlp and(Mlp model, Assumption assumption);

  /**
   * Returns all that a model file holds but the parameters.
   *
   * @param model the model
   * @return the bytes of an .npz file
   */
  public abstract byte[] facts(Mlp model);

  /**
   * Adds what {@link #facts} returned to a model of bare parameters.
   *
   * @param model the model
   * @param facts the open file
   * @return the new model
   * @throws IOException if the facts cannot be read or do not fit the model
   */
  public abstract Mlp withFacts(Mlp model, SealedNpz facts) throws IOException;
}
