/**
 * Computes one network: the forward pass, the loss and the gradients, in buffers that are made
 * once. It knows sizes, places in arrays and how threads share them; it uses {@code kernel} and
 * {@code parallel} and knows neither files nor data sets. {@code nn} predicts with it; {@code
 * train} and {@code check} compute gradients with it.
 *
 * <p>Begin with {@link dev.lanewise.engine.Backpropagation}. In a step each thread calls {@code
 * rows} for its rows of the mini-batch; after a barrier it calls {@code weightGradient} and {@code
 * biasGradient} for its parameters. One thread computes each value completely, so the bits do not
 * depend on the number of threads. The products are objects ({@link
 * dev.lanewise.kernel.gemm.Gemm}), one per layer and thread.
 */
package dev.lanewise.engine;
