package dev.lanewise.nn;

import dev.lanewise.format.NdArray;
import dev.lanewise.nn.internal.Change;
import dev.lanewise.nn.internal.Fact;
import dev.lanewise.nn.internal.Facts;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

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

  @Override
  <T> Ensemble with(Fact<T> fact, T value) {
    return new Ensemble(
        fact.isOfResults() ? members : members.stream().map(m -> m.with(fact, value)).toList(),
        facts.with(fact, value));
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
    if (all.stream().anyMatch(m -> m.facts.after(Change.NETWORK) != m.facts)) {
      throw new IllegalArgumentException(
          "members with calibrations, decisions or coverages of their own, expected none"
              + " (withCalibration, withRule, withCoverage), as the average of the members has"
              + " them");
    }
    for (int m = 1; m < all.size(); m++) {
      Mlp other = all.get(m);
      boolean fits = other.inputs() == first.inputs() && other.outputs() == first.outputs();
      if (!fits || !first.facts.like(other.facts).equals(other.facts)) {
        throw new IllegalArgumentException(
            "member %s of %s is %s, expected the features, outputs and facts of member 1, %s"
                .formatted(m + 1, all.size(), other, first));
      }
    }
    if (all.stream().flatMap(member -> member.bins().stream()).distinct().count() > 1) {
      throw new IllegalArgumentException(
          "members that see different bins, expected the same where they see some");
    }
    Comparator<Mlp> byInputs = Comparator.comparingInt(member -> member.architecture().inputs());
    return new Ensemble(all, Collections.max(all, byInputs).facts); // with the bins
  }

  @Override
  public List<Mlp> members() {
    return members;
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
        && facts.equals(that.facts);
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
