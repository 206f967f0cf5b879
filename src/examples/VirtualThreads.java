import dev.lanewise.model.Model;
import dev.lanewise.nn.Predictor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/**
 * Predicts for many callers, each on a virtual thread, with one predictor per core. A predictor
 * serves one caller at a time; the others wait without blocking a thread of the system. It needs
 * JDK 21.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp lanewise.jar VirtualThreads.java model.npz 100000
 * </pre>
 */
final class VirtualThreads {
  private final BlockingQueue<Predictor> free;

  private VirtualThreads(Model model, int predictors) {
    free = new ArrayBlockingQueue<>(predictors);
    for (int i = 0; i < predictors; i++) {
      free.add(model.predictor(1));
    }
  }

  private void predict(float[] features, float[] results) throws InterruptedException {
    Predictor predictor = free.take();
    try {
      predictor.predict(features, results);
    } finally {
      free.add(predictor);
    }
  }

  /** Predicts with the model in args[0] for args[1] callers. */
  public static void main(String[] args) throws IOException {
    Model model = Model.load(Path.of(args[0]));
    VirtualThreads service = new VirtualThreads(model, Runtime.getRuntime().availableProcessors());
    LongAdder answered = new LongAdder();
    int callers = Integer.parseInt(args[1]);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < callers; i++) {
        float[] features = new float[model.inputs()];
        features[i % features.length] = 1;
        threads.submit(
            () -> {
              service.predict(features, new float[model.outputs()]);
              answered.increment();
              return null;
            });
      }
    } // waits for all callers
    System.out.println(answered + " answered");
  }
}
