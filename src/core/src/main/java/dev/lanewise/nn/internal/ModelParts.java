package dev.lanewise.nn.internal;

import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.engine.internal.NetworkParts;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.kernel.gemm.PackedMatrix;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictions;
import dev.lanewise.nn.Predictive;
import dev.lanewise.nn.Predictor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

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
   * @param parameters the parameters of these layers; not copied
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

  /** {@return the facts of a network, or those that all networks of a model have} */
  public abstract Facts facts(Predictive model);

  /** {@return the weights in the layout of the kernels, which all predictors share} */
  public abstract PackedMatrix[] packed(Mlp model);

  /** {@return the names of the facts that a network carries and that only a model honours} */
  public abstract List<String> needed(Mlp network);

  /**
   * Reads a model from an open .npz file and verifies the file's checksum.
   *
   * @param file the file
   * @param networks networks that replace the networks of the file, if there are any
   * @param facts those of models that are known; null: as {@link OtherModels} knows them, or arrays
   * @return what the file has
   * @throws IOException if the file cannot be read or is not a model
   */
  public abstract StoredModel read(SealedNpz file, List<Mlp> networks, List<Fact<?>> facts)
      throws IOException;

  /** {@return the arrays of a model; its parameters are not copied} */
  public abstract Map<String, NdArray> arrays(List<Mlp> networks, Facts facts);

  /** {@return the arrays of a model but the parameters} */
  public abstract Map<String, NdArray> withoutParameters(List<Mlp> networks, Facts facts);

  /** Refuses parameters that are not finite, as no file could be read with them. */
  public abstract void requireFinite(List<Mlp> networks, Object file);

  /** {@return the facts of a model as its {@code toString} shows them} */
  public abstract String shown(Predictive model, Message columns);

  /**
   * {@return a predictor whose results are computed by a pass}
   *
   * @param facts those of the model
   * @param pass makes the pass for a number of rows
   * @param maxRows the largest number of rows predicted at once
   */
  public abstract Predictor predictor(Facts facts, IntFunction<RowPass> pass, int maxRows);

  /** Refuses a second thread in a predictor until {@link #end}. */
  public abstract void begin(Predictor predictor);

  /** Ends the use of a predictor. */
  public abstract void end(Predictor predictor);

  /** Predicts one scaled row to floats or, if these are null, doubles, between begin and end. */
  public abstract void run(Predictor predictor, float[] row, float[] floats, double[] doubles);

  /** {@return the predictions for scaled rows, by a predictor that nobody else uses} */
  public abstract Predictions run(Predictor predictor, float[] rows, int count);

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
}
