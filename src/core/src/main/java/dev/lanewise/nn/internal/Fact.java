package dev.lanewise.nn.internal;

import dev.lanewise.engine.internal.Expansion;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Fields;
import java.io.IOException;
import java.util.Map;

/**
 * A kind of fact that a model has besides its layers and parameters, such as its calibration. All
 * that reads, writes, compares, copies, drops or shows the facts of a model does so for each of
 * these.
 *
 * @param <T> the fact as a value, which is immutable and has {@code equals}
 */
public abstract class Fact<T> {
  private final FactName name;
  private final T none;

  /**
   * Declares a fact.
   *
   * @param name where it is in a file, and which changes of a model drop it
   * @param none what a model without this fact has in its place; may be null
   */
  protected Fact(FactName name, T none) {
    this.name = name;
    this.none = none;
  }

  /** {@return where it is in a file} */
  public final FactName name() {
    return name;
  }

  /** {@return the name of the array that every model with this fact has} */
  public final String array() {
    return name.array();
  }

  /** Returns what a model without this fact has in its place. */
  final T none() {
    return none;
  }

  /** {@return whether a file has this fact} */
  public boolean isIn(Fields file) {
    return file.contains(array());
  }

  /** {@return what is assumed about a file of another program without this fact; or null} */
  public Assumption assumption() {
    return null;
  }

  /**
   * Visits all arrays of a value, to write or to read it.
   *
   * @param value to write; null while reading
   * @param fields a writer or a reader
   * @param others the facts that were read before; null while writing
   * @return the value that was read
   * @throws IOException if an array is missing or cannot be that of a value
   */
  public abstract T visit(T value, Fields fields, Facts others) throws IOException;

  /** Adds the arrays of a value. */
  public final void put(T value, Map<String, NdArray> arrays) {
    try {
      visit(value, Fields.to(arrays), null);
    } catch (IOException e) {
      throw new AssertionError("memory takes all", e);
    }
  }

  /**
   * {@return the value as it is kept}
   *
   * @param value not null
   * @param others the other facts, with the network
   * @throws IllegalArgumentException if the value does not fit them
   */
  public T checked(T value, Facts others) {
    return value;
  }

  /**
   * {@return whether a value is still true after a change}
   *
   * @param change what changed
   * @param value the value
   * @param now the facts after the change
   */
  public boolean outlives(Change change, T value, Facts now) {
    return !name.endsWith(change);
  }

  /**
   * {@return whether the fact is about the results that exactly these parameters give} In a model
   * of several networks, such a fact belongs to their average, and no single network has one.
   */
  public final boolean isOfResults() {
    return name.endsWith(Change.NETWORK);
  }

  /**
   * {@return what the fact says of itself; null if nothing}
   *
   * @param value the value, also that of a model without the fact
   * @param facts all facts
   */
  public Said say(T value, Facts facts) {
    return null;
  }

  /** {@return how the features of a row become the inputs of a network; null if they are these} */
  public Expansion expansion(T value) {
    return null;
  }

  /** {@return whether networks of one model may differ in that only some have this fact} */
  public boolean isOfNetwork() {
    return false;
  }
}
