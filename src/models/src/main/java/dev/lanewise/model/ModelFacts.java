package dev.lanewise.model;

import dev.lanewise.engine.internal.Expansion;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Allowed;
import dev.lanewise.format.internal.ArgumentException;
import dev.lanewise.format.internal.EnumLabels;
import dev.lanewise.format.internal.Fields;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.internal.Change;
import dev.lanewise.nn.internal.Fact;
import dev.lanewise.nn.internal.FactName;
import dev.lanewise.nn.internal.Facts;
import dev.lanewise.nn.internal.NetworkFacts;
import dev.lanewise.nn.internal.RawFact;
import dev.lanewise.nn.internal.Said;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.internal.TableFacts;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/** The facts of a model of one or several networks, besides those of each network. */
final class ModelFacts {
  static final Fact<Bins> BINS = new OfBins();
  static final Fact<List<Integer>> MEMBER_WEIGHTS = new OfMembers();
  static final Fact<Calibration> CALIBRATION = new OfCalibration();
  static final Fact<DecisionRule> DECISION = new OfDecision();
  static final Fact<Coverage> COVERAGE = new OfCoverage();

  /** The facts that a network alone does not know. */
  static final List<Fact<?>> ALL =
      List.of(
          BINS,
          MEMBER_WEIGHTS,
          CALIBRATION,
          DECISION,
          COVERAGE,
          TableFacts.SCHEMA,
          TableFacts.DIVISION,
          TableFacts.FITTED,
          TableFacts.WATCHED,
          RawFact.FURTHER);

  /** Those that say something of themselves, in that order. */
  static final List<Fact<?>> SHOWN =
      List.of(
          TableFacts.DIVISION,
          NetworkFacts.INPUT_SHAPE,
          NetworkFacts.SCALING,
          NetworkFacts.TARGET_SCALING,
          NetworkFacts.CLASS_WEIGHTS,
          MEMBER_WEIGHTS,
          CALIBRATION,
          DECISION,
          COVERAGE,
          NetworkFacts.CLASS_NAMES,
          NetworkFacts.LOSS,
          NetworkFacts.TRAINING);

  private ModelFacts() {}

  private static Said say(String title, String name, Object value) {
    return new Said(
        value == null ? "" : title + value, name, value == null ? null : value.toString());
  }

  /** Bins of features. A network that sees them has one further input per bin. */
  private static final class OfBins extends Fact<Bins> {
    private static final String COUNTS = "bin_counts"; // edges of each feature

    OfBins() {
      super(FactName.BINS, null);
    }

    @Override
    public boolean isOfNetwork() {
      return true;
    }

    @Override
    public Expansion expansion(Bins bins) {
      return bins.expansion();
    }

    @Override
    public Bins visit(Bins bins, Fields fields, Facts others) throws IOException {
      double[] edges =
          fields.doubles(
              array(),
              Allowed.FINITE,
              () -> Arrays.stream(bins.edges).flatMapToDouble(Arrays::stream).toArray());
      return Bins.of(fields.ints(COUNTS, () -> lengths(bins.edges)), edges);
    }

    @Override
    public Bins checked(Bins bins, Facts others) {
      int features = others.network().inputs() - bins.count();
      Scaling scaling = others.get(NetworkFacts.SCALING);
      Schema schema = others.get(TableFacts.SCHEMA);
      if (bins.features() != features
          || scaling != null && scaling.features().orElse(features) != features
          || schema != null && schema.inputs() != features) {
        throw new ArgumentException(
            "%s bins of %s features: network %s, expected as many inputs as both together, and a scaling and a schema of the features alone",
            bins.count(), bins.features(), others.network());
      }
      return bins;
    }
  }

  private static int[] lengths(double[]... lists) {
    return Arrays.stream(lists).mapToInt(each -> each.length).toArray();
  }

  /**
   * The weights of the networks in their average, one per network, without a common divisor. A
   * model of equal weights does not have this fact.
   */
  private static final class OfMembers extends Fact<List<Integer>> {
    /** The largest sum: products with results in float are exact in double. */
    private static final int MOST = 1 << 20;

    OfMembers() {
      super(FactName.MEMBER_WEIGHTS, null);
    }

    @Override
    public List<Integer> visit(List<Integer> weights, Fields fields, Facts others)
        throws IOException {
      long[] stored =
          fields.ints(array(), () -> weights.stream().mapToInt(weight -> weight).toArray());
      List<Integer> read = Arrays.stream(stored).mapToObj(OfMembers::limited).toList();
      fields.require(
          weights != null || read.equals(checked(read, others)),
          array(),
          "weights that are not all equal and have no common divisor, or no such array");
      return read;
    }

    /** Returns a number as an int; one that is too large or too small stays so. */
    private static int limited(long weight) {
      return (int) Math.max(Integer.MIN_VALUE, Math.min(weight, Integer.MAX_VALUE));
    }

    /** Divides the weights by their greatest common divisor; null if they are equal then. */
    @Override
    public List<Integer> checked(List<Integer> weights, Facts others) {
      long sum = weights.stream().mapToLong(weight -> weight).sum();
      if (sum > MOST || weights.stream().anyMatch(weight -> weight < 1)) {
        throw new ArgumentException(
            "member weights %s, expected whole numbers of at least 1 with a sum of at most %s",
            "" + weights, MOST);
      }
      int divisor =
          weights.stream()
              .map(BigInteger::valueOf)
              .reduce(BigInteger.ZERO, BigInteger::gcd)
              .intValue();
      boolean areEqual = weights.stream().allMatch(weight -> weight == divisor);
      return areEqual ? null : weights.stream().map(weight -> weight / divisor).toList();
    }

    @Override
    public Said say(List<Integer> weights, Facts facts) {
      String line = "Weights of the networks in the average: " + weights;
      return weights == null ? null : new Said(line, array(), weights);
    }
  }

  /** The calibration of probabilities: its kind and its numbers. */
  private static final class OfCalibration extends Fact<Calibration> {
    private static final String BIASED = "biased"; // a temperature and a bias

    OfCalibration() {
      super(FactName.CALIBRATION, null);
    }

    @Override
    public Calibration visit(Calibration c, Fields fields, Facts others) throws IOException {
      String kind = fields.kind(array(), () -> kind(c), "temperature", BIASED, "platt");
      if (kind.equals("platt")) {
        return Calibration.platt(
            fields.doubles("calibration_slope", Allowed.ABOVE_ZERO, () -> c.slopes),
            fields.doubles("calibration_intercept", Allowed.FINITE, () -> c.intercepts));
      }
      double temperature =
          fields.number("calibration_temperature", Allowed.ABOVE_ZERO, () -> c.slopes[0], 1);
      return kind.equals(BIASED)
          ? Calibration.biased(
              temperature,
              fields.number("calibration_bias", Allowed.FINITE, () -> c.intercepts[0], 1))
          : Calibration.temperature(temperature);
    }

    private static String kind(Calibration c) {
      return c.hasBias() ? BIASED : c.isTemperature() ? "temperature" : "platt";
    }

    @Override
    public Calibration checked(Calibration calibration, Facts others) {
      Loss loss = others.get(NetworkFacts.LOSS);
      if (!calibration.fits(loss, others.outputs())) {
        throw new ArgumentException(
            "calibration by %s: loss %s of %s outputs takes %s",
            calibration,
            loss.label(),
            others.outputs(),
            switch (loss.task().kind()) {
              case CLASSES -> "a temperature, and a bias only of two classes";
              case LABELS -> "two numbers per output";
              case NUMBERS -> "none";
            });
      }
      return calibration;
    }

    @Override
    public Said say(Calibration calibration, Facts facts) {
      return ModelFacts.say("Calibration: ", array(), calibration);
    }
  }

  /** The rule by which classes follow from probabilities: its kind and its numbers. */
  private static final class OfDecision extends Fact<DecisionRule> {
    private static final String POSITIVE = "decision_positive";
    private static final String COSTS = "decision_costs"; // [classes][classes]

    OfDecision() {
      super(FactName.DECISION, null);
    }

    /** A threshold is for the probabilities of one calibration; costs are for any. */
    @Override
    public boolean outlives(Change change, DecisionRule rule, Facts now) {
      return super.outlives(change, rule, now)
          && !(change == FactName.CALIBRATION && rule.isThreshold());
    }

    @Override
    public DecisionRule visit(DecisionRule rule, Fields fields, Facts others) throws IOException {
      String kind =
          fields.kind(
              array(), () -> rule.isThreshold() ? "threshold" : "costs", "threshold", "costs");
      if (kind.equals("threshold")) {
        long[] positive = fields.ints(POSITIVE, () -> new int[] {rule.positive});
        fields.require(positive.length == 1, POSITIVE, "one integer");
        return DecisionRule.threshold(
            Math.toIntExact(positive[0]),
            fields.number("decision_threshold", Allowed.FROM_ZERO_TO_ONE, () -> rule.threshold, 1));
      }
      int classes = rule == null ? others.outputs() : rule.classes;
      List<Integer> square = List.of(classes, classes);
      if (rule == null) {
        fields.require(fields.header(COSTS).shape().equals(square), COSTS, "a matrix " + square);
      }
      double[] all =
          fields.numbers(COSTS, Allowed.FINITE, () -> NdArray.of(rule.costs, classes, classes));
      double[][] costs = new double[classes][];
      Arrays.setAll(costs, t -> Arrays.copyOfRange(all, t * classes, (t + 1) * classes));
      return DecisionRule.costs(costs);
    }

    @Override
    public DecisionRule checked(DecisionRule rule, Facts others) {
      Loss loss = others.get(NetworkFacts.LOSS);
      if (!loss.task().hasClasses() || rule.classes() != others.outputs()) {
        throw new ArgumentException(
            "decision by %s: loss %s of %s outputs, expected softmax of %s classes",
            rule, loss.label(), others.outputs(), rule.classes());
      }
      return rule;
    }

    @Override
    public Said say(DecisionRule rule, Facts facts) {
      return ModelFacts.say("Decision: ", array(), rule);
    }
  }

  /** The scores for sets of classes or intervals of numbers, one group after another. */
  private static final class OfCoverage extends Fact<Coverage> {
    private static final String COUNTS = "coverage_counts"; // scores of each group
    private static final String SCORES = "coverage_scores";

    OfCoverage() {
      super(FactName.COVERAGE, null);
    }

    @Override
    public boolean outlives(Change change, Coverage coverage, Facts now) {
      return super.outlives(change, coverage, now) && change != FactName.CALIBRATION;
    }

    @Override
    public Coverage visit(Coverage coverage, Fields fields, Facts others) throws IOException {
      String label = fields.text(array(), () -> EnumLabels.of(coverage.kind));
      Coverage.Kind kind = EnumLabels.find(Coverage.Kind.values(), label, array());
      long[] counts = fields.ints(COUNTS, () -> lengths(coverage.scores));
      double[] all =
          fields.doubles(
              SCORES,
              Allowed.FROM_ZERO,
              () -> Arrays.stream(coverage.scores).flatMapToDouble(Arrays::stream).toArray());
      double[][] scores = new double[counts.length][];
      int from = 0;
      for (int g = 0; g < counts.length; g++) {
        boolean right = counts[g] >= 0 && counts[g] <= all.length - from;
        fields.require(right, COUNTS, "the counts of " + all.length + " scores");
        scores[g] = Arrays.copyOfRange(all, from, from += (int) counts[g]);
        Allowed.ascending(SCORES, scores[g]);
      }
      fields.require(from == all.length, SCORES, from + " scores as counted");
      return Coverage.of(kind, scores);
    }

    @Override
    public Coverage checked(Coverage coverage, Facts others) {
      Loss loss = others.get(NetworkFacts.LOSS);
      if (!coverage.fits(loss, others.outputs())) {
        throw new ArgumentException(
            "coverage of %s: loss %s of %s outputs takes %s",
            coverage,
            loss.label(),
            others.outputs(),
            loss.task().hasClasses()
                ? "sets of its classes"
                : loss.task().hasIntervals() ? "intervals of its outputs" : "none");
      }
      return coverage;
    }

    @Override
    public Said say(Coverage coverage, Facts facts) {
      return ModelFacts.say("Coverage: ", array(), coverage);
    }
  }
}
