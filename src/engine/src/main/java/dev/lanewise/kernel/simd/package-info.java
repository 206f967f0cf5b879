/**
 * The basis of all vector code: the vectors that this machine has, and the warm-ups that get code
 * compiled, and compared with the scalar kernels, before it is used. It imports no other package of
 * ours, and only the kernels use it.
 *
 * <p>Begin with {@link dev.lanewise.kernel.simd.KernelWarmUps}, which runs each {@link
 * dev.lanewise.kernel.simd.KernelWarmUp}. {@link dev.lanewise.kernel.simd.Lanes} has the one
 * species of float vectors.
 */
package dev.lanewise.kernel.simd;
