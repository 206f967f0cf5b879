package dev.lanewise.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.cli.RawHttp;
import dev.lanewise.cli.ServeModelsTest;
import dev.lanewise.cli.ServeTest;
import dev.lanewise.cli.Served;
import dev.lanewise.files.RunFiles;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Scaling;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests how {@code serve --watch-models} takes up other files. */
class ModelFileTest {
  /** Requests while models are replaced; the long form has 100,000. */
  private static final int REQUESTS = Integer.getInteger("lanewise.watch.requests", 3000);

  private static final int REPLACED = 100;
  private static final int CLIENTS = 4;

  @TempDir Path directory;
  private Path run; // with the file of the model
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private int changes;

  @BeforeEach
  void begin() throws IOException {
    run = Files.createDirectory(directory.resolve("run"));
  }

  /** Puts a file in the place of the model at once, as the program itself does. */
  private void replace(byte[] bytes) throws IOException {
    Path next = Files.write(directory.resolve("next"), bytes);
    Files.setLastModifiedTime(next, FileTime.fromMillis(1_000_000_000_000L + ++changes));
    Files.move(next, run.resolve(RunFiles.MODEL), StandardCopyOption.ATOMIC_MOVE);
  }

  private byte[] bytes(Model model) throws IOException {
    Path file = directory.resolve("saved.npz");
    model.save(file);
    return Files.readAllBytes(file);
  }

  private record Watched(ModelSlot slot, ModelFile file) {
    void look() {
      file.look(slot);
    }
  }

  private Watched watch(String name, String... words) throws IOException {
    Arguments arguments = new Arguments(Usage.of("serve"), List.of(words));
    PrintStream lines = new PrintStream(out, true, StandardCharsets.UTF_8);
    Output output =
        new Output(lines, new PrintStream(err, true, StandardCharsets.UTF_8), false, false);
    ModelFile file = new ModelFile(name, run, arguments, output, 100_000);
    return new Watched(new ModelSlot(file.load()), file);
  }

  private static List<String> answers(Model model, List<String> bodies) throws IOException {
    List<String> answers = new ArrayList<>();
    try (Served served = new Served(model);
        RawHttp http = served.connect()) {
      for (String body : bodies) {
        answers.add(http.post(body).body());
      }
    }
    return answers;
  }

  /** Every answer is that of one of two models, whole and to the last bit, and none is lost. */
  @Test
  void modelsAreReplacedUnderLoad() throws Exception {
    Scaling none = Scaling.none();
    Model[] models = {
      ServeModelsTest.numbers(1).withScaling(none),
      ServeModelsTest.numbers(2).withScaling(none).withClassNames(List.of("a", "b"))
    };
    List<String> bodies =
        List.of("[1,2,3]", "[[3,2,1],[0.1,0.2,0.3]]", "[" + "[7,8,9],".repeat(99) + "[0,0,1]]");
    List<List<String>> expected = List.of(answers(models[0], bodies), answers(models[1], bodies));
    byte[][] files = {bytes(models[0]), bytes(models[1])};
    replace(files[0]);
    Watched watched = watch(null);
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try (Served served = new Served(List.of(watched.slot), 2, 100, 100_000)) {
      Callable<Set<Integer>> client =
          () -> {
            Set<Integer> seen = new TreeSet<>();
            try (RawHttp http = served.connect()) {
              for (int r = begun.getAndIncrement(); r < REQUESTS; r = begun.getAndIncrement()) {
                int which = r % bodies.size();
                RawHttp.Response response = http.post(bodies.get(which));
                assertEquals(200, response.status(), response.body());
                boolean isFirst = response.body().equals(expected.get(0).get(which));
                assertTrue(
                    isFirst || response.body().equals(expected.get(1).get(which)), response.body());
                seen.add(isFirst ? 0 : 1);
                ended.incrementAndGet();
              }
            }
            return seen;
          };
      List<Future<Set<Integer>>> results = new ArrayList<>();
      for (int c = 0; c < CLIENTS; c++) {
        results.add(clients.submit(client));
      }
      for (int i = 1; i <= REPLACED; i++) {
        while (ended.get() < i * (REQUESTS / (REPLACED + 1))
            && !results.stream().allMatch(Future::isDone)) {
          Thread.sleep(1);
        }
        replace(files[i % 2]);
        watched.look();
        watched.look();
        assertEquals(models[i % 2].sha256(), watched.slot.model().card.sha256);
      }
      Set<Integer> seen = new TreeSet<>();
      for (Future<Set<Integer>> result : results) {
        seen.addAll(result.get());
      }
      assertEquals(Set.of(0, 1), seen);
      assertEquals(REQUESTS, ended.get());
      assertEquals(REPLACED, watched.slot.reloads.sum());
      assertEquals("", err.toString(StandardCharsets.UTF_8));
    } finally {
      clients.shutdownNow();
    }
  }

  @Test
  void whatIsNoModelKeepsTheOldOne() throws IOException {
    byte[] file = bytes(ServeModelsTest.numbers(1));
    replace(file);
    Watched watched = watch("price");
    ServedModel first = watched.slot.model();
    for (byte[] wrong : List.of(Arrays.copyOf(file, file.length / 2), new byte[0])) {
      err.reset();
      long failures = watched.slot.failures.sum();
      replace(wrong);
      watched.look();
      assertEquals(failures, watched.slot.failures.sum(), "it may still grow");
      watched.look();
      watched.look();
      assertSame(first, watched.slot.model());
      assertEquals(failures + 1, watched.slot.failures.sum());
      String said = err.toString(StandardCharsets.UTF_8);
      assertTrue(said.startsWith("lanewise: the old model goes on, as the new file"), said);
      assertTrue(said.contains("model price: ") && said.contains(RunFiles.MODEL), said);
      assertEquals(1, said.lines().count(), said);
    }
    Files.delete(run.resolve(RunFiles.MODEL));
    watched.look();
    watched.look();
    assertSame(first, watched.slot.model());
    replace(file);
    watched.look();
    watched.look();
    assertNotSame(first, watched.slot.model());
    assertEquals(3, watched.slot.failures.sum());
    assertEquals(1, watched.slot.reloads.sum());
  }

  @Test
  void optionsHoldForNewFilesAndOtherInputsAreSaid() throws IOException {
    replace(bytes(ServeModelsTest.numbers(1)));
    Watched watched = watch(null, "--scale", "255");
    replace(bytes(ServeTest.table(directory)));
    watched.look();
    watched.look();
    String said = err.toString(StandardCharsets.UTF_8);
    assertTrue(said.contains("--scale: works with a model that does not store a scaling"), said);
    assertEquals(1, watched.slot.failures.sum());

    watched = watch(null);
    replace(bytes(ServeModelsTest.numbers(1)));
    watched.look();
    watched.look();
    said = out.toString(StandardCharsets.UTF_8);
    String other = ", which has other inputs: 3 numbers (before: age, colour, day)";
    assertTrue(said.contains(other), said);
  }
}
