/**
 * Matrix products. The engine makes a {@link dev.lanewise.kernel.gemm.Gemm} once a layer and
 * thread, sets its operands and has it computed again and again.
 *
 * <p>Begin with {@link dev.lanewise.kernel.gemm.Gemm}: it asks {@link
 * dev.lanewise.kernel.gemm.Plan}, one table, how its shape is computed, and {@link
 * dev.lanewise.kernel.gemm.VectorGemm} does it, by loops around the register tiles that
 * src/generator writes. Until these are compiled, {@link dev.lanewise.kernel.gemm.NarrowGemm} or
 * {@link dev.lanewise.kernel.gemm.ScalarGemm} serves, with the same bits.
 */
package dev.lanewise.kernel.gemm;
