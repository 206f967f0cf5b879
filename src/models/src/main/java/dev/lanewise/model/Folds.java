package dev.lanewise.model;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.DatasetOrigin;
import dev.lanewise.data.internal.DatasetState;
import dev.lanewise.data.internal.RowRange;
import dev.lanewise.data.internal.Stratification;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.nn.internal.MetadataName;
import dev.lanewise.rows.Division;
import dev.lanewise.rows.internal.TableMetadata;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Five folds of the training rows, for several networks that are averaged: member j validates on
 * fold j mod 5 and trains on the other four folds. So five members together validate every row
 * once. Immutable; no rows are copied.
 *
 * <p>The seed determines a random order of the rows. In this order, the rows of the first class are
 * dealt to the folds in turn, then the rows of the next class. So the numbers of rows of a class in
 * two folds differ by at most one, and every member trains on all classes that have two rows or
 * more. Rows with numeric targets are dealt as one class.
 */
public final class Folds {
  /** The number of folds. */
  public static final int COUNT = 5;

  private final Dataset data;
  private final long seed;
  private final int round; // networks of a group; 0 if all are one group
  private final int[] folds; // [training rows], the fold of each; none if all members are alike

  private Folds(Dataset data, long seed, int round, int[] folds) {
    this.data = data;
    this.seed = seed;
    this.round = round;
    this.folds = folds;
  }

  /**
   * {@return the folds of a data set}
   *
   * @param data the rows to divide. If it has validation rows, they are those of every member, and
   *     its training rows are not divided. Test rows are not divided either
   * @param seed the seed of the random order
   * @throws IllegalArgumentException if there are fewer training rows than folds
   */
  public static Folds of(Dataset data, long seed) {
    return of(data, seed, 0);
  }

  /**
   * {@return the folds of a data set for groups of networks, each of which has them from the first
   * on}
   *
   * @param data as for {@link #of(Dataset, long)}
   * @param seed likewise
   * @param round number of networks of a group; 0 if all networks are one group
   */
  public static Folds of(Dataset data, long seed, int round) {
    Objects.requireNonNull(data, "data");
    Rows train = data.train();
    int rows = train.rows();
    if (data.validation().isPresent()) {
      return new Folds(data, seed, round, new int[0]);
    } else if (rows < COUNT) {
      throw DataErrors.wrong(
          "%s rows for training and validation, expected at least %s, a row for each fold",
          rows, COUNT);
    }
    int[] classes = new int[data.hasClasses() ? rows : 0];
    Arrays.setAll(classes, train::label);
    int[] order = new int[rows];
    CounterRandom.permutation(CounterRandom.key(seed, CounterRandom.FOLDS, 0), order);
    return new Folds(data, seed, round, Stratification.deal(order, classes, COUNT));
  }

  /**
   * {@return the folds on which the networks of a model were trained; empty if it had none, or the
   * data is not its training file, divided as for the training}
   *
   * @param model a model, which remembers the seed of its folds
   * @param data the rows
   */
  public static Optional<Folds> of(Model model, Dataset data) {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(data, "data");
    OptionalLong none = OptionalLong.empty();
    return data.validation().isPresent()
        ? Optional.empty()
        : model
            .division()
            .filter(known -> Division.of(data).equals(Optional.of(known.withFolds(none, 0))))
            .filter(known -> known.folds().isPresent())
            .map(known -> of(data, known.folds().getAsLong(), known.round()));
  }

  /**
   * {@return the number of rows on which at least one of some members validates}
   *
   * @param members number of members
   */
  public int validated(int members) {
    int each = round == 0 ? members : Math.min(members, round);
    return rows(row -> folds[row] < each).length;
  }

  /**
   * {@return in words what rows the score of a model's networks on their folds is of, such as
   * {@code out of fold, 304 of 506 rows, each by one network, after the epoch that was best for the
   * others}}
   *
   * @param model the model, each of whose networks is measured on its fold
   */
  public String describe(Model model) {
    int members = Objects.requireNonNull(model, "model").members().size();
    return "out of fold, %s of %s rows%s%s"
        .formatted(
            validated(members),
            folds.length,
            members == 1 ? "" : ", each by one network",
            model.training().contains("best=none")
                ? ""
                : members == 1
                    ? ", after its last epoch"
                    : ", after the epoch that was best for the others");
  }

  /**
   * {@return the data set of a member: its training and validation rows in the order of the given
   * data, and the same test rows}
   *
   * @param member from 0; members whose numbers differ by a multiple of five have the same rows
   * @throws IllegalArgumentException if the number is below 0
   */
  public Dataset member(int member) {
    if (member < 0) {
      throw DataErrors.wrong("member %s, expected a number from 0", member);
    } else if (folds.length == 0) {
      return data;
    }
    int fold = fold(member, round);
    int[] train = rows(row -> folds[row] != fold);
    int[] validation = rows(row -> folds[row] == fold);
    DatasetState parts = DatasetState.of(data);
    DatasetOrigin origin = parts.origin();
    int[][] tableRows = origin.rows().clone();
    if (tableRows[0].length > 0) {
      tableRows[1] = selected(tableRows[0], validation);
      tableRows[0] = selected(tableRows[0], train);
    }
    RowRange all = RowRange.of(data.train());
    Dataset divided = parts.with(all.selected(train), all.selected(validation), parts.test());
    origin = origin.withRows(tableRows);
    Optional<Division> division = Division.of(data);
    if (division.isPresent()) {
      Division folded = division.get().withFolds(OptionalLong.of(seed), round);
      origin =
          origin.with(
              MetadataName.DIVISION, TableMetadata.arrays(null, folded, List.of(), List.of()));
    }
    return DatasetState.of(divided).with(origin);
  }

  /**
   * {@return the fold of a network, from 0}
   *
   * @param member number of the network, from 0
   * @param round number of networks of a group; 0 if all networks are one group
   */
  public static int fold(int member, int round) {
    return (round == 0 ? member : member % round) % COUNT;
  }

  private int[] rows(IntPredicate condition) {
    return IntStream.range(0, folds.length).filter(condition).toArray();
  }

  private static int[] selected(int[] numbers, int[] rows) {
    return Arrays.stream(rows).map(row -> numbers[row]).toArray();
  }
}
