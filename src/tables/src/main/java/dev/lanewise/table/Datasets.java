package dev.lanewise.table;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.Npy;
import dev.lanewise.source.FileKind;
import dev.lanewise.source.MappedNpy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Loads data sets from files and folders: arrays of numpy, the format of MNIST, pictures in
 * folders, and tables as text.
 *
 * <pre>{@code
 * Dataset data = Datasets.load(Path.of("digits.npz"));
 * }</pre>
 */
public final class Datasets {
  private Datasets() {}

  /**
   * Loads a data file with the default options.
   *
   * @param file see {@link #load(Path, LoadOptions)}
   * @return the data
   * @throws FormatException if the file is not what it should be
   * @throws IOException if reading fails
   */
  public static Dataset load(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    return load(file, LoadOptions.defaults());
  }

  /**
   * Loads a data file. Its kind is told from its content:
   *
   * <ul>
   *   <li>.npz with {@code inputs_train}, {@code target_train}, and perhaps {@code _valid} and
   *       {@code _test}; targets are integers or one-hot rows, or any numbers if the options name a
   *       loss that takes those;
   *   <li>.npz with {@code x_train}, {@code y_train}, and perhaps {@code x_test}, {@code y_test};
   *       without {@code x_val} or {@code x_valid} the last tenth of the training rows, rounded
   *       down, becomes validation, unless the options have another share;
   *   <li>.npz with {@code inputs} and {@code target}, or {@code x} and {@code y}: one split;
   *   <li>IDX, also gzipped: the file of the training images, such as {@code
   *       train-images-idx3-ubyte}; labels and test files are found beside it, validation is taken
   *       as above; the file of any other images is one split;
   *   <li>a folder of PNG or JPEG files in folders, one for each class and named as it is; a tenth
   *       of each class becomes validation. With {@code train} among its folders, that one has the
   *       classes, as {@code valid} and {@code test} have that may be beside it. Pictures have one
   *       size or are scaled to one ({@link LoadOptions#withImageSize}); they are grey if all that
   *       are for training are;
   *   <li>tables as text (see {@link Table}): rows shuffled by the seed and split by the sizes in
   *       the options; columns of words become inputs, too.
   * </ul>
   *
   * <p>Rows may have weights, as {@link dev.lanewise.data.Split#withRowWeights} takes them: beside
   * the targets of an .npz file in arrays {@code weights_train} and so on, or {@code w_train} and
   * so on beside {@code y_train} ({@code weights} or {@code w} of one split), or in a column of a
   * CSV file that the options name. A split without them weighs 1 a row.
   *
   * <p>Inputs of more than two dimensions are flattened. An .npz file may name its classes in an
   * array of strings {@code class_names}.
   *
   * <p>Of a table that takes more than half of the largest heap (or than the bytes that the system
   * property {@code lanewise.memory} says) cells and inputs are in files, the latter for later
   * runs, too: see {@link LoadOptions#withCache}. The data is the same.
   *
   * @param file the file or folder
   * @param options the scaling, and how to divide the rows
   * @return the data
   * @throws FormatException if the file is not what it should be, in one line that says what was
   *     found and what was expected
   * @throws IOException if reading fails
   */
  public static Dataset load(Path file, LoadOptions options) throws IOException {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(options, "options");
    try {
      FileKind kind = FileKind.of(NamedFiles.named(file).get(0));
      if (kind != FileKind.FOLDER) {
        options.requireNoImages(file);
      }
      if (kind == FileKind.CSV) {
        return TableLoader.load(file, options);
      }
      options.requireNoTable(file);
      return ArrayFiles.load(file, kind, options);
    } catch (OutOfMemoryError e) { // the arrays made so far are garbage: there is room to say so
      throw new FormatException(
          file.toString(), "more data than the heap holds, expected less or a larger -Xmx", e);
    }
  }

  /**
   * The files that {@link #load(Path, LoadOptions)} reads for a name: those that a wildcard stands
   * for, the labels and the test images beside IDX images, the pictures in a folder.
   *
   * @param file the name
   * @return the files in the order of their names, or as they belong together; one of most kinds
   * @throws FormatException if there is none
   * @throws IOException if a folder cannot be read
   */
  public static List<Path> files(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    List<Path> named = NamedFiles.named(file);
    FileKind kind = FileKind.of(named.get(0)); // of several it is a table
    if (kind == FileKind.FOLDER) {
      return ImageFolder.files(file);
    }
    return kind == FileKind.IDX || kind == FileKind.GZIP ? IdxLoader.files(file) : named;
  }

  /**
   * A data set larger than memory: rows of inputs stay in their file, of which the operating system
   * keeps in memory what fits, and every batch is copied and scaled from there. Results are those
   * of the same data in memory, bit by bit. The last tenth of the rows, rounded down, or another
   * share that the options have, becomes validation; {@link Dataset#all} has all of them, without a
   * copy.
   *
   * <p>The rows are checked when they are copied: a training or an evaluation ends with an {@link
   * java.io.UncheckedIOException} at the first one with a number that is not finite. They are read
   * here only where the scaling depends on it: {@code standard} reads the training rows twice, and
   * {@code auto}, unless they are bytes, up to the first number that is none. The file must stay as
   * it is as long as the data is in use; one that is cut off meanwhile ends the training with an
   * error, but at which row is not certain. The garbage collector lets go of the file.
   *
   * @param inputs an npy file N x D, or N x h x w and so on, of uint8, float32 or float64 in C
   *     order
   * @param targets an npy file of N targets as in {@link #load(Path, LoadOptions)}; read into
   *     memory
   * @param options the scalings, the loss and the share for validation
   * @return the data
   * @throws IllegalArgumentException if the options are stratified: rows stay in the order of their
   *     file
   * @throws FormatException if a file is not what it should be
   * @throws IOException if reading fails
   */
  public static Dataset mapped(Path inputs, Path targets, LoadOptions options) throws IOException {
    Objects.requireNonNull(inputs, "inputs");
    Objects.requireNonNull(targets, "targets");
    Objects.requireNonNull(options, "options");
    if (options.stratified.orElse(false)) {
      throw DataErrors.inFile();
    }
    try {
      MappedArray rows =
          new MappedArray(
              MappedNpy.open(inputs),
              inputs.toString(),
              Npy.read(targets),
              targets.toString(),
              options.lossOfArrays());
      Assembly assembly = new Assembly(inputs.toString(), options);
      assembly.train(rows, Assembly.TENTH);
      return assembly.build(List.of(), rows.inputShape());
    } catch (OutOfMemoryError e) {
      throw new FormatException(
          targets.toString(), "more targets than the heap holds, expected a larger -Xmx", e);
    }
  }
}
