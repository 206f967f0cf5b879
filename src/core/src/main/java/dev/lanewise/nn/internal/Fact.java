package dev.lanewise.nn.internal;

import dev.lanewise.engine.Expansion;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Fields;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A kind of fact that a model has besides its layers and parameters, such as its calibration. All
 * that reads, writes, compares, copies, drops or shows the facts of a model does so for each of a
 * list of these.
 *
 * @param <T> the fact as a value, which is immutable and has {@code equals}
 */
public abstract class Fact<T> implements Change {
  private final String name;
  private final String others;
  private final T none;
  private final List<Change> endings;

  /**
   * Declares a fact.
   *
   * @param name of the array that is in the file of every model with this fact
   * @param others how the names of its other arrays begin; null if it has no others
   * @param none what a model without this fact has in its place; may be null
   * @param endings the changes of a model that drop the fact
   */
  protected Fact(String name, String others, T none, Change... endings) {
    this.name = name;
    this.others = others;
    this.none = none;
    this.endings = List.of(endings);
  }

  /** {@return the name of the array that every model with this fact has} */
  public final String name() {
    return name;
  }

  /** Returns what a model without this fact has in its place. */
  final T none() {
    return none;
  }

  /** {@return whether an array of this name belongs to this fact, even if no value has it} */
  public boolean owns(String array) {
    return array.equals(name) || others != null && array.startsWith(others);
  }

  /** {@return whether a file has this fact} */
  public boolean isIn(Fields file) {
    return file.contains(name);
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
    return !endings.contains(change);
  }

  /**
   * {@return whether the fact is about the results of the very parameters} In a model of several
   * networks it is then a fact of their average, and no network has one of its own.
   */
  public final boolean isOfResults() {
    return endings.contains(Change.NETWORK);
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
