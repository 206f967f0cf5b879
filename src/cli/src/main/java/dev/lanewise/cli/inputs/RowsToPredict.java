package dev.lanewise.cli.inputs;

import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.DataOptions;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.source.FileKind;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.LoadOptions;
import dev.lanewise.table.RowStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Which rows of which file a command predicts. */
public final class RowsToPredict {
  private RowsToPredict() {}

  /** Returns how rows are read for a model. */
  public static LoadOptions[] options(Arguments arguments, ModelSource source) {
    return new LoadOptions[] {
      DataOptions.reading(arguments, source.model),
      DataOptions.division(arguments, DivisionOptions.defaults()),
      source.scaling(arguments)
    };
  }

  /** Returns whether rows are read in file order, without splits. */
  public static boolean streams(Arguments arguments, Path file) throws IOException {
    return DataSource.isTable(file)
        || !arguments.has("targets")
            && (FileKind.of(file) == FileKind.NPY || RowStream.hasNoTargets(file));
  }

  /** Returns the file with the wanted split if the run had it in another file, else null. */
  public static Path fileOfSplit(Arguments arguments) {
    String split = arguments.text("split");
    boolean isApart = arguments.has("valid-data") || arguments.has("test-data");
    if (isApart && "all".equals(split)) {
      throw Problem.usage(
          "--split: 'all', expected train, valid or test, as the rows of the run stand in several"
              + " files");
    }
    return arguments.has("split")
            && !DataOptions.isCalibration(arguments)
            && arguments.has(split + "-data")
        ? arguments.path(split + "-data")
        : null;
  }

  /** Returns which rows of the training file are in the wanted split. */
  public static boolean[] rowsOfSplit(Arguments arguments, Output output) throws IOException {
    Subject subject = Subject.load(arguments, output, false);
    int[] rows = subject.tableRows();
    boolean[] chosen = new boolean[Arrays.stream(rows).max().orElse(0) + 1];
    for (int row : rows) {
      chosen[row] = true;
    }
    return chosen;
  }
}
