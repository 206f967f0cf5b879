package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.internal.ObjectPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Predictions of a network that threads share, without a predictor of their own. */
class SharedPredictionsProperties {
  /** Each of several threads gets for each row the bits that one thread gets. */
  @Property(tries = 40)
  void threadsGetTheBitsOfOneThread(
      @ForAll @IntRange(min = 1, max = 20) int inputs,
      @ForAll @Size(max = 2) List<@IntRange(min = 1, max = 30) Integer> hidden,
      @ForAll @IntRange(min = 2, max = 12) int threads,
      @ForAll long seed)
      throws Exception {
    Mlp model =
        Mlp.initial(Architecture.relu(inputs, hidden, 3), Initializer.HE, seed)
            .withScaling(Scaling.divide(255));
    Random random = new Random(seed);
    float[][] rows = new float[40][inputs];
    for (float[] row : rows) {
      for (int j = 0; j < inputs; j++) {
        row[j] = random.nextInt(256);
      }
    }
    Predictor alone = model.predictor(1);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      CountDownLatch begun = new CountDownLatch(threads);
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        all.add(
            pool.submit(
                () -> {
                  begun.countDown();
                  begun.await(10, TimeUnit.MINUTES);
                  for (float[] row : rows) {
                    double[] expected = model.predictor(1).predict(new float[][] {row}).values(0);
                    assertArrayEquals(expected, model.predict(row).values(0));
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get(10, TimeUnit.MINUTES);
      }
    } finally {
      pool.shutdownNow();
    }
    Predictions together = model.predict(rows);
    for (int i = 0; i < rows.length; i++) {
      assertArrayEquals(alone.predict(new float[][] {rows[i]}).values(0), together.values(i));
    }
  }

  /** However many calls are in progress at once, no more objects are kept than processors. */
  @Example
  void fewAreKept() throws Exception {
    int threads = 3 * ObjectPool.MOST + 2;
    AtomicInteger made = new AtomicInteger();
    ObjectPool<Integer> idle = new ObjectPool<>(made::incrementAndGet);
    CountDownLatch all = new CountDownLatch(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Integer>> calls = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        calls.add(
            pool.submit(
                () ->
                    idle.call(
                        one -> {
                          all.countDown();
                          try {
                            all.await(10, TimeUnit.MINUTES); // until every thread is inside a call
                          } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                          }
                          return one;
                        })));
      }
      List<Integer> used = new ArrayList<>();
      for (Future<Integer> call : calls) {
        used.add(call.get(10, TimeUnit.MINUTES));
      }
      assertEquals(threads, used.stream().distinct().count(), "no two calls share one");
    } finally {
      pool.shutdownNow();
    }
    assertEquals(threads, made.get());
    assertEquals(ObjectPool.MOST, idle.size());
    idle.call(one -> idle.call(other -> 0)); // a call inside a call
    assertEquals(threads, made.get() + (ObjectPool.MOST == 1 ? -1 : 0), "kept ones are used again");
    assertThrows(
        IllegalStateException.class,
        () ->
            idle.call(
                one -> {
                  throw new IllegalStateException();
                }));
    assertEquals(ObjectPool.MOST, idle.size(), "one comes back from a call that fails");
  }

  @Example
  void misuseIsRefused() {
    Mlp model = Mlp.initial(Architecture.relu(2, List.of(), 2), Initializer.HE, 0);
    var e = assertThrows(IllegalArgumentException.class, () -> model.predict(1.0));
    assertEquals("predict: row 0 has 1 features, expected 2", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> model.predict(1, Double.NaN));
    assertEquals(0, model.predict(new float[0][]).rows());
    assertEquals(1, model.predict(1, 2).rows(), "a refused row leaves nothing");
  }

  /** What a number is stands in the name of its method. */
  @Example
  void numbersAndProbabilitiesHaveNames() {
    Mlp classes = Mlp.initial(Architecture.relu(2, List.of(), 3), Initializer.HE, 0);
    Predictions named = classes.withClassNames(List.of("a", "b", "c")).predict(1, 2);
    assertEquals(named.probability(0, 1), named.probability(0, "b"));
    String wrong =
        assertThrows(IllegalArgumentException.class, () -> named.probability(0, "z")).getMessage();
    assertEquals("no class z in the model, expected one of a, b, c", wrong);
    assertThrows(IllegalStateException.class, () -> named.number(0));
    Mlp one = Mlp.initial(Architecture.relu(2, List.of(), 1), Initializer.HE, 0);
    Predictions number = one.withLoss(Loss.MSE).predict(1, 2);
    assertEquals(number.value(0, 0), number.number(0));
    assertThrows(IllegalStateException.class, () -> number.probability(0, "0"));
    Mlp two = Mlp.initial(Architecture.relu(2, List.of(), 2), Initializer.HE, 0);
    assertThrows(IllegalStateException.class, () -> two.withLoss(Loss.MSE).predict(1, 2).number(0));
  }

  @Example
  void kernelsDescribeThemselvesInOneLine() {
    String line = Kernels.describe();
    boolean isVector = line.matches("vector kernels, (128|256|512)-bit lanes: .+");
    assertTrue(isVector || line.startsWith("scalar kernels: "), line);
    assertEquals(1, line.lines().count());
  }
}
