package dev.lanewise.kernel.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The operators of the Vector API that kernels use, looked up before any kernel runs.
 *
 * <p>The API keeps what an operator does in a cache that its first use fills, with code of a class
 * of its own for each. A C2 that has compiled the look-up after some operators is surprised by the
 * next ones, and remembers it: once for every place where it inlines the look-up again. A tile of
 * many multiply-adds then has more surprises of that kind than the 100 that C2 puts up with in one
 * method; it trusts no class of any vector there any more, and ends each tile with vectors on the
 * heap, for as long as the process lives.
 */
public final class Operators {
  /** Some milliseconds; C1 takes a method up after 200 calls. */
  private static final int PROFILED_CALLS = 3000;

  private Operators() {}

  /** Uses each of them once. */
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
   * Loads, adds and stores until the JVM has counted which classes the API's own methods meet. A
   * tile that C2 compiles before that has calls in place of its stores, and its sums on the heap.
   */
  private static void profile() {
    float[] values = new float[Lanes.LENGTH];
    for (int i = 0; i < PROFILED_CALLS; i++) {
      FloatVector x = FloatVector.fromArray(Lanes.SPECIES, values, 0);
      FloatVector.broadcast(Lanes.SPECIES, values[0]).fma(x, x).intoArray(values, 0);
    }
  }
}
