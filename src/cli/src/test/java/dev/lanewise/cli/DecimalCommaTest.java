package dev.lanewise.cli;

import static dev.lanewise.cli.Fixtures.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
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

  /** Without the option the values show the mark, which a model keeps for each column. */
  @Test
  void withoutTheOptionTheValuesShowIt() throws IOException {
    assertEquals(train("points.csv"), train("quoted.csv"));
    String model = directory.resolve("run/nn_model.npz").toString();
    String expected = run("predict", "quoted.csv", "--model", model);
    assertEquals(expected, run("predict", "semicolons.csv", "--model", model));
    String points = directory.resolve("points.csv").toString();
    Run.line("predict --data", points, "--model", model)
        .failed("line 2, column a is \"0.0\", expected a number such as 1234,5");
    String inspected = Run.line("inspect", directory.resolve("quoted.csv")).ok().out();
    String note = "Column a is written as in 1234,5, which is 1234.5";
    assertTrue(inspected.contains(note), inspected);
    Path typo = Files.writeString(directory.resolve("typo.csv"), "a;y\n1,5 kg;2\n2,5 kg;3\n");
    Files.writeString(typo, "3,5 km;4\n".repeat(18), StandardOpenOption.APPEND);
    Run.line("train --data", typo, "--epochs 1")
        .failed("column a is \"1,5 kg\"", "18 of 20", "--categorical \"a\"");
  }

  /** The order of day and month is an option where the values do not show it. */
  @Test
  void datesOfUnknownOrder() throws IOException {
    String lines =
        table("day,y", 40, i -> "%d/%d/2024,%d".formatted(1 + i % 12, 1 + i % 11, i % 2));
    Path file = Files.writeString(directory.resolve("days.csv"), lines);
    Run.line("train --data", file, "--epochs 1").failed("--dates dmy or --dates mdy");
    for (String order : List.of("dmy", "mdy")) {
      String out = Run.line("inspect", file, "--dates", order).ok().out();
      String example = order.equals("dmy") ? "31/05/2024" : "05/31/2024";
      assertTrue(out.contains("Column day is written as in " + example), out);
    }
  }

  /** Excel writes CSV in Windows-1252: it is read as the same text in UTF-8, and said. */
  @Test
  void excelsEncodingIsReadAndSaid() throws IOException {
    StringBuilder text = new StringBuilder("Größe;Preis;Urteil\n");
    for (int i = 0; i < 40; i++) {
      text.append("%s,%s;%s,50 €;%s\n".formatted(i, i % 4, i % 7, i % 3 == 0 ? "schön" : "groß"));
    }
    Files.writeString(directory.resolve("utf8.csv"), text);
    Path excel = directory.resolve("excel.csv");
    Files.write(excel, text.toString().getBytes(Charset.forName("windows-1252")));
    assertEquals(train("utf8.csv"), train("excel.csv"));
    String said = "excel.csv is in Windows-1252, as Excel writes it";
    Path run = directory.resolve("excel-run");
    Run.line("train --epochs 1", "--data", excel, "--out", run).ok(said);
    Run.line("predict --keep", "--data", excel, "--model", run)
        .ok("Preis", "schön", "€")
        .warns(said);
  }
}
