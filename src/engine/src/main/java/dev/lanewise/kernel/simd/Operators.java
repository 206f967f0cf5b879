package dev.lanewise.kernel.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Uses the operators of the Vector API that the kernels need, before any kernel runs.
 *
 * <p>The API keeps the implementation of each operator in a cache that the first use fills, and
 * each implementation is a class. If C2 has compiled the look-up after the first few operators, the
 * next ones invalidate its assumptions, which it counts once for every place where it inlines the
 * look-up. A tile of many multiply-adds then exceeds the 100 invalidations that C2 tolerates in one
 * method. From then on it assumes no class for any vector in that method, and keeps vectors on the
 * heap for as long as the process lives.
 */
public final class Operators {
  /** Takes a few milliseconds; C1 compiles a method after 200 calls. */
  private static final int PROFILED_CALLS = 3000;

  private Operators() {}

  /** Uses each operator once. */
  public static void resolve() {
    FloatVector x = FloatVector.zero(Lanes.SPECIES);
    x.neg();
    x.abs();
    x.sqrt();
    x.add(x);
    x.sub(x);
    x.mul(x);
    x.div(x);
    x.fma(x, x);
    IntVector i = IntVector.zero(Lanes.INTS);
    i.add(i);
    i.sub(i);
    i.and(i);
    i.lanewise(VectorOperators.LSHL, 1);
    i.lanewise(VectorOperators.ASHR, 1);
    LongVector l = LongVector.zero(Lanes.LONGS);
    l.and(l);
    l.or(l);
    l.lanewise(VectorOperators.LSHL, 1);
    l.lanewise(VectorOperators.LSHR, 1);
    profile();
  }

  /**
   * Loads, adds and stores until the JVM's profiles contain the classes that the API's methods get.
   * A tile that C2 compiles before that calls methods in place of stores, and keeps its sums on the
   * heap.
   */
  private static void profile() {
    float[] values = new float[Lanes.LENGTH];
    for (int i = 0; i < PROFILED_CALLS; i++) {
      FloatVector x = FloatVector.fromArray(Lanes.SPECIES, values, 0);
      FloatVector.broadcast(Lanes.SPECIES, values[0]).fma(x, x).intoArray(values, 0);
    }
  }
}
