package dev.lanewise.bench;

import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Mlp;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes a network as an ONNX model for other libraries. The model consists of Gemm, Relu and
 * Softmax, from {@code features} to {@code probabilities}. Field numbers are those of onnx.proto,
 * IR version 7, opset 13.
 */
final class OnnxFile {
  private static final int FLOAT = 1;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private OnnxFile() {}

  static byte[] of(Mlp model) {
    OnnxFile graph = new OnnxFile();
    String flow = "features";
    int layers = model.layers().size();
    for (int l = 0; l < layers; l++) {
      Layer layer = model.layers().get(l);
      boolean last = l == layers - 1;
      graph.node("Gemm", "sums" + l, flow, "W" + l, "b" + l);
      flow = last ? "probabilities" : "outputs" + l;
      graph.node(last ? "Softmax" : "Relu", flow, "sums" + l);
      graph.tensor("W" + l, model.weights(l), layer.inputs(), layer.outputs());
      graph.tensor("b" + l, model.biases(l), layer.outputs());
    }
    graph.text(2, "mlp");
    graph.message(11, rows("features", model.architecture().inputs()));
    graph.message(12, rows("probabilities", model.architecture().outputs()));
    OnnxFile file = new OnnxFile();
    file.number(1, 7);
    file.message(8, new OnnxFile().text(1, "").number(2, 13));
    file.message(7, graph);
    return file.bytes.toByteArray();
  }

  private void node(String operation, String output, String... inputs) {
    OnnxFile node = new OnnxFile();
    for (String input : inputs) {
      node.text(1, input);
    }
    message(1, node.text(2, output).text(4, operation));
  }

  private void tensor(String name, float[] values, int... shape) {
    OnnxFile tensor = new OnnxFile();
    for (int dimension : shape) {
      tensor.number(1, dimension);
    }
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    message(5, tensor.number(2, FLOAT).text(8, name).field(9, raw.array()));
  }

  /** Returns the description of an input or output with any number of rows. */
  private static OnnxFile rows(String name, int columns) {
    OnnxFile shape = new OnnxFile();
    shape.message(1, new OnnxFile().text(2, "N")).message(1, new OnnxFile().number(1, columns));
    OnnxFile tensor = new OnnxFile().number(1, FLOAT).message(2, shape);
    return new OnnxFile().text(1, name).message(2, new OnnxFile().message(1, tensor));
  }

  private OnnxFile number(int field, long value) {
    varint(field << 3);
    varint(value);
    return this;
  }

  private OnnxFile text(int field, String value) {
    return field(field, value.getBytes(StandardCharsets.UTF_8));
  }

  private OnnxFile message(int field, OnnxFile value) {
    return field(field, value.bytes.toByteArray());
  }

  private OnnxFile field(int field, byte[] value) {
    varint(field << 3 | 2);
    varint(value.length);
    bytes.writeBytes(value);
    return this;
  }

  private void varint(long value) {
    long rest = value;
    for (; rest >= 0x80; rest >>>= 7) {
      bytes.write((int) (rest & 0x7F | 0x80));
    }
    bytes.write((int) rest);
  }
}
