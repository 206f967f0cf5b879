package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.AtomicFile;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Model;
import dev.lanewise.train.Checkpoint;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.EpochView;
import dev.lanewise.train.RecipeRun;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainingListener;
import dev.lanewise.train.TrainingRun;
import java.io.IOException;
import java.io.OutputStream;
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

  private final VerifyCommand verification; // takes the differences
  private final Path directory;
  private final List<Link> all;
  private final List<Link> links; // that are repeated
  private final List<TrainingRun> ends = new ArrayList<>(); // the last link of each network
  private Training training;
  private Mlp proper; // a network whose parts other than its weights are right, of the first link

  /** Chooses the links, and refuses a run that lacks what is needed for them. */
  SpotCheck(VerifyCommand verification, Path directory, RunRecord record, Arguments arguments)
      throws IOException {
    this.verification = verification;
    this.directory = directory;
    arguments.refuse("not together with --sample, which chooses the epochs", "epochs");
    String kept = record.text("options", StateKeeper.KEEP);
    int every = kept == null ? 0 : Arguments.integer(kept);
    String outcome = record.text("outcome");
    if (every < 1 || !outcome.matches("completed|stopped_early")) {
      throw Problem.failure(
          "%s: %s, expected a finished run of train --provable --keep-checkpoints N",
          record.file(), every < 1 ? "no kept states" : outcome);
    }
    List<Integer> epochs = new ArrayList<>();
    for (VerifiedNetwork network : verification.members) {
      ReceiptCommand.requireStates(network.record());
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
        throw Problem.failure(state(link) + ": no such file, expected it as the run left it");
      }
    }
  }

  /** Returns the links of networks that were trained for so many epochs. */
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

  /** Repeats the links until one differs. */
  void run(Training of, RunRecord record) throws IOException {
    training = of;
    for (Link link : links) {
      if (verification.difference == null) {
        repeat(link);
      }
    }
    if (verification.difference == null) {
      RecipeRun run = RecipeRun.of(ends);
      Model model = TrainCommand.repeated(run.model().withTraining(training.options()), training);
      compare(null, "weights.final", record.text("weights", "final"), model.sha256());
      compareFile(RunFiles.MODEL, model::save, record);
      compareFile(RunFiles.STATISTICS, run.history()::save, record);
    }
  }

  private void compareFile(String name, AtomicFile.IoConsumer<OutputStream> content, RunRecord of)
      throws IOException {
    compare(null, name + " sha256", of.text("files", name), FileDigest.sha256(content));
  }

  private void repeat(Link link) throws IOException {
    VerifiedNetwork network = verification.members.get(link.network);
    String who = verification.members.size() == 1 ? "" : "members[%s] ".formatted(link.network);
    Checkpoint from = null;
    if (link.from > 0) {
      from = Checkpoint.load(state(link));
      compare(
          link.from - 1,
          who + "sha256 of the kept state",
          network.states.get(link.from - 1),
          from.sha256());
      Mlp found = from.network();
      boolean isProper = proper.withParameters(found.parameters()).equals(found);
      compare(link.from - 1, who + "parts of the kept network are right:", true, isProper);
    }
    if (verification.difference == null) {
      TrainingRun run = train(link, from, new Follower(link, network.states, who));
      if (link.to == network.states.size()) {
        compare(
            link.to - 1,
            who + "final weights sha256",
            network.record().text("weights", "final"),
            run.model().sha256());
        ends.add(run);
      }
    }
  }

  private TrainingRun train(Link link, Checkpoint from, TrainingListener listener) {
    Trainer trainer = training.trainer(link.network).listener(listener).build();
    Dataset rows = training.rows(link.network);
    try {
      return from == null
          ? trainer.fit(training.initial(link.network), rows)
          : trainer.resume(from, rows);
    } catch (IllegalArgumentException e) {
      throw Problem.failure("%s: %s", from == null ? directory : state(link), Words.of(e));
    }
  }

  private void compare(Integer epoch, String what, Object expected, Object found) {
    verification.compare(epoch, what, expected, found);
  }

  /** Describes the links that were repeated. */
  String describe() {
    return "Trained %s of %s links again, %s of %s epochs"
        .formatted(links.size(), all.size(), epochs(links), epochs(all));
  }

  private static int epochs(List<Link> links) {
    return links.stream().mapToInt(link -> link.to - link.from).sum();
  }

  Json json(Json event) {
    List<Json> each = new ArrayList<>();
    for (Link link : links) {
      each.add(new Json().put("network", link.network).put("from", link.from).put("to", link.to));
    }
    return event.put("links", all.size()).put("checked", each).put("epochs", epochs(links));
  }

  /** Compares the state after each epoch of a link, and ends with the link. */
  private final class Follower implements TrainingListener {
    private final Link link;
    private final List<?> states;
    private final String who;

    Follower(Link link, List<?> states, String who) {
      this.link = link;
      this.states = states;
      this.who = who;
    }

    @Override
    public boolean onEpoch(EpochResult result) {
      return true;
    }

    @Override
    public boolean onEpoch(EpochResult result, EpochView view) {
      Checkpoint state = view.checkpoint();
      compare(result.epoch(), who + "state sha256", states.get(result.epoch()), state.sha256());
      if (link.from == 0 && result.epoch() == 0) { // before later links of the same network
        proper = state.model();
      }
      return verification.difference == null && result.epoch() + 1 < link.to;
    }
  }
}
