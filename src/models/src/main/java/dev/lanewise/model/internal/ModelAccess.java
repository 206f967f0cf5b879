package dev.lanewise.model.internal;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Fields;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.FurtherInputs;
import dev.lanewise.rows.internal.TableMetadata;
import java.io.IOException;
import java.util.List;

/**
 * Gives readers and writers of model files access to what is hidden from users. The class {@link
 * Model} installs the only instance when it is loaded.
 */
public abstract class ModelAccess {
  private static ModelAccess installed;

  /** For the class {@link Model} alone. */
  protected ModelAccess() {}

  /**
   * Sets the instance.
   *
   * @param access the implementation of {@link Model}
   */
  public static void install(ModelAccess access) {
    installed = access;
  }

  /** {@return the instance, after loading the class {@link Model} if necessary} */
  public static ModelAccess access() {
    if (installed == null) {
      try {
        Class.forName(Model.class.getName());
      } catch (ClassNotFoundException e) {
        throw new AssertionError(e);
      }
    }
    return installed;
  }

  /**
   * Reads a model from an open .npz file and verifies the file's checksum.
   *
   * @param file the file
   * @param networks networks that replace the networks of the file, if there are any
   * @return the model
   * @throws IOException if the file cannot be read or is not a model
   */
  public abstract Model read(SealedNpz file, List<Mlp> networks) throws IOException;

  /**
   * Returns a model with activations that its file does not state.
   *
   * @param model the model as it was read
   * @param file its file, in errors
   * @param given one for all hidden layers, one for each, or none
   * @return the model, the same if none are given
   * @throws IllegalArgumentException if their number is another
   * @throws FormatException if the file states others
   */
  public abstract Model activated(Model model, String file, Activation... given)
      throws FormatException;

  /** {@return what a model knows of the table of its training} */
  public abstract TableMetadata table(Model model);

  /** {@return a model with other lines about the rows to which its facts were fitted} */
  public abstract Model withFitted(Model model, List<String> lines);

  /**
   * {@return the content of a model file without the parameters, as the bytes of an .npz file}
   *
   * @param model the model
   */
  public abstract byte[] facts(Model model);

  /** {@return the bins of a file} */
  public abstract FurtherInputs bins(Fields file) throws IOException;
}
