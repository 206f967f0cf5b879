package dev.lanewise.table;

import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.rows.Schema;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model's columns are found again in other tables, and options may describe them. */
class ColumnRolesTest {
  private static final LoadOptions[] RAW = {
    Options.WHOLE, Options.UNSCALED.withTargetScale(ScaleChoice.named("none"))
  };

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("t.csv");
  }

  /** Returns a model for a table of twenty rows, and leaves the table in the file. */
  private Model model(String header, IntFunction<String> row, LoadOptions... options)
      throws IOException {
    StringBuilder text = new StringBuilder(header);
    for (int i = 0; i < 20; i++) {
      text.append(row.apply(i)).append('\n');
    }
    Dataset data = Datasets.load(Files.writeString(file(), text), options);
    Architecture layers = Architecture.relu(data.features(), List.of(), data.classes());
    return Model.of(
            Mlp.initial(layers, Initializer.HE, 1)
                .withLoss(data.loss())
                .withScaling(data.scaling())
                .withClassNames(data.classNames()))
        .withSchema(Schema.of(data).orElseThrow());
  }

  private void assertRefused(String expected, Model model, ReadOptions options) {
    unreadable(() -> Datasets.load(file(), model, options), file() + ": " + expected);
  }

  @Test
  void optionsMaySayOfAModelWhatItKnows() throws IOException {
    String header = "w,a,\"kind,it is\",colour,id\n";
    IntFunction<String> row =
        i -> i % 3 + "," + i % 7 + (i % 2 == 0 ? ",x" : ",y") + ",c" + i % 4 + ",n" + i;
    ReadOptions target = Options.target("kind,it is");
    Model weighted = model(header, row, Options.with(RAW, target.withWeight("w")));
    Model model = model(header, row, Options.with(RAW, target.withIgnored(List.of("w"))));
    ReadOptions usual = ReadOptions.defaults();
    List<ReadOptions> known =
        List.of(
            target,
            usual.withTarget("2"),
            usual.withIgnored(List.of("id")),
            usual.withCategorical(List.of("colour", "id")));
    for (ReadOptions options : known) {
      for (Model some : List.of(weighted, model)) {
        assertEquals(some == weighted, Datasets.load(file(), some, options).train().hasWeights());
      }
    }
    Datasets.load(file(), weighted, usual.withWeight("w"));
    assertRefused(
        Options.remedies(
            "target a, expected kind,it is, which the model predicts (leave {TARGET} out)"),
        model,
        usual.withTarget("a"));
    assertRefused(
        "column a is for the weights, expected column w as the model has",
        weighted,
        usual.withWeight("a"));
    assertRefused(
        "column w is for the weights, expected none as the model has",
        model,
        usual.withWeight("w"));
    assertRefused(
        "column a is to be ignored, expected a number as in the model",
        model,
        usual.withIgnored(List.of("id", "a")));
    assertRefused(
        "column a is to be categorical, expected a number as in the model",
        model,
        usual.withCategorical(List.of("colour", "a")));
  }

  private static float[] first(Model model, String text) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    try (RowStream rows = RowStream.open(in, "stdin", model, false)) {
      float[] inputs = new float[model.inputs()];
      assertEquals(1, rows.next(inputs));
      return inputs;
    }
  }

  /** Columns without names move to the left if the target columns are left out. */
  @Test
  void withoutAHeaderTargetsMayBeMissing() throws IOException {
    Model model =
        model(
            "",
            i -> i + ".5," + i % 7 + "," + i * i + ".5," + i % 5,
            Options.with(RAW, Options.target("0,2")));
    assertArrayEquals(new float[] {3, 4}, first(model, "1.5,3,2.5,4\n"));
    assertArrayEquals(new float[] {3, 4}, first(model, "3,4\n"));
    Model weighted =
        model(
            "",
            i -> i % 7 + (i % 2 == 0 ? ",x," : ",y,") + i % 3 + "," + i % 5,
            Options.with(RAW, Options.target("1").withWeight("2")));
    assertArrayEquals(new float[] {3, 4}, first(weighted, "3,x,9,4\n"));
    assertArrayEquals(new float[] {3, 4}, first(weighted, "3,9,4\n"));
  }

  /** Columns that were not distinguished count as one column. */
  @Test
  void oneColumnInPlaceOfSeveral() throws IOException {
    Model model = model("a,b,y\n", i -> i % 7 + "," + i % 5 + (i % 2 == 0 ? ",u" : ",v"), RAW);
    String expected = "stdin: no column b, expected the columns of the model: found ";
    for (String[] each :
        new String[][] {
          {"a,c\n1,2\n", "a, c"},
          {
            "a\n1\n",
            Options.remedies(
                "a as one column ({SEPARATOR} or {DECIMAL MARK }, if they are not as in training)")
          }
        }) {
      unreadable(() -> first(model, each[0]), expected + each[1]);
    }
  }

  /** A name that looks like a number is recognised as a name, even if it is the only one. */
  @Test
  void namesThatAreNumbers() throws IOException {
    LoadOptions[] named =
        Options.with(
            RAW,
            ReadOptions.defaults()
                .withTable(TableOptions.defaults().withHeader(TableOptions.Header.YES)));
    Model model = model("2019,y\n", i -> i % 7 + (i % 2 == 0 ? ",u" : ",v"), named);
    assertArrayEquals(new float[] {5}, first(model, "2019\n5\n"));
    assertArrayEquals(new float[] {5}, first(model, "2020,2019\n4,5\n"));
  }
}
