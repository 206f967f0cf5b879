package dev.lanewise.train;

import dev.lanewise.data.Rows;
import dev.lanewise.data.internal.RowPreparation;
import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.engine.internal.Decision;
import dev.lanewise.engine.internal.Network;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Task;
import dev.lanewise.parallel.Team;
import dev.lanewise.parallel.ThreadChoice;
import dev.lanewise.train.internal.Batches;
import dev.lanewise.train.internal.Tally;
import dev.lanewise.train.internal.Validation;
import java.util.Objects;

/**
 * The results of a network for each row of a split, in file order, from which further metrics are
 * computed. No array is copied.
 *
 * @param rows the rows as the network takes them, with its scaling and its numbers of classes
 * @param score the loss, the accuracy and the errors of all rows
 * @param predicted [rows], the class of each, -1 for none; for a sigmoid loss [rows][outputs], 1
 *     where an output holds, else 0; not used in regression
 * @param places [rows], number of classes chosen before the true one, or the number of outputs for
 *     a class that the network does not have; null if the loss does not take classes
 * @param results [rows][outputs], probabilities, or in regression outputs of the network, scaled as
 *     its targets are
 */
public record RowResults(Rows rows, Score score, int[] predicted, int[] places, float[] results) {
  /**
   * Computes the results of a network.
   *
   * @param network the network
   * @param rows the rows, as {@link Score#of} takes them
   * @param threads number of threads, at least 1
   * @return the results
   * @throws IllegalArgumentException in the same cases as {@link Score#of}
   */
  public static RowResults of(Mlp network, Rows rows, int threads) {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(rows, "rows");
    Rows split = RowPreparation.measured(network, rows);
    int outputs = network.outputs();
    float[] results = new float[Network.size(split.rows(), outputs)];
    ThreadChoice choice = new ThreadChoice(Team.most(threads));
    Backpropagation pass = Validation.network(network, split, choice);
    Task task = network.loss().task();
    Decision decision = new Decision(task.hasClasses(), task.decisions(outputs), outputs);
    int[] predicted = new int[Network.size(split.rows(), decision.columns())];
    int[] places = task.hasClasses() ? new int[split.rows()] : null;
    Tally tally = new Tally(network.loss(), outputs);
    try (Team team = new Team(choice.most())) {
      Batches batches = new Batches(pass, team, choice);
      batches.begin(network, split);
      while (batches.next()) {
        int first = batches.first();
        int count = batches.count();
        Validation.add(tally, pass, 0, count, split, first);
        decision.decide(pass.outputs(), count, predicted, first * decision.columns());
        for (int i = 0; places != null && i < count; i++) {
          int label = split.label(first + i);
          places[first + i] = label < outputs ? decision.place(pass.outputs(), i, label) : outputs;
        }
        pass.results(count, results, first * outputs);
      }
    }
    return new RowResults(split, tally.score(), predicted, places, results);
  }
}
