package dev.lanewise.spark;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.internal.RowPreparation;
import dev.lanewise.format.internal.Message;
import dev.lanewise.model.Members;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Mlp;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.recipe.RecipeRun;
import dev.lanewise.rows.Schema;
import dev.lanewise.selection.SearchRun;
import dev.lanewise.selection.Trial;
import dev.lanewise.selection.TrialScoring;
import dev.lanewise.selection.ValidationScoring;
import dev.lanewise.train.Checkpoint;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainerBuilder;
import dev.lanewise.train.TrainingRun;
import dev.lanewise.train.TrainingRun.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.TaskContext;

/**
 * The networks of a training and their encoded rows, in the memory of an executor. All tasks of the
 * training that run in the executor share them.
 */
final class Networks {
  private final LanewiseEstimator<?> settings;
  private final Dataset data;
  private final Optional<Schema> schema;
  private final List<Message> notes;
  private final Recipe recipe;
  private final List<Dataset> rows = new ArrayList<>(); // of each network
  private ValidationScoring scoring; // of trials; null before the first

  Networks(
      LanewiseEstimator<?> settings, Dataset data, Optional<Schema> schema, List<Message> notes) {
    this.settings = settings;
    this.data = data;
    this.schema = schema;
    this.notes = notes;
    Recipe own = settings.recipe().withNetworksFor(data);
    for (int m = 0; m < own.members(); m++) {
      rows.add(own.rows(data, m));
    }
    recipe = own.resolvedFor(rows.get(0).train());
  }

  /** Makes the only network of a recipe for rows some of which are in other tasks. */
  Networks(LanewiseEstimator<?> settings, Dataset data, Recipe recipe) {
    this.settings = settings;
    this.data = data;
    this.schema = Optional.empty();
    this.notes = List.of();
    this.recipe = recipe;
    rows.add(data);
  }

  int count() {
    return rows.size();
  }

  /** Returns the messages about the rows, one per line, or null. */
  String notes() {
    List<String> texts = notes.stream().map(Advice::of).toList();
    return texts.isEmpty() ? null : String.join("\n", texts);
  }

  /** Returns the number of multiplications and additions of all epochs of all networks. */
  double work() {
    double work = 0;
    for (int m = 0; m < count(); m++) {
      Recipe own = recipe.member(m);
      int epochs = Integer.parseInt(own.value("epochs", data.loss(), true));
      double parameters = own.network(data).parameters().length;
      work += 6 * parameters * epochs * rows.get(m).train().rows();
    }
    return work;
  }

  /** Returns the scoring of the trials of a search, which all tasks of the executor share. */
  private synchronized ValidationScoring scoring() {
    if (data.loss() != settings.lossOfTraining()) {
      throw new IllegalArgumentException(
          "trials with loss %s on a column of vectors, expected inputCols or loss %s"
              .formatted(settings.lossOfTraining().label(), data.loss().label()));
    }
    if (scoring == null) {
      scoring =
          ValidationScoring.of(
              settings.recipe(), data, trainer -> ending(settings.further(trainer)));
    }
    return scoring;
  }

  /** Trains a trial of a search in this task, on one thread. */
  TrialScoring.Result trial(Recipe trial) {
    Optional<TrialScoring.Result> result = scoring().train(trial);
    TaskContext.get().killTaskIfInterrupted();
    return result.orElseThrow(() -> new IllegalStateException("training was interrupted"));
  }

  /** Makes the model that the search keeps. */
  Model ensemble(Map<Trial, Model> candidates) {
    SearchRun run = new SearchRun(List.of(), Optional.empty(), candidates, false);
    Model model = scoring().model(run, scoring().select(run));
    return schema.map(model::withSchema).orElse(model).withTraining(settings.notes());
  }

  /** Trains all networks in this task, as many at a time as it has threads. */
  Model all() {
    TaskContext context = TaskContext.get();
    Members members = new Members();
    for (int m = 0; m < count(); m++) {
      int member = m;
      members.add(trainer(m, context), own -> own.fit(initial(member), rows.get(member)));
    }
    return model(ended(members.train(settings.threads(context.cpus())), context));
  }

  /** Trains one network in this task. */
  TrainingRun one(int member) {
    TaskContext context = TaskContext.get();
    Trainer trainer = trainer(member, context).with(settings.threads(context.cpus()));
    TrainingRun run = trainer.fit(initial(member), rows.get(member));
    return requireFinite(member, ended(List.of(run), context).get(0));
  }

  /** Refuses options and rows that the training of the only network would refuse. */
  void check() {
    trainer(0, TaskContext.get());
    RowPreparation.agreed(initial(0), rows.get(0));
  }

  /**
   * Trains the only network together with other tasks; only the first task makes a model.
   *
   * @param begun a checkpoint to continue from, or null
   * @param file where the first task keeps checkpoints
   */
  Answer together(ShardPeers peers, Checkpoint begun, ShardFile file) {
    TaskContext context = TaskContext.get();
    boolean isFirst = peers.firstShard() == 0;
    double seconds = isFirst ? file.seconds() : 0;
    Trainer trainer = builder(0, context).listener(peers).checkpointEvery(seconds).build();
    Dataset own = rows.get(0);
    int all = peers.rows() + own.validation().map(Rows::rows).orElse(0);
    try {
      TrainingRun run = begun == null ? trainer.fit(initial(0), own) : trainer.resume(begun, own);
      requireFinite(0, ended(List.of(run), context).get(0));
      if (!isFirst) {
        return new Answer(all, null, null, null, null, 1);
      }
      Model model = model(List.of(run));
      return new Answer(all, model.sha256(), SharedModel.bytes(model), null, null, 1);
    } catch (IllegalArgumentException | IllegalStateException e) {
      String where = begun == null ? "" : file.path() + ": ";
      return Answer.failed(all, where + Advice.of(e));
    }
  }

  private Trainer trainer(int member, TaskContext context) {
    return builder(member, context).build();
  }

  private TrainerBuilder builder(int member, TaskContext context) {
    boolean hasValidation = rows.get(member).validation().isPresent();
    return ending(settings.trainer(recipe.member(member), hasValidation, context.cpus()));
  }

  /** Ends a training with the task of this thread. */
  private static TrainerBuilder ending(TrainerBuilder trainer) {
    TaskContext context = TaskContext.get();
    return trainer.listener(epoch -> !context.isInterrupted());
  }

  private Mlp initial(int member) {
    Model network =
        Model.of(recipe.member(member).network(data)).withLoss(settings.lossOfTraining());
    return schema.map(network::withSchema).orElse(network).members().get(0);
  }

  /** Returns runs that came to an end. */
  private static List<TrainingRun> ended(List<TrainingRun> runs, TaskContext context) {
    context.killTaskIfInterrupted();
    if (runs.stream().anyMatch(run -> run.outcome() == Outcome.STOPPED)
        && runs.stream().noneMatch(run -> run.outcome() == Outcome.DIVERGED)) {
      throw new IllegalStateException("training was interrupted");
    }
    return runs;
  }

  /** Makes the model of all networks, whose runs may come from other tasks. */
  Model model(List<TrainingRun> runs) {
    for (int m = 0; m < runs.size(); m++) {
      requireFinite(m, runs.get(m));
    }
    return RecipeRun.of(recipe, rows, runs).model().withTraining(settings.notes());
  }

  private TrainingRun requireFinite(int member, TrainingRun run) {
    if (run.outcome() == Outcome.DIVERGED) {
      throw new IllegalStateException(
          "%straining diverged in epoch %s, expected finite numbers (a smaller learningRate)"
              .formatted(
                  count() == 1 ? "" : "member %s of %s: ".formatted(member + 1, count()),
                  run.history().epochs()));
    }
    return run;
  }
}
