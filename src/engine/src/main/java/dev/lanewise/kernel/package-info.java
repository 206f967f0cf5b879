/**
 * Arithmetic on {@code float[]}, without threads, without allocation per call, and without files,
 * except that {@link dev.lanewise.kernel.Processor} reads the processor's description. This package
 * may use no other package but its subpackages. Only they and it import the Vector API. The engine
 * calls them; {@code data} calls them to convert bytes, and {@code train} to update parameters.
 * Nothing here knows about networks.
 *
 * <p>Begin with {@link dev.lanewise.kernel.KernelSet}, the contract, and its two implementations:
 * {@link dev.lanewise.kernel.ScalarKernels}, which are plain loops, and {@link
 * dev.lanewise.kernel.VectorKernels}, whose code is used once it is compiled and has given the bits
 * of the former. {@link dev.lanewise.kernel.KernelChoice} decides which of the two a JVM gets.
 *
 * <p>The subpackage {@code gemm} has matrix products, {@code math} has functions of elements and
 * rows, and {@code simd} has what both need for vectors and their compilation. This package uses
 * all three, {@code gemm} and {@code math} use {@code simd}, and there are no dependencies in the
 * other direction.
 *
 * <p>Parameters mean the same everywhere: {@code rows}, {@code columns} and {@code length} are
 * counts, {@code from} is the first row or element and {@code to} the end, exclusive, and an offset
 * is the start of an operand in its array. Scratch is overwritten.
 */
package dev.lanewise.kernel;
