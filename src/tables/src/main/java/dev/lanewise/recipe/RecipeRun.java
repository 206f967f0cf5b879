package dev.lanewise.recipe;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.metrics.internal.HeldOut;
import dev.lanewise.metrics.internal.OutOfFold;
import dev.lanewise.model.Members;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.History;
import dev.lanewise.train.Score;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainerBuilder;
import dev.lanewise.train.TrainingListener;
import dev.lanewise.train.TrainingRun;
import dev.lanewise.train.TrainingRun.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The result of {@link Recipe#fit}.
 *
 * @param model the trained model, of one network or several
 * @param members the run of each network
 * @param validation loss and accuracy out of fold: each network alone is measured on its own fold,
 *     after the epoch that was best for the others. Empty without folds, or if nothing was measured
 */
public record RecipeRun(Model model, List<TrainingRun> members, Optional<Score> validation) {
  /**
   * {@return why the runs ended: diverged or stopped if any did, completed if any ran all epochs,
   * and else stopped early}
   */
  public Outcome outcome() {
    return outcome(members);
  }

  private static Outcome outcome(List<TrainingRun> runs) {
    List<Outcome> all = runs.stream().map(TrainingRun::outcome).toList();
    return Stream.of(Outcome.DIVERGED, Outcome.STOPPED, Outcome.COMPLETED)
        .filter(all::contains)
        .findFirst()
        .orElse(Outcome.STOPPED_EARLY);
  }

  /**
   * {@return the results of each epoch, of several networks their means, see {@link History#of}}
   */
  public History history() {
    return History.of(histories());
  }

  /**
   * {@return the epoch whose weights the only network has; -1 for the last, or several networks}
   */
  public int bestEpoch() {
    return members.size() == 1 ? members.get(0).bestEpoch() : -1;
  }

  /** {@return the history of each network} */
  public List<History> histories() {
    return members.stream().map(TrainingRun::history).toList();
  }

  /** {@return the epoch whose weights each network has; -1 for the last} */
  public List<Integer> bestEpochs() {
    return members.stream().map(TrainingRun::bestEpoch).toList();
  }

  /** Trains the networks of a recipe. */
  static RecipeRun of(
      Recipe recipe,
      Dataset data,
      UnaryOperator<TrainerBuilder> further,
      int threads,
      TrainingListener... listeners) {
    Members members = new Members();
    List<Dataset> rows = new ArrayList<>();
    Recipe fixed = recipe.resolvedFor(recipe.rows(data, 0).train());
    for (int m = 0; m < recipe.members(); m++) {
      Dataset part = recipe.rows(data, m);
      Recipe own = fixed.member(m);
      Mlp initial = own.network(data);
      members.add(trainer(own, part, further, listeners), trainer -> trainer.fit(initial, part));
      rows.add(part);
    }
    RecipeRun run = of(recipe, rows, members.train(threads));
    boolean isMeasured = data.validation().isEmpty() && run.outcome() != Outcome.DIVERGED;
    Optional<Score> score =
        isMeasured
            ? OutOfFold.score(run.model, rows, run.histories(), run.bestEpochs(), threads)
            : Optional.empty();
    return new RecipeRun(run.model, run.members, score);
  }

  /** Returns the trainer of a network for its rows. */
  static Trainer trainer(
      Recipe own,
      Dataset rows,
      UnaryOperator<TrainerBuilder> further,
      TrainingListener... listeners) {
    boolean hasValidation = rows.validation().isPresent();
    TrainerBuilder builder = further.apply(own.trainer(rows.loss(), hasValidation));
    Arrays.stream(listeners).forEach(builder::listener);
    return builder.build();
  }

  /**
   * {@return the model of trained networks and their runs, without a validation} If no run diverged
   * or was stopped, the weights of groups are selected and a temperature is fitted by the
   * validation rows, as the recipe says.
   *
   * @param recipe the recipe of the networks
   * @param rows the rows of each network
   * @param runs one for each network of the recipe
   * @throws IllegalArgumentException if the networks differ in facts about data
   */
  public static RecipeRun of(Recipe recipe, List<Dataset> rows, List<TrainingRun> runs) {
    List<Mlp> networks = runs.stream().map(TrainingRun::model).toList();
    int[] weights = recipe.groupWeights();
    int each = networks.size() / weights.length;
    Loss loss = networks.get(0).loss();
    boolean hasValidation = rows.get(0).validation().isPresent();
    boolean selects = recipe.value("groupWeights", loss, hasValidation).equals("greedy");
    boolean isCalibrated = !recipe.value("temperature", loss, hasValidation).equals("none");
    boolean isWhole = !List.of(Outcome.DIVERGED, Outcome.STOPPED).contains(outcome(runs));
    HeldOut held = null;
    if (isWhole && hasValidation && (selects || isCalibrated)) {
      held = heldOut(recipe, rows, networks, each);
    }
    if (held != null && selects) {
      Arrays.fill(weights, 0);
      int most = HeldOut.furtherSelections(held.rows());
      held.selected(weights.length, most).forEach(g -> weights[g]++);
    }
    int[] all = IntStream.range(0, networks.size()).map(m -> weights[m / each]).toArray();
    Model model = Model.of(networks, all);
    if (held != null && isCalibrated) {
      model = model.withCalibration(held.temperature(weights));
    }
    return new RecipeRun(model, List.copyOf(runs), Optional.empty());
  }

  /** Returns what groups of networks, so many each, predict for their validation rows. */
  private static HeldOut heldOut(Recipe recipe, List<Dataset> rows, List<Mlp> networks, int each) {
    List<List<Mlp>> groups = new ArrayList<>();
    for (int first = 0; first < networks.size(); first += each) {
      groups.add(networks.subList(first, first + each));
    }
    Map<Integer, Rows> splits = new HashMap<>(); // by folds
    List<Rows> own = new ArrayList<>();
    for (int m = 0; m < each; m++) {
      Rows validation = rows.get(m).validation().orElseThrow();
      own.add(splits.computeIfAbsent(recipe.fold(m), fold -> validation));
    }
    return HeldOut.of(groups, own);
  }
}
