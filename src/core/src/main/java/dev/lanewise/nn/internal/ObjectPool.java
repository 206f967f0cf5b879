package dev.lanewise.nn.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Objects that one thread at a time can use, such as predictors, for calls from any thread. A call
 * takes one that is idle, or makes one, and no call waits for another. As many as there are
 * processors are kept, because no more calls run at the same moment.
 */
public final class ObjectPool<T> {
  /** The largest number that is kept. */
  public static final int MOST = Runtime.getRuntime().availableProcessors();

  private final Deque<T> all = new ArrayDeque<>(1);
  private final Supplier<T> maker;

  /** Makes a pool without objects. */
  public ObjectPool(Supplier<T> maker) {
    this.maker = maker;
  }

  /** Returns the result of a call with an object that no other call uses meanwhile. */
  public <R> R call(Function<T, R> work) {
    T one;
    synchronized (all) {
      one = all.poll();
    }
    one = one == null ? maker.get() : one;
    try {
      return work.apply(one);
    } finally {
      synchronized (all) {
        if (all.size() < MOST) {
          all.push(one);
        }
      }
    }
  }

  /** Returns how many objects are kept. */
  public int size() {
    synchronized (all) {
      return all.size();
    }
  }
}
