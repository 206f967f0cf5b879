package dev.lanewise.exchange;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.lanewise.format.NdArray;
import dev.lanewise.model.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Sessions of ONNX Runtime, which computes the graphs of models. */
final class Sessions {
  static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  private Sessions() {}

  static OrtSession of(Model model) throws IOException, OrtException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OnnxWriter.write(model, Map.of(), false, Set.of()).write(out);
    return ENVIRONMENT.createSession(out.toByteArray());
  }

  static boolean isDouble(OrtSession session, String input) throws OrtException {
    return ((TensorInfo) session.getInputInfo().get(input).getInfo()).type == OnnxJavaType.DOUBLE;
  }

  /** Returns numbers, [rows][columns], in the type of an input. */
  static OnnxTensor tensor(OrtSession session, String input, int columns, double... x)
      throws OrtException {
    long[] shape = {x.length / columns, columns};
    if (isDouble(session, input)) {
      return OnnxTensor.createTensor(ENVIRONMENT, DoubleBuffer.wrap(x), shape);
    }
    FloatBuffer floats = FloatBuffer.wrap(NdArray.of(x, x.length).toFloats());
    return OnnxTensor.createTensor(ENVIRONMENT, floats, shape);
  }

  /** Returns the inputs of a table's graph, N x 1 each, from rows by the names of inputs. */
  static Map<String, OnnxTensor> tensors(OrtSession session, List<Map<String, Object>> rows)
      throws OrtException {
    Map<String, OnnxTensor> tensors = new HashMap<>();
    long[] shape = {rows.size(), 1};
    for (String name : session.getInputNames()) {
      Object[] column = rows.stream().map(row -> row.get(name)).toArray();
      if (column[0] instanceof String) {
        String[] texts = Arrays.copyOf(column, column.length, String[].class);
        tensors.put(name, OnnxTensor.createTensor(ENVIRONMENT, texts, shape));
      } else if (column[0] instanceof Long) {
        long[] whole = Arrays.stream(column).mapToLong(x -> (Long) x).toArray();
        tensors.put(name, OnnxTensor.createTensor(ENVIRONMENT, LongBuffer.wrap(whole), shape));
      } else {
        double[] x = Arrays.stream(column).mapToDouble(n -> ((Number) n).doubleValue()).toArray();
        tensors.put(name, tensor(session, name, 1, x));
      }
    }
    return tensors;
  }
}
