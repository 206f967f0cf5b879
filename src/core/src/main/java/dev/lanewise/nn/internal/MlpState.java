package dev.lanewise.nn.internal;

import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.engine.internal.NetworkView;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.kernel.gemm.PackedMatrix;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.PredictiveModel;
import dev.lanewise.nn.Scaling;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * All that a network is, for training, checks, and readers and writers of files. Its methods return
 * copies that share the parameters.
 *
 * @param facts all but the parameters, with the layers
 * @param parameters W1 [in][out], b1 [out], W2, b2, ...: the array itself, because a model may be
 *     too large to copy
 * @param assumed what a reader of a file assumed
 */
public record MlpState(NetworkMetadata facts, float[] parameters, Set<Assumption> assumed) {
  public static final Hook<Mlp, MlpState> HOOK = new Hook<>(Mlp.class);

  /** What the engine takes: the parameters, the layers and the loss. */
  public static final Hook<Mlp, NetworkView> ENGINE = new Hook<>(Mlp.class);

  /** The weights in the layout of the kernels, which all predictors share. */
  public static final Hook<Mlp, PackedMatrix[]> PACKED = new Hook<>(Mlp.class);

  /** {@return the state of a network} */
  public static MlpState of(Mlp network) {
    return HOOK.of(network);
  }

  /** {@return the facts of a network, or those that all networks of a model have} */
  public static NetworkMetadata facts(PredictiveModel model) {
    return of(model.members().get(0)).facts;
  }

  /**
   * {@return buffers for training a network, or for computing its losses}
   *
   * @param network the network
   * @param maxRows rows of the largest mini-batch
   * @param threads the number of threads
   */
  public static Backpropagation backpropagation(Mlp network, int maxRows, int threads) {
    return new Backpropagation(ENGINE.of(network), maxRows, threads);
  }

  /** {@return a network with this state} */
  public Mlp mlp() {
    return HOOK.make(this);
  }

  /** {@return this state with other facts, without assumptions about what is known now} */
  public MlpState with(NetworkMetadata changed, Assumption... known) {
    Set<Assumption> others = new LinkedHashSet<>(assumed);
    others.removeAll(Arrays.asList(known));
    return new MlpState(changed, parameters, others);
  }

  /** {@return a network with other layers and their parameters, which are not copied} */
  public Mlp with(Architecture layers, float[] others) {
    return new MlpState(facts.on(layers), others, assumed).mlp();
  }

  /**
   * {@return a network with other parameters, which are not copied}
   *
   * @throws IllegalArgumentException if their number is wrong
   */
  public Mlp on(float[] others) {
    Architecture layers = facts.network();
    if (others.length != layers.parameterCount()) {
      throw new ArgumentException(
          "%s parameters: network %s has %s", others.length, layers, layers.parameterCount());
    }
    // New parameters do not come from a file, so the file's checksum no longer applies.
    MlpState other = with(facts.on(layers), Assumption.CHECKSUM, Assumption.TRUST);
    return new MlpState(other.facts, others, other.assumed).mlp();
  }

  /** {@return the network with these assumptions alone} */
  public Mlp assuming(Set<Assumption> assumptions) {
    return new MlpState(facts, parameters, assumptions).mlp();
  }

  /** {@return the network with one more assumption} */
  public Mlp and(Assumption assumption) {
    Set<Assumption> all = new LinkedHashSet<>(assumed);
    all.add(assumption);
    return assuming(all);
  }

  /** {@return the facts that people want to see, with the classes or outputs} */
  public static String shown(PredictiveModel model, Message columns) {
    return Message.of(
            "loss %s, scaling %s, %s parameters%s%s",
            model.loss().label(),
            model.scaling().map(Scaling::name).orElse("not known"),
            model.parameterCount(),
            columns,
            model.classNames().isEmpty()
                ? ""
                : Message.of(", " + model.loss().task().outputs() + " %s", model.classNames()))
        .toString();
  }
}
