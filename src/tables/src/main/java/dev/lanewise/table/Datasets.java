package dev.lanewise.table;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.Npy;
import dev.lanewise.model.Model;
import dev.lanewise.source.FileKind;
import dev.lanewise.source.MappedNpy;
import dev.lanewise.source.NamedFiles;
import dev.lanewise.table.internal.ArrayRows;
import dev.lanewise.table.internal.DivisionRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Loads data sets from files: NumPy arrays, IDX files as of MNIST, and tables as text.
 *
 * <pre>{@code
 * Dataset data = Datasets.load(Path.of("digits.npz"));
 * }</pre>
 */
public final class Datasets {
  private Datasets() {}

  /**
   * Loads a data set. The content of the file determines its kind:
   *
   * <ul>
   *   <li>.npz with {@code inputs_train}, {@code target_train}, and optionally {@code
   *       inputs_valid}, {@code inputs_test} and so on; targets are integers or one-hot rows, or
   *       any numbers if the options name a loss for numeric targets;
   *   <li>.npz with {@code x_train}, {@code y_train}, and optionally {@code x_test}, {@code
   *       y_test}; without {@code x_val} or {@code x_valid} the last tenth of the training rows,
   *       rounded down, becomes the validation rows, unless the options set another share;
   *   <li>.npz with {@code inputs} and {@code target}, or {@code x} and {@code y}: one split;
   *   <li>IDX, also compressed by gzip: the file of the training images, such as {@code
   *       train-images-idx3-ubyte}; labels and test files are found in the same folder, and
   *       validation rows are taken as above; a file of other images is one split;
   *   <li>tables as text (see {@link Table}): the rows are shuffled with the seed and divided by
   *       the shares in the options; columns of strings also become inputs.
   * </ul>
   *
   * <p>Rows may have weights, as for {@link dev.lanewise.data.Rows#withRowWeights}. An .npz file
   * has them in arrays {@code weights_train} and so on, or {@code w_train} and so on together with
   * {@code y_train}, or {@code weights} or {@code w} for one split. A table has them in a column
   * that the options name. Without weights, each row has weight 1.
   *
   * <p>Inputs with more than two dimensions are flattened. An .npz file may contain the names of
   * its classes in an array of strings {@code class_names}.
   *
   * <p>If a table needs more than half of the maximum heap (or more bytes than the system property
   * {@code lanewise.memory} allows), its cells and inputs are in temporary files (see {@link
   * ReadOptions#withCache}). The data set is the same.
   *
   * @param file the file
   * @param options for reading, dividing and scaling; none for the defaults
   * @return the data set
   * @throws FormatException if the file is malformed; the message is one line that says what was
   *     found and what was expected
   * @throws IOException if reading fails
   */
  public static Dataset load(Path file, LoadOptions... options) throws IOException {
    return load(file, ResolvedOptions.of(options));
  }

  /**
   * Loads a data set for a model, for example to evaluate it. The model determines how the data is
   * read and scaled, and finds its columns by their names. The file that the model was trained on
   * is divided as in that training; another file is one split unless the options divide it.
   *
   * @param file the file, as for {@link #load(Path, LoadOptions...)}
   * @param model the model
   * @param options for what the model leaves open
   * @return the data set
   * @throws FormatException if the file is malformed or does not fit the model
   * @throws IOException if reading fails
   */
  public static Dataset load(Path file, Model model, LoadOptions... options) throws IOException {
    return load(file, ResolvedOptions.of(model, false, options));
  }

  /**
   * Loads a data set on which a model is trained further. It is as for {@link #load(Path, Model,
   * LoadOptions...)}, except that another file than the model's training file is divided as for a
   * new training.
   *
   * @param file the file
   * @param model the model
   * @param options for what the model leaves open
   * @return the data set
   * @throws FormatException if the file is malformed or does not fit the model
   * @throws IOException if reading fails
   */
  public static Dataset loadForTraining(Path file, Model model, LoadOptions... options)
      throws IOException {
    return load(file, ResolvedOptions.of(model, true, options));
  }

  private static Dataset load(Path file, ResolvedOptions options) throws IOException {
    Objects.requireNonNull(file, "file");
    try {
      FileKind kind = FileKind.of(NamedFiles.named(file).get(0));
      if (kind == FileKind.CSV) {
        return TableLoader.load(file, options);
      }
      options.division().requireNoColumn(file);
      options.reading().requireNoTable(file);
      return ArrayFiles.load(file, kind, options);
    } catch (OutOfMemoryError e) { // the arrays are garbage, so there is memory for the message
      throw new FormatException(
          file.toString(), "more data than the heap holds, expected less data or a larger -Xmx", e);
    }
  }

  /**
   * Lists the files that {@link #load} reads for a name: the files that match a wildcard, or the
   * labels and test images that belong to IDX images.
   *
   * @param file the name
   * @return the files, sorted by name or grouped by purpose; one file for most kinds
   * @throws FormatException if there is no file
   * @throws IOException if a folder cannot be read
   */
  public static List<Path> files(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    List<Path> named = NamedFiles.named(file);
    FileKind kind = FileKind.of(named.get(0)); // several files are always a table
    return kind == FileKind.IDX || kind == FileKind.GZIP ? IdxLoader.files(file) : named;
  }

  /**
   * Opens a data set larger than memory. The inputs stay in their file, and each batch is copied
   * and scaled from there. Results are the same bits as for the data in memory. The last tenth of
   * the rows, rounded down, or the share that the options set, becomes the validation rows; {@link
   * Dataset#all} contains all rows without copying them.
   *
   * <p>Rows are checked when they are copied: training or evaluation ends with an {@link
   * java.io.UncheckedIOException} at the first row with a number that is not finite. This method
   * reads the rows only if the scaling depends on them: {@code standard} reads the training rows
   * twice, and {@code auto} reads a file of another type than uint8 until it finds a number that is
   * not a byte. The file must not change while the data set is in use. If it is truncated, training
   * ends with an error, perhaps at a later row. The file is released when the data set is
   * garbage-collected.
   *
   * @param inputs an .npy file of shape N x D, N x h x w and so on, of uint8, float32 or float64 in
   *     C order
   * @param targets an .npy file of N targets as for {@link #load(Path, LoadOptions...)}, read into
   *     memory
   * @param options the scalings, the loss and the share of validation rows
   * @return the data set
   * @throws IllegalArgumentException if the options ask for stratified rows, as rows keep the order
   *     of their file
   * @throws FormatException if a file is malformed
   * @throws IOException if reading fails
   */
  public static Dataset mapped(Path inputs, Path targets, LoadOptions... options)
      throws IOException {
    return mapped(inputs, targets, ResolvedOptions.of(options));
  }

  /**
   * Opens a data set larger than memory for a model.
   *
   * @param inputs as for {@link #mapped(Path, Path, LoadOptions...)}
   * @param targets as for that method
   * @param model the model, which determines the scalings, the loss and, for its training file, the
   *     division
   * @param options for what the model leaves open
   * @return the data set
   * @throws IllegalArgumentException if the options ask for stratified rows
   * @throws FormatException if a file is malformed or does not fit the model
   * @throws IOException if reading fails
   */
  public static Dataset mapped(Path inputs, Path targets, Model model, LoadOptions... options)
      throws IOException {
    return mapped(inputs, targets, ResolvedOptions.of(model, false, options));
  }

  private static Dataset mapped(Path inputs, Path targets, ResolvedOptions options)
      throws IOException {
    Objects.requireNonNull(inputs, "inputs");
    Objects.requireNonNull(targets, "targets");
    options.division().requireNoColumn(inputs);
    if (options.division().stratified.orElse(false)
        || !options.division().rule.equals(DivisionRule.NONE)) {
      throw DataErrors.inFile();
    }
    try {
      ArrayRows rows =
          ArrayRows.of(MappedNpy.open(inputs), inputs.toString())
              .with(Npy.read(targets), targets.toString(), options.scaling().lossOfArrays());
      DatasetBuilder builder = new DatasetBuilder(inputs.toString(), options);
      builder.train(rows, DatasetBuilder.TENTH);
      return builder.build(List.of(), rows.inputShape());
    } catch (OutOfMemoryError e) {
      throw new FormatException(
          targets.toString(), "more targets than the heap holds, expected a larger -Xmx", e);
    }
  }
}
