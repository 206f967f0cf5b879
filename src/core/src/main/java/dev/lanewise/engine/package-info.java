/**
 * One network at work: rows through its layers, the loss, and the gradients back, in buffers that
 * are made once. It knows sizes, places in arrays and how threads share them, and nothing of files,
 * models or data sets: {@code nn} predicts with it, and {@code train} and {@code check} drive it.
 *
 * <p>Begin with {@link dev.lanewise.engine.Backpropagation}: a step is {@code rows}, which is each
 * thread's part of a mini-batch, a barrier, and {@code weightGradient} and {@code biasGradient},
 * which are each thread's part of the parameters. Every value is computed whole by one thread, so
 * the bits do not depend on how many there are. The products are objects ({@link
 * dev.lanewise.kernel.gemm.Gemm}), made once a layer and thread.
 */
package dev.lanewise.engine;
