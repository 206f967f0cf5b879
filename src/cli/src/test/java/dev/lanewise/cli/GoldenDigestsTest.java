package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.Optimizer;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainingStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The digests of the weights at the end of each way of training. They are the same with every
 * kernel, lane width, number of threads, JDK and processor. A change that alters one must say so
 * and give the reason.
 */
class GoldenDigestsTest {
  private static final String DIGITS = Path.of("data", "digits.npz").toAbsolutePath().toString();

  @TempDir private Path folder;

  /** Trains with some options and returns the digest that the command printed. */
  private String train(String options, String out) {
    return Run.line("train", options, "--quiet --out", folder.resolve(out)).ok().sha256();
  }

  /** Checks the digests in README and the transcripts; the first one belongs to the main job. */
  @ParameterizedTest
  @CsvSource({
    "--epochs 1000, 2042b794d6251591a358fd2de2f13de02f81036e7f2f1c364ee530358acaecfa",
    "--epochs 20, a4196b5ee475bfa304d2c0b69cdce739f1f42b2632b57cecac919d8493c4c0d5",
    "--epochs 2 --batch-size 500, 2273bb3cd35cb1282259045878cc485bab0bf84bce9029301655eb96a012f063",
  })
  void digits(String options, String sha256) {
    assumeTrue(
        !options.equals("--epochs 1000") || !Run.VECTOR, "TranscriptsTest has this digest, too");
    assertEquals(sha256, train("--data " + DIGITS + " " + options, "run"));
  }

  /** Writes 300 rows of numbers, words, dates and gaps, and returns the file. */
  private String table(boolean classes) throws IOException {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder("size,colour,day,gaps,target\n");
    for (int row = 0; row < 300; row++) {
      int size = random.nextInt(10_000);
      int colour = random.nextInt(3);
      int day = 1 + random.nextInt(28);
      String gap = random.nextInt(5) == 0 ? "" : Integer.toString(random.nextInt(50));
      String target =
          classes
              ? size + 2_000 * colour > 6_000 ? "large" : "small"
              : Double.toString(size / 8.0 + 100 * colour + day);
      text.append(size / 4.0).append(',').append(List.of("red", "green", "blue").get(colour));
      text.append(",2024-0").append(1 + random.nextInt(9)).append('-');
      text.append(day < 10 ? "0" : "").append(day);
      text.append(',').append(gap).append(',').append(target).append('\n');
    }
    return Files.writeString(folder.resolve("table.csv"), text).toString();
  }

  @ParameterizedTest
  @CsvSource({
    "true, 91f4e8e762d5a3e40c10345ec7c580c413472d2d26900410ded69a824c23af7a",
    "false, b63f5791b720da9c3eb0120388fbbb23a7bc499a622550d6076d3d1627fa5f06"
  })
  void oneNetworkForATable(boolean classes, String sha256) throws IOException {
    String options = "--members 1 --split-sizes 0.7,0.2,0.1 --epochs 4 --data ";
    assertEquals(sha256, train(options + table(classes), "run"));
  }

  @ParameterizedTest
  @CsvSource({
    "true, 8787ecefdd3bcc8c0064f484fef72cde2293b9c87c685d59b25aa9e84e8a887d",
    "false, c9e01b5a424a78bae5420730e6713777bcb4f87e9a7d7f6f294bfdf9b92aff11"
  })
  void tablePreset(boolean classes, String sha256) throws IOException {
    assertEquals(sha256, train("--members 3 --epochs 4 --data " + table(classes), "run"));
  }

  @Test
  void modelTrainedFurther() {
    train("--epochs 2 --optimizer adam --eta 0.003 --data " + DIGITS, "first");
    String first = folder.resolve("first").resolve("nn_model.npz").toString();
    assertEquals(
        "dea8e4a15c78bdee30cd1a5a7acd2128dcafa8e4d4cffb4794092d0dfce880c7",
        train("--epochs 2 --seed 3 --initial-model " + first + " --data " + DIGITS, "second"));
  }

  /** A run with momentum and dropout that ended after three epochs is resumed up to the sixth. */
  @Test
  void resumedRun() {
    String options = " --optimizer momentum --dropout 0.2 --data " + DIGITS;
    String whole = train("--epochs 6" + options, "whole");
    train("--epochs 3 --checkpoint-every 1e-9" + options, "parts");
    assertTrue(Files.exists(folder.resolve("parts").resolve("checkpoint.npz")));
    assertEquals(whole, train("--resume --epochs 6", "parts"));
    assertEquals("89dc2827f1ead30d2285da02f1e004bf07197a134f33c4f50a2b97aeb31779d0", whole);
  }

  /** Trains on batches of rows that arrive one by one in memory. */
  @Test
  void stream() {
    Random random = new Random(2);
    Mlp initial = Mlp.initial(Architecture.relu(5, List.of(9, 7), 3), Initializer.HE, 1);
    Trainer trainer =
        Trainer.builder().optimizer(Optimizer.adam()).learningRate(0.01).dropout(0.1).build();
    try (TrainingStream stream = trainer.stream(initial)) {
      for (int batch = 0; batch < 20; batch++) {
        float[][] rows = new float[8 + batch % 3][5];
        int[] classes = new int[rows.length];
        for (int row = 0; row < rows.length; row++) {
          for (int i = 0; i < 5; i++) {
            rows[row][i] = random.nextInt(1000) / 1000f;
          }
          classes[row] = rows[row][0] > 0.7 ? 0 : rows[row][1] > 0.5 ? 1 : 2;
        }
        stream.step(rows, classes);
      }
      assertEquals(
          "19e664f25dc5e8f292a49853c02988cb57fa1636ca94109dd1657300bdda18b6",
          stream.model().sha256());
    }
  }
}
