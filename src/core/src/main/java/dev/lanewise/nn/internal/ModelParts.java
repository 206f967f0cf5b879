package dev.lanewise.nn.internal;

import dev.lanewise.engine.Backpropagation;
import dev.lanewise.engine.NetworkParts;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.SealedNpz;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Division;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Model;
import dev.lanewise.nn.Schema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gives training, checks, and readers and writers of model files access to the parts of a model
 * that are hidden from users. The class {@link Mlp} installs the only instance when it is loaded.
 */
public abstract class ModelParts {
  private static ModelParts installed;

  /** For the class {@link Mlp} alone. */
  protected ModelParts() {}

  /**
   * Sets the instance.
   *
   * @param parts the implementation of {@link Mlp}
   */
  public static void install(ModelParts parts) {
    installed = parts;
  }

  /** {@return the instance, after loading the class {@link Mlp} if necessary} */
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
   * {@return the parameters of a model, W1, b1, W2, b2, ...: the array itself, because a model may
   * be too large to copy}
   *
   * @param model the model
   */
  public abstract float[] parameters(Mlp model);

  /**
   * {@return what the engine takes: the parameters, the layers and the loss}
   *
   * @param model the model
   */
  public abstract NetworkParts parts(Mlp model);

  /**
   * {@return buffers for training a model, or for computing its losses}
   *
   * @param model the model
   * @param maxRows rows of the largest mini-batch
   * @param threads the number of threads
   */
  public final Backpropagation backpropagation(Mlp model, int maxRows, int threads) {
    return new Backpropagation(parts(model), maxRows, threads);
  }

  /**
   * {@return the same model with other parameters}
   *
   * @param model the model
   * @param parameters as many as it has; not copied
   * @throws IllegalArgumentException if the number of parameters is wrong
   */
  public abstract Mlp on(Mlp model, float[] parameters);

  /**
   * {@return a copy with other layers; all other facts of the model stay}
   *
   * @param model the model
   * @param architecture the layers
   * @param parameters of these layers; not copied
   */
  public abstract Mlp with(Mlp model, Architecture architecture, float[] parameters);

  /**
   * {@return a copy with other assumptions about its file}
   *
   * @param model the model
   * @param assumptions replace the old ones
   */
  public abstract Mlp assuming(Mlp model, Set<Assumption> assumptions);

  /**
   * {@return a copy with one more assumption}
   *
   * @param model the model
   * @param assumption is added
   */
  public abstract Mlp and(Mlp model, Assumption assumption);

  /** {@return a copy without the facts that a change makes untrue} */
  public abstract Mlp after(Mlp model, Change change);

  /** {@return a copy with another value of a fact; null for none} */
  public abstract <T> Mlp with(Mlp model, Fact<T> fact, T value);

  /** {@return what is known of a table, as the facts of a network that was trained on it} */
  public abstract Map<Fact<Object>, Object> facts(
      Optional<Schema> schema, Optional<Division> division);

  /** {@return the names of the facts that a network carries and that only a model honours} */
  public abstract List<String> needed(Mlp network);

  /**
   * Reads a model from an open .npz file and verifies the file's checksum.
   *
   * @param file the file
   * @return the model
   * @throws IOException if the file cannot be read or is not a model
   */
  public abstract Model read(SealedNpz file) throws IOException;

  /**
   * Writes a model as .npz with further arrays, which readers of models ignore. The checksum of the
   * file covers these arrays, too.
   *
   * @param model a model with finite parameters
   * @param file the file to write
   * @param others further arrays by name
   * @throws IllegalArgumentException if one of the names is reserved for an array of the model
   * @throws IOException if the file cannot be written; an existing file then stays as it was
   */
  public abstract void save(Mlp model, Path file, Map<String, NdArray> others) throws IOException;

  /**
   * Returns arrays with the facts about data, as a model file has them.
   *
   * @param facts the facts
   * @return the arrays by their names in a file
   */
  public abstract Map<String, NdArray> arrays(DataFacts facts) throws IOException;

  /**
   * Reads the facts about data and verifies the checksum of their file.
   *
   * @param file the open file
   * @return the facts
   * @throws IOException if the file is damaged or lacks facts
   */
  public abstract DataFacts dataFacts(SealedNpz file) throws IOException;

  /** {@return what the facts of a model say of themselves} */
  public abstract List<Said> said(Model model);

  /**
   * {@return the content of a model file without the parameters, as the bytes of an .npz file}
   *
   * @param model the model
   */
  public abstract byte[] facts(Model model);

  /**
   * Adds the content that {@link #facts} returned to networks of bare parameters.
   *
   * @param networks one network, or the members of a model of several in their order
   * @param facts the open file
   * @return the new model
   * @throws IOException if the facts cannot be read or do not fit the networks
   */
  public abstract Model withFacts(List<Mlp> networks, SealedNpz facts) throws IOException;
}
