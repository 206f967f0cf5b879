package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables with decimal commas or points and with different separators give the same result. */
class DecimalCommaTest {
  @TempDir Path directory;

  @BeforeEach
  void writeTables() throws IOException {
    StringBuilder points = new StringBuilder("a,b,kind\n");
    StringBuilder semicolons = new StringBuilder("a;b;kind\n");
    StringBuilder quoted = new StringBuilder("a,b,kind\n");
    for (int i = 0; i < 40; i++) {
      String a = i + "." + i % 4;
      String b = -i % 7 + ".5";
      String kind = i % 2 == 0 ? "x" : "y";
      points.append("%s,%s,%s\n".formatted(a, b, kind));
      semicolons.append("%s;%s;%s\n".formatted(a, b, kind).replace('.', ','));
      quoted.append("\"%s\";\"%s\";%s\n".formatted(a, b, kind).replace('.', ',').replace(';', ','));
    }
    Files.writeString(directory.resolve("points.csv"), points);
    Files.writeString(directory.resolve("semicolons.csv"), semicolons);
    Files.writeString(directory.resolve("quoted.csv"), quoted);
  }

  private String run(String command, String file, String... options) {
    Run run = Run.line(command, "--quiet --data", directory.resolve(file).toString(), options).ok();
    return run.out();
  }

  private String train(String file, String... options) {
    String out = directory.resolve("run").toString();
    String text = run("train", file, Run.words("--out", out, "--force --epochs 1", options));
    return text.substring(text.indexOf("Weights sha256"));
  }

  @Test
  void decimalMarksAndSeparators() {
    String weights = train("points.csv");
    assertEquals(weights, train("quoted.csv", "--decimal", ","));
    assertEquals(weights, train("quoted.csv", "--separator", ",", "--decimal", ","));
    assertEquals(weights, train("semicolons.csv", "--decimal", ","));

    String model = directory.resolve("run/nn_model.npz").toString();
    String expected = run("predict", "semicolons.csv", "--model", model);
    assertEquals(expected, run("predict", "quoted.csv", "--model", model));
    for (String[] options :
        new String[][] {{"--separator=,", "--decimal=."}, {"--decimal=.", "--separator=comma"}}) {
      assertEquals(expected, run("predict", "points.csv", Run.words("--model", model, options)));
    }
  }

  @Test
  void withoutTheOptionTheMessageNamesIt() {
    Run.line("train --data", directory.resolve("quoted.csv"), "--epochs 1")
        .failed("(--decimal , if it is a decimal comma");
  }
}
