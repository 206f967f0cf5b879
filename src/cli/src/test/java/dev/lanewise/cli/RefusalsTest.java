package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands refuse files and options that do not fit together, and leave no file then. */
class RefusalsTest {
  private static final Pattern FILE = Pattern.compile("\\{([^}]*)}");

  /**
   * Whether the command line is wrong or the command fails, the command line, and parts of the
   * message. A name in braces is that of a file.
   */
  private static final String ROWS =
      """
      fail | cover {run} --out {no.npz} --split train | the model was trained on these rows
      fail | cover {run} --out {no.npz} --split valid | the best epoch was chosen by these rows, expected
      fail | cover {number} --out {no.npz} --by-class | coverage by class of loss mae, expected a model of classes
      fail | cover {quantile} --out {no.npz} | coverage of loss pinball-0.5, expected classes or numbers, as a quantile is
      fail | cover {run} --out {no.npz} --remove | a model without a coverage
      use | cover {run} --out {no.npz} --remove --by-class | --by-class: not together with --remove
      use | cover {run} | no file to write, expected --out FILE.npz
      fail | predict --coverage 0.9 {run} | --coverage: a model without a coverage, expected a model of cover or of train --coverage
      fail | evaluate --coverage 0.9 {run} | --coverage: a model without a coverage, expected a model of cover or of train --coverage
      use | predict --coverage 0 {level.npz} {rooms.csv} | --coverage: | expected a number above 0 and below 1
      use | predict --coverage 1 {level.npz} {rooms.csv} | --coverage: | expected a number above 0 and below 1
      use | predict --coverage 90 {level.npz} {rooms.csv} | --coverage: | expected a number above 0 and below 1
      use | predict --coverage x {level.npz} {rooms.csv} | --coverage: | expected a number above 0 and below 1
      use | train {rooms.csv} --out {no} --target area --loss pinball-0.9 --coverage | --coverage: coverage of loss pinball-0.9, expected classes or numbers
      use | train {rooms.csv} --out {no} --target area --coverage --coverage-by-class | --coverage: coverage by class of loss mse, expected a model of classes
      use | train {rooms.csv} --out {no} --coverage-by-class | --coverage-by-class: works with --coverage only
      use | decide {run} --out {no.npz} --threshold 1.5 | from 0 to 1
      use | decide {run} --out {no.npz} --positive perhaps | one of no, yes
      use | decide {run} --out {no.npz} --threshold 0.5 --by f1 | a choice itself
      use | decide {run} --out {no.npz} --even-if-worse | --even-if-worse: works with --costs only
      fail | decide {run} --out {no.npz} --remove | a model without a decision
      fail | decide {run} --out {no.npz} --split train | the model was trained on these rows
      use | calibrate {run} {rooms.csv} | expected --out FILE.npz
      use | calibrate {run} {rooms.csv} --out x.onnx | ends in .npz
      use | calibrate {run} --out {no.npz} --remove --data {rooms.csv} | not together with --remove
      fail | calibrate {run} --out {no.npz} --remove | a model without a calibration, expected a model that has one
      fail | calibrate {run} --out {no.npz} --split train | the model was trained on these rows
      fail | calibrate {run} --out {no.npz} --split all | the model was trained on these rows
      use | cross-validate {rooms.csv} --folds 1 | --folds: '1', expected a whole number from 2
      fail | cross-validate {rooms.csv} --folds 151 --epochs 1 --quiet | 150 rows and no row for each fold
      use | cross-validate {rooms.csv} --group kind --order area | not together with --group
      use | cross-validate {rooms.csv} --order area --repeats 2 | one division into folds
      use | cross-validate {rooms.csv} --group kind --stratified | keeps rows together
      fail | cross-validate {rooms.csv} --group doctor --epochs 1 --quiet | no column doctor
      fail | cross-validate {rooms.csv} --target area --stratified --epochs 1 --quiet | targets that are numbers
      use | train --group a --epochs 1 --data {x.npz} --out {no} | works with a table
      use | serve --model a={b.npz} --model a={b.npz} | --model: two models have the name a, expected NAME=FILE
      use | serve {b.npz} --model {b.npz} | two models have the name model
      fail | serve --model ..={b.npz} | lanewise: ..={b.npz}: no such
      fail | serve --model a={b.npz} --model b={b.npz} --coverage 0.9 | model a: --coverage: a model without a coverage
      fail | serve --model a={b.npz} --model b=nothing | model b: nothing: no such file
      use | serve {x=b.npz} --port 70000 | --port
      fail | serve {x=b.npz} --coverage 0.9 | lanewise: --coverage: a model
      fail | drift {run} {few.csv} | few.csv: | 49 rows | at least 50
      fail | drift {run} {lacking.csv} | lacking.csv | no column kind
      fail | drift {run} {wrong.csv} | wrong.csv | column age is "many"
      fail | drift {plain.npz} {rooms.csv} | plain.npz: no profile of the training rows
      fail | drift {run} {none.csv} | none.csv
      fail | drift {run} data/digits.npz | digits.npz
      fail | evaluate --split calibration {run} {few.csv} | no rows kept for calibration, expected the training file of a model that kept
      fail | evaluate --split calibration {quantile} | no rows kept for calibration, expected the training file of a model that kept such rows (train --cal
      use | train {rooms.csv} --out {no} --calibration-fraction 1 | --calibration-fraction: '1', expected a number from 0 to below 1
      fail | train {rooms.csv} --out {no} --calibration-fraction 0.001 --epochs 1 | no rows for calibration
      use | train {rooms.csv} --out {no} --all-rows --split-sizes 0.8,0.2 | not together with --all-rows
      use | train {rooms.csv} --out {no} --all-rows --test-data {rooms.csv} | not together with --all-rows
      use | train data/digits.npz --out {no} --all-rows | works with a table such as a CSV file only
      use | evaluate --all-rows | no such option of evaluate
      fail | check --model {several.npz} | a model of 2 networks, expected one network
      fail | train {x.npz} --out {no} --initial-model {several.npz} | a model of 2 networks, expected one network
      use | search {rooms.csv} --out {no} --hidden 8;6 --best none --patience 2 | --best none: not together
      use | search {rooms.csv} --out {no} --hidden 8;6 --best auto | --best: 'auto', expected none, loss,
      use | search {rooms.csv} --out {no} --hidden 8;4 --trials 3 --time 1s | --trials: not together with --time
      use | search {rooms.csv} --out {no} --target area --hidden none --dropout 0.1,0.2 | --dropout: works with hidden layers only
      use | search {rooms.csv} --out {no} --target area --label-smoothing 0,0.1 | --label-smoothing: works with --loss softmax only
      use | train {rooms.csv} --out {no} --target area --temperature validation | --temperature: works with --loss softmax only
      fail | train {rooms.csv} --out {no} --preset course --target kind --split-sizes 1 --temperature validation | expected validation rows for --temperature validation
      use | search {rooms.csv} --out {no} --eta 0.1,0.2 --epochs 1 --class-weights 1,2,3 | --class-weights: '1,2,3', expected 2 numbers, one for each class
      use | search {rooms.csv} --out {no} --eta 0.1,0.2 --epochs 1 --target area --balanced | --balanced: works with --loss softmax only
      use | search {rooms.csv} --out {no} --eta 0.1,0.2 --epochs 1 --balanced --no-shuffle | --balanced: not together with --no-shuffle
      use | search {rooms.csv} --out {no} --eta 0.1,0.2 --epochs 1 --group kind --stratified | --stratified: not together with --group, which keeps rows together
      use | search {rooms.csv} --out {no} --eta 0.1,0.2 --epochs 1 --coverage-by-class | --coverage-by-class: works with --coverage only
      use | search {rooms.csv} --out {no} --eta 0.1,0.2 --epochs 1 --target area --coverage --coverage-by-class | --coverage:
      fail | search --resume --out {empty} | no search.json to resume from
      fail | train --resume --out {empty} | {empty}: no checkpoint.npz to resume from, expected the file that train leaves
      fail | train {rooms.csv} --out {no} --target area --loss sigmoid | expected a number from 0 to 1, as the sigmoid
      use | train {x.npz} --out {no} --targets {rooms.csv} | --targets: works with inputs in a .npy file only, expected --data X.npy
      use | compare {run} | compare: no file, expected RUN and RUN...
      use | compare 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 | compare: 25 runs, expected at most 24, which can be told apart
      fail | compare {run} {none} --out {no.html} | {none}: no such file, expected the directory of a run, or a model file
      fail | compare {run} {empty} --out {no.html} | nn_model.npz: no such file
      use | explain {run} --class maybe --data {rooms.csv} | --class: 'maybe', expected one of no, yes
      use | explain {run} --data {rooms.csv} --out {rooms.csv} | expected another file than that of --data
      """;

  @TempDir private static Path directory;

  private static void train(Path data, String name, String options) {
    Run.line("train --preset course --epochs 2 --hidden 4", data, options, "--out", file(name))
        .ok();
  }

  private static Path file(String name) {
    return directory.resolve(name);
  }

  @BeforeAll
  static void write() throws IOException {
    Path rooms = Fixtures.rooms(directory);
    train(rooms, "run", "--calibration-fraction 0.25");
    train(rooms, "number", "--target area --loss mae --calibration-fraction 0.25");
    train(rooms, "quantile", "--target area --loss pinball-0.5");
    Run.line("cover", file("number"), "--out", file("level.npz")).ok();
    Model model = ServeModelsTest.numbers(1);
    Model.of(List.of(model.members().get(0), model.members().get(0))).save(file("several.npz"));
    model.save(file("b.npz"));
    model.save(file("x=b.npz")); // the part before = is no name
    model = Model.load(file("run").resolve("nn_model.npz"));
    model.withFurtherFacts(Map.of()).save(file("plain.npz"));
    Fixtures.data(file("x.npz"));
    List<String> lines = Files.readAllLines(rooms);
    Files.write(file("few.csv"), lines.subList(0, 50));
    Files.writeString(file("lacking.csv"), Files.readString(rooms).replace("kind", "sort"));
    Files.writeString(file("wrong.csv"), lines.get(0) + "\n1,many,a,no\n");
    Files.createDirectory(file("empty"));
  }

  static Stream<String> rows() {
    return ROWS.lines();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aRefusalSaysWhyAndLeavesNoFile(String row) throws IOException {
    Set<String> before = Fixtures.names(directory);
    String[] cells =
        FILE.matcher(row)
            .replaceAll(name -> Matcher.quoteReplacement(file(name.group(1)).toString()))
            .split(" *\\| *");
    Run run = Run.line(cells[1]);
    String[] parts = Arrays.copyOfRange(cells, 2, cells.length);
    assertEquals(cells[0], run.code() == 2 ? "use" : "fail", run.err());
    if (run.code() == 2) {
      run.misused(parts);
    } else {
      run.failed(parts);
    }
    assertEquals(before, Fixtures.names(directory));
  }
}
