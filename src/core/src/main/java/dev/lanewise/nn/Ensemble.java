package dev.lanewise.nn;

import dev.lanewise.format.NdArray;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Several networks as one model, whose predictions are averaged. The members were trained for the
 * same data: they share the scaling, the classes and all other facts about data, but may differ in
 * layers and in whether they see bins of the features.
 *
 * <p>A probability, or for regression a number in the units of the data, is the sum over the
 * members in their order divided by their number, both in double. The class is the one with the
 * largest average, the first of equals.
 */
public final class Ensemble extends Model {
  private static final long serialVersionUID = 1L;

  private final transient List<Mlp> members;

  private Ensemble(List<Mlp> members, Facts facts) {
    super(facts, members.get(0).assumed);
    this.members = members;
  }

  /** Returns this model with changed members, and with its own facts about their average. */
  private Ensemble with(UnaryOperator<Mlp> change) {
    List<Mlp> changed = members.stream().map(change).toList();
    Mlp first = changed.get(0).withCalibration(calibration()).withRule(rule());
    return new Ensemble(changed, first.withCoverage(coverage()).facts);
  }

  /**
   * {@return a model of several networks}
   *
   * @param members the networks, at least two
   * @throws IllegalArgumentException if there are fewer, or they differ in features, outputs or
   *     facts about data
   */
  public static Ensemble of(List<Mlp> members) {
    List<Mlp> all = List.copyOf(Objects.requireNonNull(members, "members"));
    if (all.size() < 2) {
      throw new IllegalArgumentException(
          all.size() + " networks, expected at least two as members of one model");
    }
    Mlp first = all.get(0);
    if (all.stream().anyMatch(m -> m.facts.uncalibrated() != m.facts)) {
      throw new IllegalArgumentException(
          "members with calibrations, decisions or coverages of their own, expected none"
              + " (withCalibration, withRule, withCoverage), as the average of the members has"
              + " them");
    }
    for (int m = 1; m < all.size(); m++) {
      Mlp other = all.get(m);
      boolean fits = other.inputs() == first.inputs() && other.outputs() == first.outputs();
      if (!fits || !first.facts.agree(other.facts)) {
        throw new IllegalArgumentException(
            "member %s of %s is %s, expected the features, outputs and facts of member 1, %s"
                .formatted(m + 1, all.size(), other, first));
      }
    }
    if (all.stream().flatMap(member -> member.bins().stream()).distinct().count() > 1) {
      throw new IllegalArgumentException(
          "members that see different bins, expected the same where they see some");
    }
    return new Ensemble(all, first.facts);
  }

  @Override
  public List<Mlp> members() {
    return members;
  }

  @Override
  public Ensemble withScaling(Scaling scaling) {
    return of(members.stream().map(member -> member.withScaling(scaling)).toList());
  }

  @Override
  public Ensemble withTraining(List<String> options) {
    return with(member -> member.withTraining(options));
  }

  /** Calibrates the average; {@link #members} have no calibration of their own. */
  @Override
  public Ensemble withCalibration(Optional<Calibration> calibration) {
    return new Ensemble(members, facts.with(f -> f.setCalibration(calibration)));
  }

  @Override
  public Ensemble withRule(Optional<DecisionRule> rule) {
    return new Ensemble(members, facts.with(f -> f.setRule(rule)));
  }

  @Override
  public Ensemble withCoverage(Optional<Coverage> coverage) {
    return new Ensemble(members, facts.with(f -> f.setCoverage(coverage)));
  }

  @Override
  public Ensemble withFurtherFacts(Map<String, NdArray> facts) {
    return with(member -> member.withFurtherFacts(facts));
  }

  @Override
  public int parameterCount() {
    return Math.toIntExact(members.stream().mapToLong(Mlp::parameterCount).sum());
  }

  @Override
  public String sha256() {
    String all = String.join("", members.stream().map(Mlp::sha256).toList());
    byte[] digests = HexFormat.of().parseHex(all);
    return NdArray.ofBytes(digests, digests.length).sha256();
  }

  /** Compares the members in order, each as a whole, and the facts about their average. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Ensemble that
        && members.equals(that.members)
        && calibration().equals(that.calibration())
        && rule().equals(that.rule())
        && coverage().equals(that.coverage());
  }

  @Override
  public int hashCode() {
    return members.hashCode();
  }

  /** {@return its networks and facts, such as {@code Ensemble[2 networks 4-3-2, 4-3-2, ...]}} */
  @Override
  public String toString() {
    return "Ensemble[%s networks %s, %s]".formatted(members.size(), sizes(), shown());
  }
}
