package dev.lanewise.table;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.RawRows;
import dev.lanewise.data.internal.TwiceScaled;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.Message;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npy;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.source.FileKind;
import dev.lanewise.source.Idx;
import dev.lanewise.source.MappedNpy;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The rows of a file in its order, as inputs of a model, some at a time: for predictions, which
 * need no targets, and of files larger than memory.
 *
 * <pre>{@code
 * try (RowStream rows = RowStream.open(file, LoadOptions.forModel(model), false)) {
 *   float[] inputs = new float[1000 * model.architecture().inputs()];
 *   for (int count = rows.next(inputs); count > 0; count = rows.next(inputs)) {
 *     predictor.predictScaled(inputs, count, results);
 *   }
 * }
 * }</pre>
 */
public abstract class RowStream implements Closeable {
  private boolean isClosed;
  private boolean isBroken; // some rows could not be read, and are not to be passed over
  private TwiceScaled scaled; // once rows were read

  RowStream() {}

  /**
   * Opens a file.
   *
   * @param file a table as text, whose columns are found as the model knows them; an .npz with
   *     {@code inputs} or {@code x} (or those for test), a .npy of rows, IDX images, or a folder of
   *     pictures
   * @param options those of {@link LoadOptions#forModel}
   * @param keepsTexts whether {@link #texts} are asked for
   * @return the rows, to be closed
   * @throws FormatException if the file is not what it should be, or lacks a column of the model
   * @throws IOException if reading fails
   * @throws IllegalArgumentException if the options are for no model
   */
  public static RowStream open(Path file, LoadOptions options, boolean keepsTexts)
      throws IOException {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(options, "options");
    model(options);
    FileKind kind = FileKind.of(NamedFiles.named(file).get(0));
    if (kind != FileKind.FOLDER) {
      options.requireNoImages(file);
    }
    if (kind == FileKind.CSV) {
      return new TableStream(file, options, keepsTexts);
    }
    if (kind == FileKind.FOLDER) {
      ImageFolder folder = new ImageFolder(file, options);
      return new ArrayStream(folder.rows(), options, folder.names());
    }
    return new ArrayStream(rows(file, kind), options, List.of());
  }

  /**
   * Opens a stream of text.
   *
   * @param in a table, closed with the rows
   * @param name what it is called in messages
   * @param options those of {@link LoadOptions#forModel}
   * @param keepsTexts whether {@link #texts} are asked for
   * @return the rows, to be closed
   * @throws FormatException as for {@link #open(Path, LoadOptions, boolean)}
   * @throws IOException if reading fails
   */
  public static RowStream open(InputStream in, String name, LoadOptions options, boolean keepsTexts)
      throws IOException {
    Objects.requireNonNull(in, "in");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(options, "options");
    model(options);
    Objects.requireNonNull(in, "in");
    return new TableStream(in, name, options, keepsTexts);
  }

  private static Mlp model(LoadOptions options) {
    return options.model.orElseThrow(
        () -> DataErrors.wrong("options without a model, expected those of LoadOptions.forModel"));
  }

  /**
   * Whether a file has rows for predictions and nothing to compare them with.
   *
   * @param file .npz or IDX images, or a folder of pictures
   * @return true of an .npz with one array of inputs and no targets, of images without labels
   *     beside them, and of pictures that are not in folders of classes
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
    if (kind == FileKind.FOLDER) {
      return ImageFolder.hasNoClasses(file);
    }
    return (kind == FileKind.IDX || kind == FileKind.GZIP) && !IdxLoader.hasLabels(file);
  }

  /** The rows of arrays without their targets. */
  private static RawRows rows(Path file, FileKind kind) throws IOException {
    if (kind == FileKind.NPY) {
      return npy(file);
    } else if (kind == FileKind.IDX || kind == FileKind.GZIP) {
      return new ArrayRows(Idx.read(file), file.toString());
    } else if (kind == FileKind.NPZ) {
      try (Npz npz = Npz.open(file)) {
        List<String> found = new ArrayList<>();
        for (String name : List.of("inputs", "x", "inputs_test", "x_test")) {
          if (npz.contains(name)) {
            found.add(name);
          }
        }
        if (found.size() != 1) {
          throw new FormatException(
              file.toString(),
              "arrays %s, expected one of inputs, x, inputs_test, x_test to predict",
              npz.names());
        }
        NdArray array = npz.read(found.get(0));
        return new ArrayRows(array, file + ": " + found.get(0));
      }
    }
    throw new FormatException(
        file.toString(), "an unknown kind of file, expected .npz, .npy, IDX or a table");
  }

  /** Of any size where the file can be mapped, as those of most types can; others in memory. */
  private static RawRows npy(Path file) throws IOException {
    try {
      return new MappedArray(MappedNpy.open(file), file.toString());
    } catch (FormatException e) {
      return new ArrayRows(Npy.read(file), file.toString()); // or an error of its own
    }
  }

  /**
   * The next rows, scaled.
   *
   * @param inputs receives as many whole rows as fit: [rows][inputs], for {@link
   *     dev.lanewise.nn.Predictor#predictScaled(float[], int, float[])}
   * @return how many rows there were, 0 at the end
   * @throws FormatException if a row is not what the model takes; the message says where
   * @throws IllegalArgumentException if there is no room for one row
   * @throws IllegalStateException if the rows are closed, or a call before this one failed to read
   * @throws IOException if reading fails
   */
  public final int next(float[] inputs) throws IOException {
    if (isClosed) {
      throw new IllegalStateException("data: next after close, expected it before");
    } else if (isBroken) {
      throw new IllegalStateException(
          "data: next after an error, expected no further call, as rows would be missing (correct"
              + " the file and open it again)");
    } else if (inputs.length < width()) {
      throw DataErrors.wrong(
          "room for %s inputs, expected at least the %s of a row", inputs.length, width());
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

  /** How many inputs a row has. */
  abstract int width();

  /**
   * How the rows are scaled.
   *
   * @return the scaling of the model, or what the options chose where it stores none
   */
  public abstract Scaling scaling();

  /**
   * The columns of a table.
   *
   * @return their names, in the order of the file; {@code file} of pictures, none of arrays
   */
  public List<String> columns() {
    return List.of();
  }

  /**
   * The texts of a row as the file has them, if they are kept.
   *
   * @param row which of the rows that were read last
   * @return a text a column
   */
  public List<String> texts(int row) {
    return List.of();
  }

  /**
   * The numbers of a row as the file has them, neither scaled nor rounded.
   *
   * @param row which of the rows that were read last
   * @return [inputs]; empty of a table, which has {@link #texts}
   */
  public double[] numbers(int row) {
    return new double[0];
  }

  /**
   * How many target columns the file has.
   *
   * @return those of the model, or 0
   */
  public int targets() {
    return 0;
  }

  /**
   * A target as the file has it.
   *
   * @param row which of the rows that were read last
   * @param target from 0 to {@link #targets}
   * @return a number or the name of a class; empty if the row has none
   */
  public String target(int row, int target) {
    return "";
  }

  /**
   * What is to be said of the file, such as which columns are passed over; and at the end which
   * have values that the model does not know, and whether inputs seem to have been scaled before.
   *
   * @return a sentence each
   */
  public final List<String> notes() {
    return messages().stream().map(Message::toString).toList();
  }

  /**
   * Returns the notes with the keys of their remedies.
   *
   * @return what {@link #notes} says in words of Java
   */
  public final List<Message> messages() {
    List<Message> all = new ArrayList<>(notesOfColumns());
    if (scaled != null && scaled.isLikely()) {
      all.add(TwiceScaled.note(where()));
    }
    return all;
  }

  /**
   * How many values so far the model has not met in training.
   *
   * @return the number of unknown categories, and of gaps where the training rows had none
   */
  public long unseen() {
    return 0;
  }

  /** What is to be said of the columns of a table. */
  List<Message> notesOfColumns() {
    return List.of();
  }

  /** What the rows are called in messages. */
  abstract String where();

  @Override
  public void close() throws IOException {
    isClosed = true;
  }
}
