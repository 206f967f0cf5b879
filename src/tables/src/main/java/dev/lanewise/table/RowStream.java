package dev.lanewise.table;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.RawRows;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npy;
import dev.lanewise.format.Npz;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Messages;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.internal.TwiceScaled;
import dev.lanewise.source.FileKind;
import dev.lanewise.source.Idx;
import dev.lanewise.source.MappedNpy;
import dev.lanewise.source.NamedFiles;
import dev.lanewise.table.internal.ArrayRows;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Reads the rows of a file in order, some at a time, as inputs of a model. This serves predictions,
 * which need no targets, also from files larger than memory.
 *
 * <pre>{@code
 * try (RowStream rows = RowStream.open(file, model, false)) {
 *   float[] inputs = new float[1000 * model.inputs()];
 *   for (int count = rows.next(inputs); count > 0; count = rows.next(inputs)) {
 *     predictor.predictScaled(inputs, count, results, labels);
 *   }
 * }
 * }</pre>
 */
public abstract class RowStream implements Closeable {
  private boolean isClosed;
  private boolean isBroken; // true after a failed read, so that no rows are skipped silently
  private TwiceScaled scaled; // null before the first read

  RowStream() {}

  /**
   * Opens a file.
   *
   * @param file a table as text, whose columns are found by the names in the model; an .npz file
   *     with {@code inputs}, {@code x}, {@code inputs_test} or {@code x_test}; an .npy file of
   *     rows; or IDX images
   * @param model the model, which determines how the rows are read and scaled
   * @param keepsTexts whether {@link #texts} will be called
   * @param options for what the model leaves open
   * @return the rows, to be closed by the caller
   * @throws FormatException if the file is malformed, or lacks a column of the model
   * @throws IOException if reading fails
   */
  public static RowStream open(Path file, Model model, boolean keepsTexts, LoadOptions... options)
      throws IOException {
    Objects.requireNonNull(file, "file");
    ResolvedOptions loading = ResolvedOptions.of(model, false, options);
    FileKind kind = FileKind.of(NamedFiles.named(file).get(0));
    if (kind == FileKind.CSV) {
      return new TableStream(file, loading, keepsTexts);
    }
    return new ArrayStream(rows(file, kind), loading);
  }

  /**
   * Opens a stream of text.
   *
   * @param in a table, which is closed together with the rows
   * @param name the name of the stream in messages
   * @param model the model, which determines how the rows are read and scaled
   * @param keepsTexts whether {@link #texts} will be called
   * @param options for what the model leaves open
   * @return the rows, to be closed by the caller
   * @throws FormatException as for {@link #open(Path, Model, boolean, LoadOptions...)}
   * @throws IOException if reading fails
   */
  public static RowStream open(
      InputStream in, String name, Model model, boolean keepsTexts, LoadOptions... options)
      throws IOException {
    Objects.requireNonNull(in, "in");
    Objects.requireNonNull(name, "name");
    return new TableStream(in, name, ResolvedOptions.of(model, false, options), keepsTexts);
  }

  /**
   * Returns whether a file contains inputs without targets.
   *
   * @param file an .npz file or IDX images
   * @return true for an .npz file without arrays of targets, and for images without a file of
   *     labels in the same folder
   * @throws IOException if the file cannot be read
   */
  public static boolean hasNoTargets(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    FileKind kind = FileKind.of(file);
    if (kind == FileKind.NPZ) {
      try (Npz npz = Npz.open(file)) {
        return npz.names().stream().noneMatch(name -> name.matches("(target|y)(_.*)?"));
      }
    }
    return (kind == FileKind.IDX || kind == FileKind.GZIP) && !IdxLoader.hasLabels(file);
  }

  private static RawRows rows(Path file, FileKind kind) throws IOException {
    if (kind == FileKind.NPY) {
      return npy(file);
    } else if (kind == FileKind.IDX || kind == FileKind.GZIP) {
      return ArrayRows.of(Idx.read(file), file.toString());
    } else if (kind == FileKind.NPZ) {
      try (Npz npz = Npz.open(file)) {
        List<String> found = new ArrayList<>(List.of("inputs", "x", "inputs_test", "x_test"));
        found.removeIf(name -> !npz.contains(name));
        if (found.size() != 1) {
          throw new FormatException(
              file.toString(),
              "arrays %s, expected one of inputs, x, inputs_test, x_test to predict",
              npz.names());
        }
        NdArray array = npz.read(found.get(0));
        return ArrayRows.of(array, file + ": " + found.get(0));
      }
    }
    throw new FormatException(
        file.toString(), "an unknown kind of file, expected .npz, .npy, IDX or a table");
  }

  /** Maps the file so that it may have any size, or reads it if its type cannot be mapped. */
  private static RawRows npy(Path file) throws IOException {
    try {
      return ArrayRows.of(MappedNpy.open(file), file.toString());
    } catch (FormatException e) {
      return ArrayRows.of(Npy.read(file), file.toString()); // throws if the file is malformed
    }
  }

  /**
   * Reads and scales the next rows.
   *
   * @param inputs receives as many whole rows as fit, as [rows][inputs], for {@link
   *     dev.lanewise.nn.Predictor#predictScaled(float[], int, double[], int[])}
   * @return the number of rows, 0 at the end
   * @throws FormatException if a row does not fit the model; the message names its position
   * @throws IllegalArgumentException if the array is too small for one row
   * @throws IllegalStateException if the rows are closed, or an earlier call failed
   * @throws IOException if reading fails
   */
  public final int next(float[] inputs) throws IOException {
    if (isClosed) {
      throw new IllegalStateException("data: next after close");
    } else if (isBroken) {
      throw new IllegalStateException(
          "data: next after an error, expected no further call, as rows would be missing (correct"
              + " the file and open it again)");
    } else if (inputs.length < width()) {
      throw DataErrors.wrong(
          "room for %s inputs, expected room for the %s inputs of a row", inputs.length, width());
    }
    isBroken = true;
    try {
      int count = read(inputs);
      isBroken = false;
      scaled = scaled == null ? new TwiceScaled(scaling()) : scaled;
      scaled.look(inputs, count * width());
      return count;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  abstract int read(float[] inputs) throws IOException;

  abstract int width();

  /** {@return the scaling of the model, or of the options if the model stores none} */
  public abstract Scaling scaling();

  /** {@return the names of a table's columns in the order of the file; empty for arrays} */
  public List<String> columns() {
    return List.of();
  }

  /**
   * Returns the texts of a row as they are in the file.
   *
   * @param row the index among the rows of the last read
   * @return one text per column; empty if texts are not kept
   */
  public List<String> texts(int row) {
    return List.of();
  }

  /**
   * Returns where a row of a table begins.
   *
   * @param row the index among the rows of the last read
   * @return the number of its first line in the file, from 1; 0 for arrays
   */
  public long line(int row) {
    return 0;
  }

  /**
   * {@return the positions in {@link #columns} and {@link #texts} of the columns of the model's
   * schema, in its order; empty for arrays}
   */
  public int[] positions() {
    return new int[0];
  }

  /**
   * Returns the numbers of a row as they are in the file, neither scaled nor rounded.
   *
   * @param row the index among the rows of the last read
   * @return one number per input; empty for a table, which has {@link #texts}
   */
  public double[] numbers(int row) {
    return new double[0];
  }

  /**
   * {@return how a spreadsheet reads the text of the file: the separator, the decimal mark of its
   * numbers, and a third character, U+FEFF, if it begins with a byte order mark or is in
   * Windows-1252, of a stream as far as it was read; empty if it is no text}
   *
   * @throws IOException if reading fails
   */
  public String marks() throws IOException {
    return "";
  }

  /** {@return the number of target columns in the file: all of the model's, or 0} */
  public int targets() {
    return 0;
  }

  /**
   * Returns a target as it is in the file.
   *
   * @param row the index among the rows of the last read
   * @param target the target, from 0, below {@link #targets}
   * @return a number or the name of a class; empty if the row has none
   */
  public String target(int row, int target) {
    return "";
  }

  /**
   * Returns notes on the file, such as which columns are ignored. After the last row they also say
   * which columns have values that the model does not know, and whether the inputs seem to be
   * scaled already.
   *
   * @return one sentence per note
   */
  public final List<String> notes() {
    List<Message> all = new ArrayList<>(notesOfColumns());
    if (scaled != null && scaled.isLikely()) {
      all.add(TwiceScaled.note(where()));
    }
    return new Messages(all);
  }

  /**
   * {@return the number of values so far that training did not see: unknown categories, and missing
   * values in columns that had none}
   */
  public long unseen() {
    return 0;
  }

  List<Message> notesOfColumns() {
    return List.of();
  }

  /** Returns the name of the rows in messages. */
  abstract String where();

  @Override
  public void close() throws IOException {
    isClosed = true;
  }
}
