package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.rows.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A note reports values that a model did not meet in training, for every kind of source. */
class UnseenValuesTest {
  private static final String HEADER = "sex,grade,town,x,y";

  private static final String SEX =
      "Column sex: %s of %s values are unknown to the model, such as \"%s\" (it knows f, m)";

  @TempDir Path directory;
  private final LoadOptions[] training = {Options.target("y"), Options.WHOLE};

  private Path file(String name, String header, List<String> rows) throws IOException {
    String text = header + "\n" + String.join("\n", rows) + "\n";
    return Files.writeString(directory.resolve(name), text);
  }

  /** Returns rows of sex, grade, town, x and y. */
  private static List<String> rows(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> (i % 3 == 0 ? "m" : "f") + "," + i % 3 + "," + town(i) + "," + i % 7 + "," + i % 2)
        .collect(Collectors.toList());
  }

  /** Returns the town of a row; some towns are rare. */
  private static String town(int i) {
    return i < 5 ? "rare " + i : i % 2 == 0 ? "Ulm" : "Bonn";
  }

  private Model model() throws IOException {
    return model(HEADER, rows(60));
  }

  private Model model(String header, List<String> rows) throws IOException {
    Path file = file("train.csv", header, rows);
    List<String> categorical = header.equals(HEADER) ? List.of("grade") : List.of();
    ReadOptions options = Options.target("y").withCategorical(categorical);
    Dataset data = Datasets.load(file, Options.with(training, options));
    return Model.of(
            Mlp.initial(
                    Architecture.relu(data.features(), List.of(), data.classes()),
                    Initializer.HE,
                    1)
                .withScaling(data.scaling()))
        .withSchema(Schema.of(data).orElseThrow())
        .withClassNames(data.classNames());
  }

  private static List<String> unseen(List<String> notes) {
    return notes.stream().filter(note -> note.startsWith("Column ")).toList();
  }

  /** Checks the notes on rows that are read for a model, as a data set and for predictions. */
  private void says(List<String> expected, Model model, List<String> rows) throws IOException {
    says(expected, model, HEADER, rows);
  }

  private void says(List<String> expected, Model model, String header, List<String> rows)
      throws IOException {
    Path file = file("new.csv", header, rows);
    assertEquals(expected, unseen(Datasets.load(file, model).notes()));
    for (int most : new int[] {1, 7, 1000}) {
      try (RowStream stream = RowStream.open(file, model, false)) {
        float[] inputs = new float[most * model.inputs()];
        assertEquals(List.of(), unseen(stream.notes()), "before a row is read");
        while (stream.next(inputs) > 0) {}
        assertEquals(expected, unseen(stream.notes()), most + " rows at a time");
      }
    }
  }

  @Test
  void valuesThatTrainingNeverSaw() throws IOException {
    Model model = model();
    says(List.of(), model, rows(60));
    says(List.of(), model, rows(30)); // in another file
    List<String> rows = rows(40);
    rows.replaceAll(row -> row.replace("m,", "M,"));
    says(List.of(SEX.formatted(14, 40, "M")), model, rows);
    rows.set(7, ",1,Ulm,3,1");
    rows.set(8, "Other,1,Ulm,3,1");
    rows.set(9, "Z,1,Ulm,3,1");
    String gap =
        "Column sex: 1 of 40 rows have no value, where all training rows had one (it counts as an unknown value)";
    says(List.of(SEX.formatted(15, 39, "M"), gap), model, rows);
    rows.set(10, "m,1.5,Ulm,3,1");
    rows.set(11, "m,12,Ulm,3,1");
    String grade =
        "Column grade: 2 of 40 values are unknown to the model, such as \"1.5\" (it knows 0, 1, 2)";
    says(List.of(SEX.formatted(15, 39, "M"), gap, grade), model, rows);
  }

  /** If some training values were rare, new values are expected, unless no value is known. */
  @Test
  void rareValuesAreNothingToTell() throws IOException {
    Model model = model();
    List<String> rows = rows(40);
    rows.replaceAll(row -> row.replace("Bonn", "Aue"));
    says(List.of(), model, rows);
    rows.replaceAll(row -> row.replace("Ulm", "Ulmen"));
    String town =
        "Column town: 40 of 40 values are unknown to the model, such as \"Aue\" (it knows Bonn, Ulm)";
    says(List.of(town), model, rows);
    rows.set(21, "f,1,Ulm,3,1");
    says(List.of(), model, rows);
  }

  @Test
  void allRowsOfALongTable() throws IOException {
    List<String> rows = rows(9000);
    for (int row : new int[] {0, 4095, 4096, 8191, 8192, 8999}) {
      rows.set(row, "x,1,Ulm,3,1");
    }
    says(List.of(SEX.formatted(6, 9000, "x")), model(), HEADER, rows);
  }

  @Test
  void gapsWhereTrainingHadNone() throws IOException {
    String header = "x,day,size,kind,y";
    IntFunction<String> row = i -> i % 7 + ",2024-05-" + (10 + i % 20) + "," + i % 5 + ",k" + i % 3;
    List<String> rows = IntStream.range(0, 60).mapToObj(i -> row.apply(i) + "," + i % 2).toList();
    List<String> some = new ArrayList<>(rows);
    some.set(0, ",,,,0"); // so training has gaps there
    String said = "Column %s: %s of 40 rows have no value, where all training rows had one (%s)";
    String median = "the median of the training rows replaces it";
    List<String> others = new ArrayList<>(rows.subList(0, 40));
    others.set(3, ",,,,1");
    others.set(4, ",,,k1,0");
    List<String> all =
        List.of(
            said.formatted("x", 2, median),
            said.formatted("day", 2, median),
            said.formatted("size", 2, median),
            said.formatted("kind", 1, "it counts as an unknown value"));
    says(all, model(header, rows), header, others);
    says(List.of(), model(header, some), header, others);
    says(List.of(), model(header, rows), header, rows.subList(0, 40));
  }

  /** A value in a row that is left out is not given as an example. */
  @Test
  void rowsWithoutATargetDoNotCount() throws IOException {
    Path file = file("new.csv", HEADER, List.of("a,1,Ulm,1,", "b,1,Ulm,1,0", "f,1,Ulm,1,1"));
    Dataset data = Datasets.load(file, model());
    assertEquals(List.of(SEX.formatted(1, 2, "b")), unseen(data.notes()));
  }

  @Test
  void filesForTestAreLookedAtToo() throws IOException {
    Path other = file("test.csv", HEADER, List.of("f,1,Ulm,1,0", "w,1,Ulm,2,1"));
    Path file = file("train.csv", HEADER, rows(60));
    Dataset data = Datasets.load(file, Options.with(training, Options.WHOLE.withTestData(other)));
    assertTrue(data.notes().contains(other + ": " + SEX.formatted(1, 2, "w")), data.notes() + "");
  }
}
