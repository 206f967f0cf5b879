/**
 * Computes one network: the forward pass, the loss and the gradients, in buffers that are made
 * once. It knows sizes, places in arrays and how threads share them, but neither files nor data
 * sets. {@code nn} predicts with it; {@code train} and {@code check} compute gradients with it.
 *
 * <p>In a step each thread calls {@code rows} for its rows of the mini-batch; after a barrier it
 * calls {@code weightGradient} and {@code biasGradient} for its parameters. One thread computes
 * each value completely, so the bits do not depend on the number of threads. The products are
 * objects ({@link dev.lanewise.kernel.gemm.Gemm}), one per layer and thread.
 *
 * <p>This package may use {@code kernel} and {@code parallel}. Begin with {@link
 * dev.lanewise.engine.internal.Backpropagation}.
 */
package dev.lanewise.engine.internal;
