package dev.lanewise.files;

import dev.lanewise.source.FileKind;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.LoadOptions;
import dev.lanewise.table.RowStream;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.DataOptions;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.function.LongPredicate;

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

  /** Returns the file of the wanted rows, which the run may have had apart for their split. */
  public static Path file(Arguments arguments) {
    String split = arguments.text("split");
    boolean isApart = arguments.has("valid-data") || arguments.has("test-data");
    if (isApart && "all".equals(split)) {
      throw Problem.usage(
          "--split: 'all', expected train, valid or test, as the rows of the run stand in several"
              + " files");
    }
    return isOfSplit(arguments) ? arguments.path(split + "-data") : DataSource.file(arguments);
  }

  private static boolean isOfSplit(Arguments arguments) {
    return arguments.has("split")
        && !DataOptions.isCalibration(arguments)
        && arguments.has(arguments.text("split") + "-data");
  }

  /** Returns which rows of the file are wanted. */
  public static LongPredicate rows(Arguments arguments, Output output) throws IOException {
    if (!arguments.has("split") || isOfSplit(arguments)) {
      return row -> true;
    }
    BitSet chosen = new BitSet();
    for (int row : Subject.load(arguments, output, false).tableRows()) {
      chosen.set(row);
    }
    return row -> row < chosen.length() && chosen.get((int) row);
  }
}
