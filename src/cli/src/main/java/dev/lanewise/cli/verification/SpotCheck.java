package dev.lanewise.cli.verification;

import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.print.Json;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.cli.print.Result;
import dev.lanewise.cli.print.Shown;
import dev.lanewise.cli.print.Words;
import dev.lanewise.cli.runs.FileDigest;
import dev.lanewise.cli.runs.RunFiles;
import dev.lanewise.cli.runs.RunRecord;
import dev.lanewise.cli.training.CheckpointWriter;
import dev.lanewise.cli.training.RecordedStates;
import dev.lanewise.cli.training.Training;
import dev.lanewise.data.Dataset;
import dev.lanewise.nn.Mlp;
import dev.lanewise.recipe.RecipeRun;
import dev.lanewise.train.Checkpoint;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainingRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Repeats some links of a run: the epochs from one kept state to the next, or to the end. Each
 * begins from its state, which must have the recorded digest, and must reach the recorded digest
 * after every epoch. So a run that is falsified in one link is found if that link is among the
 * repeated ones.
 *
 * <p>The first and the last link of each network are always repeated. The first shows that the run
 * began with the initial weights of its seed, the last that it ended with its model. The others are
 * drawn: those with the smallest SHA-256 of the text {@code SEED LINK}, both in decimal, links
 * counted from 0 over all networks. Nobody who makes a run can foresee them if the seed is chosen
 * later.
 */
final class SpotCheck {
  static final String SAMPLE = "sample";

  /**
   * The epochs between two states that follow each other.
   *
   * @param number from 0, over all networks
   * @param network from 0
   * @param from number of epochs before the link
   * @param to number of epochs after it
   * @param isEnd whether it is the first or the last of its network
   */
  record Link(int number, int network, int from, int to, boolean isEnd) {}

  private final Differences differences;
  private final List<VerifiedNetwork> networks;
  private final Path directory;
  private final List<Link> all;
  private final List<Link> links; // that are repeated
  private Mlp proper; // a network whose parts other than its weights are right, of the first link

  /** Chooses the links, and refuses a run that lacks what is needed for them. */
  SpotCheck(
      Differences differences,
      List<VerifiedNetwork> networks,
      Path directory,
      RunRecord record,
      Arguments arguments)
      throws IOException {
    this.differences = differences;
    this.networks = networks;
    this.directory = directory;
    arguments.refuse("not together with --sample, which chooses the epochs", "epochs");
    String kept = record.text("options", CheckpointWriter.KEEP);
    int every = kept == null ? 0 : Arguments.integer(kept);
    String outcome = record.text("outcome");
    if (every < 1 || !outcome.matches("completed|stopped_early")) {
      throw Problem.failure(
          "%s: %s, expected a finished run of train --provable --keep-checkpoints N",
          record.file(), every < 1 ? "no kept states" : outcome);
    }
    List<Integer> epochs = new ArrayList<>();
    for (VerifiedNetwork network : networks) {
      RecordedStates.require(network.record());
      epochs.add(network.states.size());
    }
    all = links(epochs, every);
    long fewest = all.stream().filter(Link::isEnd).count();
    if (arguments.integer(SAMPLE, 1, Integer.MAX_VALUE) < fewest) {
      throw arguments.wrong(
          SAMPLE, "at least " + fewest + ", as the first and last links are checked");
    }
    links = pick(all, arguments.integer(SAMPLE, 1, Integer.MAX_VALUE), arguments.seed());
    for (Link link : links) {
      if (link.from > 0 && Files.notExists(state(link))) {
        throw Problem.failure(state(link) + ": no such file, expected the file as the run left it");
      }
    }
  }

  /** Returns the links of networks that were trained for a number of epochs. */
  static List<Link> links(List<Integer> epochs, int every) {
    List<Link> links = new ArrayList<>();
    for (int network = 0; network < epochs.size(); network++) {
      int last = epochs.get(network);
      for (int from = 0; from < last; from += Math.min(every, last - from)) {
        int to = from + Math.min(every, last - from);
        links.add(new Link(links.size(), network, from, to, from == 0 || to == last));
      }
    }
    return links;
  }

  /** Returns the first and last links of all networks, and others that the seed draws, in order. */
  static List<Link> pick(List<Link> all, int count, long seed) {
    List<Link> picked = new ArrayList<>(all);
    Comparator<Link> drawn =
        Comparator.comparing(link -> FileDigest.sha256(seed + " " + link.number));
    picked.sort(Comparator.comparing(Link::isEnd).reversed().thenComparing(drawn));
    picked.subList(Math.min(count, picked.size()), picked.size()).clear();
    picked.sort(Comparator.comparing(Link::number));
    return picked;
  }

  private Path state(Link link) {
    return directory.resolve(RunFiles.kept(link.network, link.from));
  }

  /** Repeats the links until one differs; returns the whole run, or null if one does. */
  RecipeRun run(Training training) throws IOException {
    List<TrainingRun> ends = new ArrayList<>(); // the last link of each network
    for (Link link : links) {
      VerifiedNetwork network = networks.get(link.network);
      Checkpoint from = link.from == 0 ? null : kept(link, network);
      if (differences.first() != null) {
        return null;
      }
      boolean isLast = link.to == network.states.size();
      // The training ends its last link itself, so that a run that was cut short is found.
      network.last = isLast ? 0 : link.to;
      TrainingRun run = repeat(link, from, training);
      for (int epoch = link.from; epoch < link.to; epoch++) {
        network.compare(epoch, "epoch trained again:", true, network.trained.get(epoch + 1));
      }
      // the first link of a network comes before its other links
      proper = from == null ? run.model() : proper;
      if (isLast) {
        ends.add(run);
      }
    }
    return differences.first() == null ? training.run(ends) : null;
  }

  private TrainingRun repeat(Link link, Checkpoint from, Training training) {
    VerifiedNetwork network = networks.get(link.network);
    Trainer trainer =
        training.trainer(link.network).listener(network.recorder).listener(network).build();
    Dataset rows = training.rows(link.network);
    try {
      return from == null
          ? trainer.fit(training.initial(link.network), rows)
          : trainer.resume(from, rows);
    } catch (IllegalArgumentException e) {
      throw Problem.failure("%s: %s", from == null ? directory : state(link), Words.of(e));
    }
  }

  /** Returns the state at the beginning of a link, and compares it with what the record says. */
  private Checkpoint kept(Link link, VerifiedNetwork network) throws IOException {
    Checkpoint from = Checkpoint.load(state(link));
    int epoch = link.from - 1;
    String position = "epoch %s, step %s".formatted(from.epoch(), from.step());
    String expected = "epoch %s, step 0".formatted(link.from);
    network.compare(epoch, "position of the kept state:", expected, position);
    Object sha256 = network.states.get(epoch);
    network.compare(epoch, "sha256 of the kept state", sha256, from.sha256());
    Mlp found = from.network();
    boolean isProper = proper.withParameters(found.parameters()).equals(found);
    network.compare(epoch, "parts of the kept network are right:", true, isProper);
    return from;
  }

  private static int epochs(List<Link> links) {
    return links.stream().mapToInt(link -> link.to - link.from).sum();
  }

  /** Adds the links that were repeated to the result of the verification. */
  void say(Result result) {
    List<Json> each = new ArrayList<>();
    for (Link link : links) {
      each.add(new Json().put("network", link.network).put("from", link.from).put("to", link.to));
    }
    result
        .put("links", all.size())
        .put("checked", new Shown(each, Integer.toString(each.size())))
        .note(
            "Trained {checked} of {links} links again, {epochs} of " + epochs(all) + " epochs",
            "epochs",
            epochs(links))
        .say("verified: same states in these links, same model, same metrics");
  }
}
