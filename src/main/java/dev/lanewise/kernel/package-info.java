/**
 * Arithmetic on {@code float[]}: no threads, no allocation a call, no files but what {@link
 * dev.lanewise.kernel.Processor} asks the system for. Only this package and those within it import
 * the Vector API. The engine calls them, and {@code data} and {@code train} for bytes and updates;
 * nothing here knows of networks.
 *
 * <p>Begin with {@link dev.lanewise.kernel.Kernels}, the contract, and its twins: {@link
 * dev.lanewise.kernel.ScalarKernels}, plain loops, and {@link dev.lanewise.kernel.VectorKernels},
 * whose code serves from the moment on at which it is compiled. {@link
 * dev.lanewise.kernel.KernelChoice} decides which of the two a JVM gets.
 *
 * <p>Within it {@code gemm} has matrix products, {@code math} what is computed element by element
 * or row by row, and {@code simd} what both need of vectors and of the compiler. This package uses
 * all three, {@code gemm} and {@code math} use {@code simd}, and nothing goes the other way.
 */
package dev.lanewise.kernel;
