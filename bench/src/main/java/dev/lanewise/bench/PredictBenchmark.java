package dev.lanewise.bench;

import ai.onnxruntime.OrtException;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictor;
import dev.lanewise.nn.Scaling;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures predictions by Lanewise and ONNX Runtime with the same weights and rows, on one thread
 * and on two threads that share one model.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 5,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Dlanewise.kernels=vector"})
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class PredictBenchmark {
  /** Layer sizes. */
  @Param({"2304-16-80-7", "13-64-64-2", "784-512-512-10"})
  public String network;

  /** Number of rows per call. */
  @Param({"1", "32", "1024"})
  public int rows;

  /** The implementation. */
  @Param({"lanewise", "onnxruntime"})
  public String impl;

  private Mlp mlp;
  private Inference.Model model;
  private float[] features; // [rows][inputs]

  /** Makes the model, and checks that both implementations give the same probabilities. */
  @Setup
  public void prepare() throws OrtException {
    mlp = Mlp.initial(Workload.network(network), Initializer.HE, 0);
    features = Operands.numbers(rows * mlp.architecture().inputs(), 1);
    model = Inference.of(impl, mlp);
    float[] ours = new float[rows * mlp.architecture().outputs()];
    float[] theirs = ours.clone();
    Inference.of("lanewise", mlp).inference(rows).predict(features, ours);
    Inference.of("onnxruntime", mlp).inference(rows).predict(features, theirs);
    for (int i = 0; i < ours.length; i++) {
      if (!(Math.abs(ours[i] - theirs[i]) <= 1e-5)) {
        throw new AssertionError(
            "probability " + i + ": ours is " + ours[i] + ", ONNX Runtime's " + theirs[i]);
      }
    }
  }

  /** The state of a thread. */
  @State(Scope.Thread)
  public static class Caller {
    private Inference inference;
    private Predictor raw;
    private float[] probabilities; // [rows][outputs]

    /**
     * Makes the workspace.
     *
     * @param benchmark the benchmark with the model
     */
    @Setup
    public void prepare(PredictBenchmark benchmark) throws OrtException {
      inference = benchmark.model.inference(benchmark.rows);
      raw = benchmark.mlp.withScaling(Scaling.divide(255)).predictor(benchmark.rows);
      probabilities = new float[benchmark.rows * benchmark.mlp.architecture().outputs()];
    }
  }

  /**
   * Makes a call.
   *
   * @param caller the state of the thread
   * @return the probabilities, so that they are not optimised away
   */
  @Benchmark
  public float[] predict(Caller caller) throws OrtException {
    caller.inference.predict(features, caller.probabilities);
    return caller.probabilities;
  }

  /**
   * Makes a call while another thread makes the same call.
   *
   * @param caller the state of the thread
   * @return the probabilities, so that they are not optimised away
   */
  @Benchmark
  @Threads(2)
  public float[] predictBesideAnother(Caller caller) throws OrtException {
    return predict(caller);
  }

  /**
   * Makes a call of {@code lanewise} that also scales the features.
   *
   * @param caller the state of the thread
   * @return the probabilities, so that they are not optimised away
   */
  @Benchmark
  public float[] predictRaw(Caller caller) {
    caller.raw.predict(features, caller.probabilities);
    return caller.probabilities;
  }
}
