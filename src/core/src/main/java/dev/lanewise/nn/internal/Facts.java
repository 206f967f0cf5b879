package dev.lanewise.nn.internal;

import dev.lanewise.engine.internal.Expansion;
import dev.lanewise.format.NdArray;
import dev.lanewise.nn.Architecture;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The facts of a model besides its layers and parameters: how raw data becomes inputs, and the
 * meaning of outputs. An immutable value that knows no fact by name.
 */
@SuppressWarnings("unchecked") // the value of a fact has its type, because only with adds values
public final class Facts {
  /** No facts, of no network yet. */
  public static final Facts NONE = new Facts(null, Map.of());

  private final Architecture network; // null: of no network yet
  private final Map<Fact<Object>, Object> values; // never that of a model without the fact

  private Facts(Architecture network, Map<Fact<Object>, Object> values) {
    this.network = network;
    this.values = values;
  }

  /** {@return these facts for a network} */
  public Facts of(Architecture other) {
    return network == other ? this : new Facts(other, values);
  }

  /** {@return the network, for the checks of facts} */
  public Architecture network() {
    return network;
  }

  /** {@return the number of features of a row} */
  public int inputs() {
    Expansion expansion = expansion();
    return expansion == null ? network.inputs() : expansion.features();
  }

  /**
   * {@return how the features of a row become the inputs of the network; null if they are these}
   */
  public Expansion expansion() {
    return values.entrySet().stream()
        .map(entry -> entry.getKey().expansion(entry.getValue()))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** {@return the number of outputs of the network} */
  public int outputs() {
    return network.outputs();
  }

  /** {@return a fact; without it, its value for none, which may be null} */
  public <T> T get(Fact<T> fact) {
    Object value = values.get(fact);
    return value == null ? fact.none() : (T) value;
  }

  /** {@return a fact that a model may lack} */
  public <T> Optional<T> find(Fact<T> fact) {
    return Optional.ofNullable(get(fact));
  }

  /**
   * {@return these facts with another value of one, without those that it makes untrue}
   *
   * @param fact the fact
   * @param value its value; null for none
   * @throws IllegalArgumentException if the value does not fit the network and the other facts
   */
  public <T> Facts with(Fact<T> fact, T value) {
    T kept = value == null ? fact.none() : fact.checked(value, this);
    boolean isNone = kept == fact.none() || fact.none() != null && fact.none().equals(kept);
    Map<Fact<Object>, Object> changed = new HashMap<>(values);
    changed.remove(fact);
    if (!isNone) {
      changed.put((Fact<Object>) fact, kept);
    }
    return new Facts(network, changed).after(fact.name());
  }

  /** {@return these facts without those that a change makes untrue; the same if there are none} */
  public Facts after(Change change) {
    Map<Fact<Object>, Object> left = values;
    for (Map.Entry<Fact<Object>, Object> each : values.entrySet()) {
      if (!each.getKey().outlives(change, each.getValue(), this)) {
        left = left == values ? new HashMap<>(values) : left;
        left.remove(each.getKey());
      }
    }
    return left == values ? this : new Facts(network, left);
  }

  /** {@return these facts for the network of others, with what these have of networks} */
  public Facts like(Facts others) {
    Map<Fact<Object>, Object> changed = new HashMap<>(values);
    changed.keySet().removeIf(Fact::isOfNetwork);
    others.values.forEach(
        (fact, value) -> {
          if (fact.isOfNetwork()) {
            changed.put(fact, value);
          }
        });
    return new Facts(others.network, changed);
  }

  /** {@return the facts that there are, in the order of their arrays in a file} */
  public List<Fact<Object>> all() {
    return values.keySet().stream().sorted(Comparator.comparing(Fact::name)).toList();
  }

  /** Adds the arrays of all facts. */
  public void put(Map<String, NdArray> arrays) {
    for (Fact<Object> fact : all()) {
      fact.put(values.get(fact), arrays);
    }
  }

  /**
   * {@return what facts say of themselves, those that say something}
   *
   * @param order the facts
   */
  public List<Said> said(List<Fact<?>> order) {
    return order.stream()
        .map(fact -> ((Fact<Object>) fact).say(get(fact), this))
        .filter(Objects::nonNull)
        .toList();
  }

  /** Compares the values of all facts, whatever the network is. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Facts that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }
}
