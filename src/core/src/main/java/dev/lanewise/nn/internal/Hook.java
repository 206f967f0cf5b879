package dev.lanewise.nn.internal;

import java.util.function.Function;

/**
 * The way of other packages into a class that hides its inside from users: from an object to its
 * inside and back. The class installs it when it is loaded.
 */
public final class Hook<T, S> {
  private final Class<T> owner;
  private Function<T, S> inside;
  private Function<S, T> outside;

  /** Makes the hook of a class. */
  public Hook(Class<T> owner) {
    this.owner = owner;
  }

  /**
   * Sets both directions.
   *
   * @param in from an object to its inside
   * @param out from an inside to an object; null where nobody makes one
   */
  public void install(Function<T, S> in, Function<S, T> out) {
    inside = in;
    outside = out;
  }

  /** {@return the inside of an object} */
  public S of(T object) {
    return inside.apply(object);
  }

  /** {@return an object with an inside, after loading its class if necessary} */
  public T make(S in) {
    if (outside == null) {
      try {
        Class.forName(owner.getName(), true, owner.getClassLoader());
      } catch (ClassNotFoundException e) {
        throw new AssertionError(e);
      }
    }
    return outside.apply(in);
  }
}
