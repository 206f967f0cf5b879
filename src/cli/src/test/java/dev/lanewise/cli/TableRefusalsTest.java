package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.terminal.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables, models and options that disagree give one line that says where, and how to mend it. */
class TableRefusalsTest {
  /** Commands with their messages. */
  private static final String REFUSALS =
      """
      train --data ragged.csv | ragged.csv: line 42 has 3 columns, expected 4 as in the lines before
      train --data twice.csv | twice.csv: line 1 names two columns a, expected each name once (--header no: it is a row)
      train --data mixed.csv | mixed.csv: line 1 has "kind" in column 2, above numbers, and numbers in other columns, expected either names of columns or a row of values (--header yes: it names the columns, --header no: it is a row)
      train --data quote.csv | quote.csv: line 2: a quote inside a field without quotes, expected field 2 in quotes, and each quote in it twice (a comma separates fields)
      train --data open.csv | open.csv: line 2: a quote that is never closed, expected a second quote before the file ends
      train --data behind.csv | behind.csv: line 2: text after a closing quote, expected a comma or the end of the line
      train --data typo.csv | typo.csv: line 8, column age is "2b", where 39 of 40 values are numbers, expected a number (--missing-also "2b" if it means a missing value, --categorical "age" if all are texts)
      train --data dates.csv | dates.csv: line 32, column when is "soon", where 30 of 31 values are dates, expected a date such as 2024-05-31 (--missing-also "soon" if it means a missing value, --categorical "when" if all are texts)
      train --data comma.csv | comma.csv: line 5, column a is "3.5", where 19 of 20 values are such as 1234,5, expected one spelling (--missing-also "3.5" if it means a missing value, --categorical "a" if all are texts)
      train --data order.csv | order.csv: column d has dates such as 1/2/2024, whose values do not show whether day, month or year comes first, expected --dates dmy or --dates mdy (--categorical "d" if these are texts)
      train --data targettypo.csv | targettypo.csv: line 2, target kind is "l", where nearly all other values are numbers, expected a number (--missing-also "l" if it means a missing value, --loss softmax if all are classes)
      train --data ids.csv | ids.csv: target name has 30 different texts in 30 rows, expected classes that repeat, or plain numbers (--target NAME if it is another column, --loss softmax if these are classes)
      train --data datetarget.csv | datetarget.csv: target when has dates, expected numbers or classes (--target NAME if it is another column, --loss softmax if these are classes)
      train --data same.csv | same.csv: target y is x in all 3 rows, expected at least two values (--target NAME if it is another column)
      train --data notarget.csv | notarget.csv: no row has a target in column y, expected at least one target
      train --data nothing.csv | nothing.csv: no column can be a feature, as column a is the same in all training rows, expected at least one feature
      train --data few.csv | few.csv: 4 rows for training and validation, expected at least 5, a row for each fold
      train --data empty.csv | empty.csv: only empty lines, expected rows of a table
      train --data headeronly.csv | headeronly.csv: a header without rows, expected at least one row
      train --data onecolumn.csv | onecolumn.csv: 1 column and no features, expected at least one beside target, weight and ignored ones (--separator C if the columns were not found)
      train --data huge.csv | huge.csv: column a goes from -1.7E308 to 1.7E308, expected a finite range (--ignore "a" leaves it out)
      train --data latin.csv | latin.csv: byte 10 (line 2) is neither UTF-8 nor Windows-1252, as Excel writes, expected a table in one of these
      train --data utf16.csv | utf16.csv: text in UTF-16 by its first bytes, expected a table in UTF-8 (iconv -f UTF-16 -t UTF-8 FILE converts it)
      train --data good.csv --target colour | good.csv: no column colour, expected one of age, sex, height, kind
      train --data good.csv --target 9 | good.csv: 4 columns, expected one of number 9 (the first is 0, the last 3)
      train --data nohead.csv --target kind | nohead.csv: no column kind, as the file has no header, expected a number from 0 of 4 columns (--header yes: the first line names them)
      train --data good.csv --target kind,age --loss softmax | good.csv: 2 target columns kind, age, expected one column of classes (several are for other losses)
      train --data good.csv --target kind,kind | good.csv: column kind is the target twice, expected other target columns
      train --data good.csv --loss mse | good.csv: line 2, column kind has the target "a", expected a number, as loss mse takes
      train --data whole.csv --loss softmax | whole.csv: line 3: the target is 0.5, expected whole numbers or names as classes (other numbers are for regression)
      train --data good.csv --ignore kind,colour | good.csv: no column colour, expected one of age, sex, height, kind
      train --data good.csv --ignore age --categorical age | good.csv: column age is categorical and no feature, expected one of them
      train --data good.csv --ignore kind --target kind | good.csv: column kind is to be ignored and the target, expected one of them
      train --data good.csv --weight-column sex | good.csv: line 2, column sex is "f", expected the weight of the row, at least 0
      train --data weights.csv --weight-column w | weights.csv: line 3, column w has the weight -1.0, expected a finite float, not below 0
      train --data gapw.csv --weight-column w | gapw.csv: line 3, column w is empty, expected the weight of the row, at least 0
      train --data zerow.csv --weight-column w | zerow.csv: training rows all have weight 0, expected at least one weight above 0
      train --data good.csv --separator . | --separator: '.', expected one of , ; tab | or auto
      train --data good.csv --decimal ; | --decimal: ';', expected a point or a comma
      train --data good.csv --header maybe | --header: 'maybe', expected auto, yes or no
      train --data good.csv --min-count 0 | --min-count: '0', expected a whole number from 1
      train --data good.csv --missing a,,b | --missing: 'a,,b', expected words separated by commas such as a,b
      train --data good.csv --valid-data good.csv --split-sizes 0.8,0.2 | good.csv: validation rows from a file and by the split sizes, expected only one of the two (a size of 0)
      train --data good.csv --valid-data good.csv --valid-fraction 0.2 | good.csv: validation rows from a file and a share of the training rows, expected only one of the two
      train --data good.csv --test-data fewer.csv | fewer.csv: no column height, expected the columns of the model: found age, sex, kind
      train --data good.csv --test-data class.csv | class.csv: line 2, target kind is "c", expected one of a, b as in training
      train --data good.csv --test-data unlabelled.csv | unlabelled.csv: no target column kind, expected this column, as predictions are compared with it
      train --data nosuch-*.csv | nosuch-*.csv: no such files, expected at least one file
      predict --model m/nn_model.npz --data fewer.csv | fewer.csv: no column height, expected the columns of the model: found age, sex, kind
      predict --model m/nn_model.npz --data nohead.csv | nohead.csv: no header in the first line, expected a header that names the columns of the model: age, sex, height (--header yes: it is one)
      predict --model m/nn_model.npz --data word.csv | word.csv: line 2, column height is "tall", expected a finite number (--missing-also "tall" if it means a missing value)
      predict --model n/nn_model.npz --data three.csv | three.csv: 6 columns, expected 4 as the training file had, or 3 without the target
      predict --model n/nn_model.npz --data headed.csv | headed.csv: line 1, column #0 is "age", expected a finite number (--header yes if this line names the columns, --missing-also "age" if it means a missing value)
      evaluate --model n/nn_model.npz --data firstclass.csv | firstclass.csv: line 1, target #3 is "kind", expected one of a, b as in training (--header yes if this line names the columns)
      train --data book.xlsx | book.xlsx: a workbook that is not .xlsx, expected .xlsx or CSV
      predict --model m/nn_model.npz --data named.csv | named.csv: a workbook that is not .xlsx, expected .xlsx or CSV
      train --data book.ods --target kind | book.ods: an OpenDocument spreadsheet, expected a table as text: save it as CSV in UTF-8
      predict --model m/nn_model.npz --data rows.json | rows.json: JSON, expected a table as text: save it as CSV in UTF-8
      evaluate --model m/nn_model.npz --data list.csv | list.csv: JSON, expected a table as text: save it as CSV in UTF-8
      train --data page.csv | page.csv: a web page (HTML), expected a table as text: save it as CSV in UTF-8
      inspect rows.parquet | rows.parquet: a Parquet file, expected a table as text: save it as CSV in UTF-8
      train --data arrays-*.npz | arrays-*.npz: arrays-1.npz is not a table as text, expected tables: other files are read one at a time
      predict --model m/nn_model.npz --data arrays-*.npz | arrays-*.npz: arrays-1.npz is not a table as text, expected tables: other files are read one at a time
      inspect arrays-*.npz | arrays-*.npz: arrays-1.npz is not a table as text, expected tables: other files are read one at a time
      predict --model m/nn_model.npz --data arrays-1.npz | arrays-1.npz: inputs: rows of 5 features, expected a table such as a CSV file, as the model was trained on one, with columns age, sex, height
      evaluate --model m/nn_model.npz --data targets.npz | targets.npz: inputs: rows of 5 features, expected a table such as a CSV file, as the model was trained on one, with columns age, sex, height
      train --data good.csv --scale-targets standard | good.csv: scaling of targets for loss softmax, expected one of the losses mse, huber, mae and pinball-0.9 (--scale-targets standard)
      predict --model d/nn_model.npz --data baddate.csv | baddate.csv: line 2, column when is "2024-13-01", expected a date such as 2024-05-31 or 2024-05-31T12:30:00, as in training (--missing-also "2024-13-01" if it means a missing value)
      evaluate --model m/nn_model.npz --data class.csv | class.csv: line 2, target kind is "c", expected one of a, b as in training
      evaluate --model m/nn_model.npz --data unlabelled.csv | unlabelled.csv: no target column kind, expected this column, as predictions are compared with it
      evaluate --model m/nn_model.npz --data good.csv --seed 7 | good.csv: the training file, divided differently than in the model's training, expected seed 0, split sizes [0.9, 0.0, 0.1], stratified (leave these options out)
      evaluate --model m/nn_model.npz --data good.csv --target age | good.csv: target age, expected kind, which the model predicts (leave --target NAME out)
      """;

  @TempDir static Path directory;

  private static void file(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private static String people(IntFunction<String> kind) {
    return Fixtures.table(
        "age,sex,height,kind",
        40,
        i -> "%s,%s,%s,%s".formatted(20 + i % 7, i % 2 == 0 ? "f" : "m", 150 + i, kind.apply(i)));
  }

  @BeforeAll
  static void files() throws IOException {
    String good = people(i -> i % 2 == 0 ? "a" : "b");
    file("good.csv", good);
    file("ragged.csv", good + "1,f,2\n");
    file("twice.csv", "a,b,a\n1,2,x\n2,3,y\n");
    file("mixed.csv", "2019,2020,kind\n1,2,7\n3.5,4,8\n");
    file("quote.csv", "a,b\n1,x\"y\n");
    file("open.csv", "a,b\n1,\"x\n");
    file("behind.csv", "a,b\n1,\"x\"y\n");
    file("typo.csv", good.replaceFirst("\n26,", "\n2b,"));
    file(
        "dates.csv",
        Fixtures.table("when,y", 30, i -> day(1 + i % 28) + "," + i + ".5") + "soon,3.5\n");
    file(
        "comma.csv",
        Fixtures.table(
            "a;b;y",
            20,
            i -> i + (i == 3 ? "." : ",") + "5;" + i * i % 7 + ";" + (i % 2 == 0 ? "a" : "b")));
    file("order.csv", Fixtures.table("d,y", 20, i -> "1/2/2024," + i % 2));
    file("targettypo.csv", people(i -> i == 0 ? "l" : Integer.toString((i + 1) % 2)));
    file("ids.csv", Fixtures.table("a,name", 30, i -> i + ",n" + i));
    file("datetarget.csv", Fixtures.table("a,when", 30, i -> i + "," + day(1 + i % 9)));
    file("same.csv", "a,y\n1,x\n2,x\n3,x\n");
    file("notarget.csv", "a,b,y\n1,2,\n2,3,\n");
    file("few.csv", "a,y\n1,x\n2,y\n3,x\n4,y\n");
    file("nothing.csv", "a,y\n1,x\n1,y\n");
    file("empty.csv", "\n\n");
    file("headeronly.csv", "a,b\n");
    file("onecolumn.csv", "a\nb\n");
    file("huge.csv", Fixtures.table("a,y", 8, i -> (i % 2 == 0 ? "1.7e308,x" : "-1.7e308,y")));
    Files.write(
        directory.resolve("latin.csv"), "a,y\n1,caf\u0090\n".getBytes(StandardCharsets.ISO_8859_1));
    Files.write(directory.resolve("utf16.csv"), "a,b\n1,2\n".getBytes(StandardCharsets.UTF_16));
    file("fewer.csv", "age,sex,kind\n20,f,a\n");
    file("nohead.csv", "20,f,150,a\n21,m,151,b\n");
    file("word.csv", "age,sex,height,kind\n20,f,tall,a\n");
    file("class.csv", "age,sex,height,kind\n20,f,150,c\n");
    file("unlabelled.csv", "age,sex,height\n20,f,150\n");
    file("weights.csv", "w,a,y\n1,2,x\n-1,3,y\n2,4,x\n");
    file("gapw.csv", "w,a,y\n1,2,x\n,3,y\n2,4,x\n");
    file("zerow.csv", "w,a,y\n0,2,x\n0,3,y\n0,4,x\n");
    file("whole.csv", "a,y\n1,0\n2,0.5\n3,1\n");
    file("plain.csv", "20,1,150,a\n21,0,151,b\n22,1,152,a\n23,0,150,b\n24,0,157,b\n");
    file("headed.csv", "age,sex,height,kind\n20,1,150,a\n");
    file("firstclass.csv", "20,1,150,kind\n");
    file("long.csv", "age,sex,height,kind\n20,f," + "tall ".repeat(40) + ",a\n");
    file("wide.csv", wide(100) + "\n" + "1,".repeat(99) + "x\n");
    file("rows.json", "{\n  \"age\": 3}\n");
    file("list.csv", "\ufeff[{\"age\": 3}]\n");
    file("page.csv", "\n<!DOCTYPE html>\n<html>\n");
    file("rows.parquet", "PAR1\u0015\u0004");
    file("named.csv", zip("[Content_Types].xml", "<x/>"));
    file("book.xlsx", zip("[Content_Types].xml", "<x/>"));
    file("book.ods", zip("mimetype", "application/vnd.oasis.opendocument.spreadsheet"));
    NdArray rows = NdArray.of(new float[10], 2, 5);
    Npz.write(directory.resolve("arrays-1.npz"), Map.of("inputs", rows));
    Map<String, NdArray> both = Map.of("inputs", rows, "target", NdArray.of(new long[2], 2));
    Npz.write(directory.resolve("targets.npz"), both);
    file("three.csv", "20,1,150,3,4,5\n");
    file("dated.csv", Fixtures.table("when,y", 30, i -> day(1 + i % 28) + "," + i % 5 + ".5"));
    file("baddate.csv", "when,y\n2024-13-01,1.5\n");
    model("good.csv", "m");
    model("plain.csv", "n", "--split-sizes=1");
    model("dated.csv", "d");
  }

  /** Returns the beginning of a zip archive, such as that of a spreadsheet. */
  private static String zip(String name, String content) {
    return "PK\u0003\u0004" + "\0".repeat(26) + name + content;
  }

  private static String wide(int columns) {
    return IntStream.range(0, columns).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
  }

  private static String day(int day) {
    return "2024-01-%02d".formatted(day);
  }

  private static void model(String data, String out, String... options) {
    Run.line(
            "train --epochs=1 --data",
            directory.resolve(data).toString(),
            options,
            "--out=" + directory.resolve(out))
        .ok();
  }

  static Stream<org.junit.jupiter.params.provider.Arguments> refusals() {
    return Stream.concat(
        REFUSALS.lines().map(row -> arguments((Object[]) row.split(" \\| ", 2))),
        Stream.of(
            arguments(
                "predict --model m/nn_model.npz --data long.csv",
                "long.csv: line 2, column height is \"@... (199 characters)\", expected a finite number"
                    .replace("@", "tall ".repeat(24))),
            arguments(
                "predict --model m/nn_model.npz --data wide.csv",
                "wide.csv: no column age, sex, height, expected the columns of the model: found "
                    + wide(20).replace(",", ", ")
                    + ", ... (100 in all)")));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void oneLineSaysWhereAndHowToMendIt(String command, String message) {
    List<String> words = new ArrayList<>();
    for (String word : command.split(" ")) {
      boolean file = word.matches("(?:.*/.*|.*\\.(?:csv|npz|json|parquet|xlsx|ods))");
      words.add(file ? directory.resolve(word).toString() : word);
    }
    if (words.get(0).equals("train")) {
      words.addAll(List.of("--epochs=1", "--out=" + directory.resolve("refused")));
    }
    Run run = Run.of(words.toArray(new String[0]));
    assertTrue(run.code() == 1 || run.code() == Problem.USAGE, run.err());
    List<String> lines = run.err().lines().filter(line -> !line.contains("kernels, as")).toList();
    String last = lines.get(lines.size() - 1);
    assertEquals("lanewise: " + message, last.replace(directory + "/", ""));
    assertFalse(Files.exists(directory.resolve("refused")), "a folder is left");
  }
}
