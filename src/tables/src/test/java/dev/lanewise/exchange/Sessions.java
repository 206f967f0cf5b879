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
}
