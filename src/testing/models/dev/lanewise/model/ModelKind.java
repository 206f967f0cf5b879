package dev.lanewise.model;

import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.ClassWeighting;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.MlpState;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The kinds of models, for tests that all of them must pass. */
public enum ModelKind {
  /** One network. */
  ONE,
  /** One network that also sees bins. */
  BINS,
  /** Several networks. */
  SEVERAL,
  /** Several networks, of which one sees bins. */
  MIXED,
  /** One network whose probabilities are calibrated, if it has any. */
  CALIBRATED,
  /** Several networks, of which one sees bins, whose averaged probabilities are calibrated. */
  CALIBRATED_MIXED,
  /** One network with a threshold or costs, if it has classes. */
  RULED,
  /** Several networks with a calibration and a threshold or costs. */
  RULED_MIXED,
  /** One network that was trained with weights of classes, if it has any. */
  WEIGHTED,
  /** Several networks with weights of classes, whose probabilities are calibrated without them. */
  WEIGHTED_MIXED,
  /** Several networks with unequal weights in the average. */
  UNEQUAL,
  /** Several networks with such weights, of which one sees bins, with a calibration. */
  UNEQUAL_MIXED;

  /** Returns any kind. */
  public static ModelKind any(Random random) {
    return values()[random.nextInt(values().length)];
  }

  /** Returns a model of this kind with the facts of a network and random weights. */
  public Model of(Mlp network, long seed) {
    Random random = new Random(seed);
    return switch (this) {
      case ONE -> Model.of(network);
      case BINS -> Model.of(binned(network, random));
      case SEVERAL -> Model.of(List.of(network, other(network, 3, random)));
      case MIXED -> Model.of(List.of(other(network, 4, random), binned(network, random), network));
      case CALIBRATED -> calibrated(Model.of(network), random);
      case CALIBRATED_MIXED -> calibrated(MIXED.of(network, seed), random);
      case RULED -> ruled(Model.of(network), random);
      case RULED_MIXED -> ruled(CALIBRATED_MIXED.of(network, seed), random);
      case WEIGHTED -> weighted(Model.of(network), random);
      case WEIGHTED_MIXED -> calibrated(weighted(MIXED.of(network, seed), random), random);
      case UNEQUAL -> unequal(SEVERAL.of(network, seed), random);
      case UNEQUAL_MIXED -> calibrated(unequal(MIXED.of(network, seed), random), random);
    };
  }

  /** Returns a model of this kind with the facts of a model of one network. */
  public Model of(Model model, long seed) {
    return of(model.members().get(0), seed);
  }

  private static Model ruled(Model model, Random random) {
    int classes = model.outputs();
    if (!model.loss().task().hasClasses() || classes == 1) {
      return model;
    } else if (classes == 2 && random.nextBoolean()) {
      double threshold = random.nextDouble();
      return model.withRule(Optional.of(DecisionRule.threshold(random.nextInt(2), threshold)));
    }
    double[][] costs = new double[classes][];
    Arrays.setAll(costs, t -> random.doubles(classes, 0, 9).toArray());
    for (int t = 0; t < classes; t++) {
      costs[t][t] = 0;
    }
    return model.withRule(Optional.of(DecisionRule.costs(costs)));
  }

  private static Model unequal(Model model, Random random) {
    int[] weights = random.ints(model.members().size(), 1, 6).toArray();
    weights[0] += weights[1];
    return Model.of(model.members(), weights);
  }

  private static Model weighted(Model model, Random random) {
    double smoothing = random.nextBoolean() ? 0 : 0.1;
    double[] weights = random.doubles(model.outputs(), 0.2, 4).toArray();
    return model.loss().task().hasClasses()
        ? model.withWeighting(Optional.of(ClassWeighting.of(smoothing, weights)))
        : model;
  }

  private static Model calibrated(Model model, Random random) {
    double[] slopes = random.doubles(model.outputs(), 0.3, 2).toArray();
    double[] intercepts = random.doubles(model.outputs(), -1, 1).toArray();
    return model.loss().task().hasNumbers()
        ? model
        : model.withCalibration(
            Optional.of(
                model.loss().task().hasClasses()
                    ? model.outputs() == 2 && intercepts[0] > 0
                        ? Calibration.biased(slopes[0], intercepts[1])
                        : Calibration.temperature(slopes[0])
                    : Calibration.platt(slopes, intercepts)));
  }

  private static Mlp other(Mlp network, int hidden, Random random) {
    Architecture layers =
        Architecture.relu(
            network.architecture().inputs(), List.of(hidden), network.architecture().outputs());
    return with(network, layers, random);
  }

  private static Mlp with(Mlp network, Architecture layers, Random random) {
    float[] all = Mlp.initial(layers, Initializer.HE, random.nextLong()).parameters();
    return MlpState.of(network).with(layers, all);
  }

  /** Returns a network of the same facts that sees bins of about two thirds of the features. */
  private static Mlp binned(Mlp network, Random random) {
    double[][] edges = new double[network.inputs()][0];
    for (int j = 0; j < edges.length; j++) {
      if (j % 3 != 1) {
        double[] drawn = random.doubles(2 + random.nextInt(4), -2, 2).distinct().toArray();
        Arrays.sort(drawn);
        edges[j] = drawn;
      }
    }
    Bins bins = new Bins(edges);
    Architecture a = network.architecture();
    a = new Architecture(edges.length + bins.count(), a.hidden(), a.outputs(), a.activations());
    MlpState wide = MlpState.of(with(network, a, random));
    return wide.with(BinInputs.with(bins, wide.facts(), null)).mlp();
  }
}
