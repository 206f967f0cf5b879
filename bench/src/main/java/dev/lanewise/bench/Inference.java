package dev.lanewise.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictor;
import dev.lanewise.nn.Scaling;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/** A predictor for one thread, from an array of features to an array of probabilities. */
interface Inference {
  void predict(float[] features, float[] probabilities) throws OrtException;

  /** A model that all threads share and that makes a predictor for each of them. */
  interface Model {
    Inference inference(int rows) throws OrtException;
  }

  static Model of(String impl, Mlp model) throws OrtException {
    return switch (impl) {
      case "lanewise" -> rows -> lanewise(model, rows);
      case "onnxruntime" -> onnxRuntime(model);
      default -> throw new IllegalArgumentException("impl " + impl);
    };
  }

  private static Inference lanewise(Mlp model, int rows) {
    Predictor predictor = model.withScaling(Scaling.none()).predictor(rows);
    return predictor::predict;
  }

  /** Returns a model with one session for all threads, each of which computes its own calls. */
  private static Model onnxRuntime(Mlp model) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    OrtSession session = environment.createSession(OnnxFile.of(model), options);
    return rows -> {
      // The tensors share memory with direct buffers, so a call only copies values from and to
      // arrays.
      FloatBuffer in = direct(rows * model.architecture().inputs());
      FloatBuffer out = direct(rows * model.architecture().outputs());
      long[] inShape = {rows, model.architecture().inputs()};
      long[] outShape = {rows, model.architecture().outputs()};
      Map<String, OnnxTensor> inputs =
          Map.of("features", OnnxTensor.createTensor(environment, in, inShape));
      Map<String, OnnxTensor> outputs =
          Map.of("probabilities", OnnxTensor.createTensor(environment, out, outShape));
      return (features, probabilities) -> {
        in.put(0, features);
        session.run(inputs, outputs).close();
        out.get(0, probabilities);
      };
    };
  }

  private static FloatBuffer direct(int length) {
    return ByteBuffer.allocateDirect(4 * length).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}
