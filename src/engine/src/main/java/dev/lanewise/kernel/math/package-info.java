/**
 * Functions of elements and rows: activations, softmax and losses, updates of parameters, scaling
 * of features, and random numbers. Each is a formula with its rounding steps, so that plain code
 * and vectors of any width give the same bits.
 *
 * <p>Begin with {@link dev.lanewise.kernel.math.Elementary}, which has exp and log as our own
 * polynomials, and {@link dev.lanewise.kernel.math.RowMath}, which has sums in a fixed order.
 * {@link dev.lanewise.kernel.math.Nonlinearity} defines the activations, and {@code
 * VectorActivation} follows it operation by operation; {@code SoftmaxRows} is the softmax of many
 * short rows, {@code VectorSoftmax} that of one long row. {@link dev.lanewise.kernel.KernelSet}
 * calls the functions that have a scalar and a vector implementation. The others have one
 * implementation, a plain loop, and networks and training call them directly: {@link
 * dev.lanewise.kernel.math.OutputLosses}, {@link dev.lanewise.kernel.math.Updates}, {@link
 * dev.lanewise.kernel.math.GradientNorm} and {@link dev.lanewise.kernel.math.CounterRandom}.
 */
package dev.lanewise.kernel.math;
