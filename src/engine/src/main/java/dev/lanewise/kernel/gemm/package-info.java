/**
 * Matrix products. The engine makes one {@link dev.lanewise.kernel.gemm.Gemm} per layer and thread,
 * sets its operands and computes it in every step.
 *
 * <p>Begin with {@link dev.lanewise.kernel.gemm.Gemm}: {@link dev.lanewise.kernel.gemm.Plan}, one
 * table, decides how a shape is computed, and {@link dev.lanewise.kernel.gemm.VectorGemm} computes
 * it with loops around the register tiles that src/generator writes. Until these are compiled,
 * {@link dev.lanewise.kernel.gemm.NarrowGemm} or {@link dev.lanewise.kernel.gemm.ScalarGemm}
 * computes the same bits.
 */
package dev.lanewise.kernel.gemm;
