package dev.lanewise.nn;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Allowed;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stores calibration, decision and coverage of a model as arrays that numpy reads. */
final class ResultArrays {
  private static final String CALIBRATION = "calibration"; // temperature or platt; may be absent
  private static final String DECISION = "decision"; // threshold or costs; may be absent
  private static final String COVERAGE = "coverage"; // classes, by-class or numbers; may be absent

  /** All names of these arrays. */
  static final String NAMES = "(?:" + CALIBRATION + "|" + DECISION + "|" + COVERAGE + ")(?:_.*)?";

  private ResultArrays() {}

  static void put(Map<String, NdArray> arrays, Model model) {
    model.calibration().ifPresent(calibration -> putCalibration(arrays, calibration));
    model.rule().ifPresent(rule -> putRule(arrays, rule));
    model.coverage().ifPresent(coverage -> putCoverage(arrays, coverage));
  }

  private static void putCalibration(Map<String, NdArray> arrays, Calibration calibration) {
    boolean isTemperature = calibration.isTemperature();
    int numbers = calibration.slopes.length;
    arrays.put(CALIBRATION, NdArray.ofStrings(List.of(isTemperature ? "temperature" : "platt")));
    arrays.put(
        CALIBRATION + (isTemperature ? "_temperature" : "_slope"),
        NdArray.of(calibration.slopes, numbers));
    if (!isTemperature) {
      arrays.put(CALIBRATION + "_intercept", NdArray.of(calibration.intercepts, numbers));
    }
  }

  private static void putRule(Map<String, NdArray> arrays, DecisionRule rule) {
    arrays.put(DECISION, NdArray.ofStrings(List.of(rule.isThreshold() ? "threshold" : "costs")));
    if (rule.isThreshold()) {
      arrays.put(DECISION + "_positive", NdArray.of(new int[] {rule.positive}, 1));
      arrays.put(DECISION + "_threshold", NdArray.of(new double[] {rule.threshold}, 1));
    } else {
      arrays.put(DECISION + "_costs", NdArray.of(rule.costs, rule.classes, rule.classes));
    }
  }

  private static void putCoverage(Map<String, NdArray> arrays, Coverage coverage) {
    arrays.put(COVERAGE, NdArray.ofStrings(List.of(EnumLabels.of(coverage.kind))));
    int[] counts = Arrays.stream(coverage.scores).mapToInt(group -> group.length).toArray();
    arrays.put(COVERAGE + "_counts", NdArray.of(counts, counts.length));
    double[] all = Arrays.stream(coverage.scores).flatMapToDouble(Arrays::stream).toArray();
    arrays.put(COVERAGE + "_scores", NdArray.of(all, all.length));
  }

  static Optional<Calibration> calibration(ModelFile source) throws IOException {
    if (!source.contains(CALIBRATION)) {
      return Optional.empty();
    }
    String kind = String.join(" ", source.strings(CALIBRATION));
    return Optional.of(
        switch (kind) {
          case "temperature" ->
              Calibration.temperature(
                  source.number(CALIBRATION + "_temperature", Allowed.ABOVE_ZERO));
          case "platt" ->
              Calibration.platt(
                  source.doubles(CALIBRATION + "_slope", Allowed.ABOVE_ZERO),
                  source.doubles(CALIBRATION + "_intercept", Allowed.FINITE));
          default ->
              throw new FormatException(
                  source.file, "calibration '%s', expected temperature or platt", kind);
        });
  }

  static Optional<DecisionRule> rule(ModelFile source, int classes) throws IOException {
    if (!source.contains(DECISION)) {
      return Optional.empty();
    }
    String kind = String.join(" ", source.strings(DECISION));
    if (kind.equals("threshold")) {
      long[] positive = source.longs(DECISION + "_positive");
      source.require(positive.length == 1, DECISION + "_positive", "one integer");
      double threshold = source.number(DECISION + "_threshold", Allowed.FROM_ZERO_TO_ONE);
      return Optional.of(DecisionRule.threshold(Math.toIntExact(positive[0]), threshold));
    } else if (!kind.equals("costs")) {
      throw new FormatException(source.file, "decision '%s', expected threshold or costs", kind);
    }
    String name = DECISION + "_costs";
    List<Integer> square = List.of(classes, classes);
    source.require(source.shape(name).equals(square), name, "a matrix " + square);
    double[] all = source.doubles(name, Allowed.FINITE);
    double[][] costs = new double[classes][];
    Arrays.setAll(costs, t -> Arrays.copyOfRange(all, t * classes, (t + 1) * classes));
    return Optional.of(DecisionRule.costs(costs));
  }

  static Optional<Coverage> coverage(ModelFile source) throws IOException {
    if (!source.contains(COVERAGE)) {
      return Optional.empty();
    }
    Coverage.Kind kind =
        EnumLabels.find(
            Coverage.Kind.values(), String.join(" ", source.strings(COVERAGE)), COVERAGE);
    long[] counts = source.longs(COVERAGE + "_counts");
    double[] all = source.doubles(COVERAGE + "_scores", Allowed.FROM_ZERO);
    double[][] scores = new double[counts.length][];
    int from = 0;
    for (int g = 0; g < counts.length; g++) {
      boolean right = counts[g] >= 0 && counts[g] <= all.length - from;
      source.require(right, COVERAGE + "_counts", "the counts of " + all.length + " scores");
      scores[g] = Arrays.copyOfRange(all, from, from += (int) counts[g]);
      Allowed.ascending(COVERAGE + "_scores", scores[g]);
    }
    source.require(from == all.length, COVERAGE + "_scores", from + " scores as counted");
    return Optional.of(Coverage.of(kind, scores));
  }
}
