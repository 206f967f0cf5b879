package dev.lanewise.model;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Allowed;
import dev.lanewise.format.internal.EnumLabels;
import dev.lanewise.format.internal.Fields;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.internal.MetadataName;
import dev.lanewise.nn.internal.NetworkMetadata;
import dev.lanewise.rows.internal.TableMetadata;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The facts of a model of one or several networks, besides those of each network.
 *
 * @param memberWeights the weights of the networks in their average, one per network, without a
 *     common divisor; null if they are equal
 * @param calibration the calibration of probabilities, or null
 * @param rule the rule by which classes follow from probabilities, or null
 * @param coverage the scores for sets of classes or intervals of numbers, or null
 * @param table what is known of the table of the training
 * @param further arrays of other packages
 */
record CombinedMetadata(
    List<Integer> memberWeights,
    Calibration calibration,
    DecisionRule rule,
    Coverage coverage,
    TableMetadata table,
    Map<String, NdArray> further) {
  /** The largest sum of weights: products with results in float are exact in double. */
  private static final int MOST = 1 << 20;

  private static final String BIASED = "biased"; // a temperature and a bias
  private static final String POSITIVE = "decision_positive";
  private static final String COSTS = "decision_costs"; // [classes][classes]
  private static final String SCORE_COUNTS = "coverage_counts"; // scores of each group
  private static final String SCORES = "coverage_scores";

  private static final CombinedMetadata NONE =
      new CombinedMetadata(null, null, null, null, TableMetadata.NONE, Map.of());

  /** Reads the facts that are there, and checks them against those of a network. */
  static CombinedMetadata of(Fields fields, NetworkMetadata facts) throws IOException {
    CombinedMetadata found = NONE.visit(fields, fields.names(), facts.outputs());
    found.check(facts);
    return found;
  }

  /** Returns the arrays of these facts, in the order of a file. */
  Map<String, NdArray> arrays() {
    return Fields.written(fields -> visit(fields, further.keySet(), 0));
  }

  private CombinedMetadata visit(Fields fields, Collection<String> names, int outputs)
      throws IOException {
    CombinedMetadata found =
        new CombinedMetadata(
            has(MetadataName.MEMBER_WEIGHTS, memberWeights, fields)
                ? memberWeights(memberWeights, fields)
                : null,
            has(MetadataName.CALIBRATION, calibration, fields)
                ? calibration(calibration, fields)
                : null,
            has(MetadataName.DECISION, rule, fields) ? rule(rule, fields, outputs) : null,
            has(MetadataName.COVERAGE, coverage, fields) ? coverage(coverage, fields) : null,
            table.visit(fields),
            new LinkedHashMap<>());
    for (String name : names) {
      if (MetadataName.FURTHER.owns(name)) {
        found.further.put(name, fields.any(name, () -> further.get(name)));
      }
    }
    return found;
  }

  private static boolean has(MetadataName fact, Object value, Fields fields) {
    return fields.has(fact.array(), value);
  }

  private void check(NetworkMetadata facts) {
    Loss loss = facts.loss();
    int outputs = facts.outputs();
    if (calibration != null && !calibration.fits(loss, outputs)) {
      throw new ArgumentException(
          "calibration by %s: loss %s of %s outputs takes %s",
          calibration,
          loss.label(),
          outputs,
          switch (loss.task().kind()) {
            case CLASSES -> "a temperature, and a bias only of two classes";
            case LABELS -> "two numbers per output";
            case NUMBERS -> "none";
          });
    }
    if (rule != null && (!loss.task().hasClasses() || rule.classes() != outputs)) {
      throw new ArgumentException(
          "decision by %s: loss %s of %s outputs, expected softmax of %s classes",
          rule, loss.label(), outputs, rule.classes());
    }
    if (coverage != null && !coverage.fits(loss, outputs)) {
      throw new ArgumentException(
          "coverage of %s: loss %s of %s outputs takes %s",
          coverage,
          loss.label(),
          outputs,
          loss.task().hasClasses()
              ? "sets of its classes"
              : loss.task().hasIntervals() ? "intervals of its outputs" : "none");
    }
    if (table.schema() != null) {
      facts.requireInputs("schema of %s inputs", table.schema().inputs());
    }
  }

  /** Refuses arrays of facts that the facts do not use, because the model was a different one. */
  static void refuseLeftOver(Fields fields) throws FormatException {
    for (String name : fields.names()) {
      MetadataName fact = MetadataName.owner(name);
      boolean isHere = fact != null && fact.compareTo(MetadataName.MEMBER_WEIGHTS) >= 0;
      if (isHere && !fields.isTaken(name)) {
        throw new FormatException(
            fields.file(),
            "%s beside a %s that does not use it, expected no such array",
            name,
            fact.array());
      }
    }
  }

  static List<Integer> memberWeights(List<Integer> weights, Fields fields) throws IOException {
    String name = MetadataName.MEMBER_WEIGHTS.array();
    long[] stored = fields.ints(name, () -> weights.stream().mapToInt(weight -> weight).toArray());
    List<Integer> read = // a number that is no int is refused as too small
        Arrays.stream(stored).mapToObj(w -> w == (int) w ? (int) w : -1).toList();
    fields.require(
        weights != null || read.equals(divided(read)),
        name,
        "weights that are not all equal and have no common divisor, or no such array");
    return read;
  }

  /** Divides the weights by their greatest common divisor; null if they are equal then. */
  static List<Integer> divided(List<Integer> weights) {
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

  /** The calibration of probabilities: its kind and its numbers. */
  static Calibration calibration(Calibration c, Fields fields) throws IOException {
    String kind =
        fields.kind(
            MetadataName.CALIBRATION.array(), () -> kind(c), "temperature", BIASED, "platt");
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

  /** The rule by which classes follow from probabilities: its kind and its numbers. */
  static DecisionRule rule(DecisionRule rule, Fields fields, int outputs) throws IOException {
    String kind =
        fields.kind(
            MetadataName.DECISION.array(),
            () -> rule.isThreshold() ? "threshold" : "costs",
            "threshold",
            "costs");
    if (kind.equals("threshold")) {
      long[] positive = fields.ints(POSITIVE, () -> new int[] {rule.positive});
      fields.require(positive.length == 1, POSITIVE, "one integer");
      return DecisionRule.threshold(
          Math.toIntExact(positive[0]),
          fields.number("decision_threshold", Allowed.FROM_ZERO_TO_ONE, () -> rule.threshold, 1));
    }
    int classes = rule == null ? outputs : rule.classes;
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

  /** The scores for sets of classes or intervals of numbers, one group after another. */
  static Coverage coverage(Coverage coverage, Fields fields) throws IOException {
    String label = fields.text(MetadataName.COVERAGE.array(), () -> EnumLabels.of(coverage.kind));
    Coverage.Kind kind =
        EnumLabels.find(Coverage.Kind.values(), label, MetadataName.COVERAGE.array());
    long[] counts = fields.ints(SCORE_COUNTS, () -> lengths(coverage.scores));
    double[] all =
        fields.doubles(
            SCORES,
            Allowed.FROM_ZERO,
            () -> Arrays.stream(coverage.scores).flatMapToDouble(Arrays::stream).toArray());
    double[][] scores = new double[counts.length][];
    int from = 0;
    for (int g = 0; g < counts.length; g++) {
      boolean right = counts[g] >= 0 && counts[g] <= all.length - from;
      fields.require(right, SCORE_COUNTS, "the counts of " + all.length + " scores");
      scores[g] = Arrays.copyOfRange(all, from, from += (int) counts[g]);
      Allowed.ascending(SCORES, scores[g]);
    }
    fields.require(from == all.length, SCORES, from + " scores as counted");
    return Coverage.of(kind, scores);
  }

  static int[] lengths(double[]... lists) {
    return Arrays.stream(lists).mapToInt(each -> each.length).toArray();
  }
}
