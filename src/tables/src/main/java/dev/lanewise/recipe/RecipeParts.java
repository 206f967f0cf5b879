package dev.lanewise.recipe;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.metrics.EpochMetric;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.Optimizer;
import dev.lanewise.train.Schedule;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainerBuilder;
import dev.lanewise.train.WeightDecay;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Makes the network and the trainer that the options of a recipe describe. */
final class RecipeParts {
  private static final int MOST_MEMBERS = 100;
  private static final int MOST_BINS = 1000;

  private final Recipe recipe; // or its options, all of which are set

  RecipeParts(Recipe recipe) {
    this.recipe = recipe;
  }

  List<Integer> hiddenSizes() {
    String text = recipe.usual("hidden");
    List<Integer> sizes =
        text.equals("none")
            ? List.of()
            : Arrays.stream(text.split(",", -1)).map(Recipe::wholeNumber).toList();
    if (sizes.stream().anyMatch(size -> size < 1)) {
      throw ArgumentException.of(
          "hidden", text, "sizes from 1 such as 16,80 (without spaces), or none");
    }
    return sizes;
  }

  private List<Activation> activations(int layers) {
    List<Activation> all =
        Arrays.stream(recipe.usual("activation").split(",", -1))
            .map(String::strip)
            .map(Activation::of)
            .toList();
    return all.size() == 1 ? Collections.nCopies(layers, all.get(0)) : all;
  }

  /** Refuses numbers of members and bins that are out of range, and wrong layers. */
  void check() {
    hiddenSizes();
    activations(1);
    check("members", recipe.members(), 1, MOST_MEMBERS);
    check("binnedMembers", recipe.binnedMembers(), 0, recipe.members());
    check("bins", recipe.whole("bins"), 0, MOST_BINS);
  }

  private void check(String option, int value, int least, int most) {
    String expected = "a whole number from %s to %s".formatted(least, most);
    RecipeOption.require(value >= least && value <= most, option, recipe.usual(option), expected);
  }

  Mlp network(int inputs, int outputs, Loss loss) {
    Objects.requireNonNull(loss, "loss");
    List<Integer> sizes = hiddenSizes();
    Architecture layers = new Architecture(inputs, sizes, outputs, activations(sizes.size()));
    return Mlp.initial(layers, Initializer.of(recipe.usual("init")), recipe.seed()).withLoss(loss);
  }

  /** Returns the builder of a recipe in which all options are set. */
  TrainerBuilder builder() {
    double decay = recipe.number("weightDecay");
    TrainerBuilder builder = Trainer.builder();
    if (recipe.uses("dropoutSchedule") && recipe.uses("dropoutEpochs")) {
      builder.flatCosineDropout(recipe.whole("dropoutEpochs"));
    }
    return builder
        .seed(recipe.seed())
        .epochs(recipe.whole("epochs"))
        .batchSize(recipe.whole("batchSize"))
        .dropShortBatch(recipe.usual("dropShortBatch").equals("true"))
        .optimizer(optimizer())
        .weightDecay(
            recipe.usual(RecipeOption.OPTIMIZER).equals(RecipeOption.ADAM_W)
                ? WeightDecay.decoupled(decay)
                : WeightDecay.l2(decay))
        .learningRate(recipe.number("learningRate"))
        .schedule(schedule().withWarmup(recipe.whole("warmup")))
        .biasRate(recipe.number("biasRate"))
        .inputRate(recipe.number("inputRate"))
        .ratesByInputs(recipe.usual("ratesByInputs").equals("true"))
        .dropout(recipe.number("dropout"))
        .labelSmoothing(recipe.number("labelSmoothing"))
        .clipNorm(recipe.number("clipNorm"))
        .patience(recipe.whole("patience"))
        .best(EpochMetric.best(recipe.usual("best")));
  }

  /** Returns the options of a member, from 0: those that were changed, and its own. */
  Map<String, String> ofMember(int member, Map<String, String> changed) {
    Map<String, String> values = new LinkedHashMap<>(changed);
    values.put("members", "1");
    values.put("binnedMembers", "0");
    if (member > 0) {
      long own =
          CounterRandom.bits(CounterRandom.key(recipe.seed(), CounterRandom.MEMBER, member), 0);
      values.put("seed", Long.toString(own));
    }
    if (member >= recipe.members() - recipe.binnedMembers()) {
      values.putIfAbsent("bins", "16");
      if (!values.containsKey("dropout")) {
        values.put("dropout", "0.15");
        values.putIfAbsent("dropoutSchedule", "flat-cosine");
        if (values.containsKey("scheduleEpochs")) { // as for a run that resumed with more epochs
          int epochs = recipe.whole("scheduleEpochs") + recipe.whole("warmup");
          values.putIfAbsent("dropoutEpochs", Integer.toString(epochs));
        }
      }
    }
    return values;
  }

  private Optimizer optimizer() {
    String rule = recipe.usual(RecipeOption.OPTIMIZER);
    return switch (rule) {
      case "sgd" -> Optimizer.sgd();
      case "momentum" -> Optimizer.momentum(recipe.number("momentum"));
      case "nesterov" -> Optimizer.nesterov(recipe.number("momentum"));
      case "rmsprop" -> Optimizer.rmsProp(recipe.number("beta2"), recipe.number("epsilon"));
      case "adam", RecipeOption.ADAM_W -> // weight decay tells them apart
          Optimizer.adam(recipe.number("beta1"), recipe.number("beta2"), recipe.number("epsilon"));
      default -> throw new IllegalStateException("optimizer " + rule);
    };
  }

  private Schedule schedule() {
    int epochs = recipe.whole("scheduleEpochs");
    double factor = recipe.number("scheduleFactor");
    double minimum = recipe.number("scheduleMinimum");
    String kind = recipe.usual(RecipeOption.SCHEDULE);
    return switch (kind) {
      case "constant" -> Schedule.constant();
      case "step" -> Schedule.step(epochs, factor);
      case "exponential" -> Schedule.exponential(factor);
      case "inverse" -> Schedule.inverse(recipe.number("scheduleDecay"));
      case "cosine" -> Schedule.cosine(epochs, minimum);
      case "cosine-log" -> Schedule.cosineLog(epochs);
      case "plateau" -> Schedule.plateau(epochs, factor, minimum);
      default -> throw new IllegalStateException("schedule " + kind);
    };
  }
}
