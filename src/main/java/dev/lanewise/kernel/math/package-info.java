/**
 * What is computed element by element or row by row: activations, softmax and losses, what
 * optimizers do to parameters, features as they become inputs, and random numbers. Each is a
 * formula with its roundings, so that plain code and vectors of any width give the same bits.
 *
 * <p>Begin with {@link dev.lanewise.kernel.math.Elementary}, exp and log by polynomials of our own,
 * and {@link dev.lanewise.kernel.math.Rows}, sums in a fixed order. {@link
 * dev.lanewise.kernel.math.ScalarActivation} defines the activations, and {@code VectorActivation}
 * follows it operation by operation; {@code SoftmaxRows} and {@code VectorSoftmax} are softmax of
 * many short rows and of a long one. {@link dev.lanewise.kernel.Kernels} calls those that have two
 * twins. The others have one for all, plain loops, and are called by networks and trainings
 * themselves: {@link dev.lanewise.kernel.math.OutputLosses}, {@link
 * dev.lanewise.kernel.math.Updates}, {@link dev.lanewise.kernel.math.GradientNorm}, {@link
 * dev.lanewise.kernel.math.DropoutMask} and {@link dev.lanewise.kernel.math.CounterRandom}.
 */
package dev.lanewise.kernel.math;
