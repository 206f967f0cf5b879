/**
 * Models in formats of other programs: ONNX, safetensors, named arrays; and the comparison of such
 * a file with its model.
 *
 * <p>A reader accepts a graph only if it computes the same function as one of our networks, and
 * names what it cannot accept. A writer's file is compared with the model before it is kept.
 *
 * <p>This package may use {@code model} and {@code source}, and what these may use. Begin with
 * {@link dev.lanewise.exchange.OnnxFormat}, one of the formats that {@code Model.load} finds, and
 * {@link dev.lanewise.exchange.Onnx}.
 */
package dev.lanewise.exchange;
