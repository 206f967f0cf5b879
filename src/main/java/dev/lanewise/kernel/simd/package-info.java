/**
 * What all vector code stands on: which vectors this machine has, and how code is brought to be
 * compiled before it serves. It imports nothing of ours, and only the kernels use it.
 *
 * <p>Begin with {@link dev.lanewise.kernel.simd.WarmUp} and what it does with a {@link
 * dev.lanewise.kernel.simd.Rehearsal}; {@link dev.lanewise.kernel.simd.Lanes} has the one species
 * of floats.
 */
package dev.lanewise.kernel.simd;
