package dev.lanewise.nn;

import dev.lanewise.kernel.KernelChoice;

/**
 * The kernels that compute in this JVM: vector code, or scalar code with the same results, which
 * takes many times as long. Where they are scalar, the {@link System.Logger} {@code
 * dev.lanewise.kernel} gets the line of {@link #describe} once, at level INFO.
 */
public final class Kernels {
  private Kernels() {}

  /**
   * {@return one line that says which kernels compute, with the width of their vectors, why these,
   * and how to get faster ones} Such as {@code scalar kernels: the module jdk.incubator.vector is
   * not loaded; run java with --add-modules jdk.incubator.vector for the vector kernels}.
   */
  public static String describe() {
    return KernelChoice.current().line();
  }
}
