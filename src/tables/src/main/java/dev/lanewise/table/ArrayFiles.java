package dev.lanewise.table;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.internal.DatasetOrigin;
import dev.lanewise.data.internal.DatasetState;
import dev.lanewise.data.internal.RowPreparation;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Messages;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.source.FileKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Loads data sets from array files. Validation and test rows may be in files of their own. */
final class ArrayFiles {
  private ArrayFiles() {}

  public static Dataset load(Path file, FileKind kind, ResolvedOptions options) throws IOException {
    DivisionOptions division = options.division();
    Optional<Path> valid = division.validData;
    Optional<Path> test = division.testRows();
    division.requireOneDivision();
    // With a file of validation rows, the training rows are not divided.
    Dataset data =
        one(file, kind, valid.isPresent() ? options.with(division.withUsualFraction(0)) : options);
    requireNone(file, valid, data.validation(), "validation");
    requireNone(file, test, data.test(), "test");
    Rows[] splits = {data.validation().orElse(null), data.test().orElse(null)};
    List<Optional<Path>> files = List.of(valid, test);
    DatasetOrigin origin = DatasetState.of(data).origin();
    for (int i = 0; i < splits.length; i++) {
      if (files.get(i).isPresent()) {
        Dataset other = other(files.get(i).get(), data, options);
        splits[i] = other.all().orElseThrow();
        origin = origin.withNotes(Messages.of(other.notes()));
      }
    }
    Dataset known = DatasetState.of(data).with(origin);
    return DatasetState.of(known).with(data.train(), splits[0], splits[1]);
  }

  private static Dataset one(Path file, FileKind kind, ResolvedOptions options) throws IOException {
    if (kind == FileKind.IDX || kind == FileKind.GZIP) {
      return new IdxLoader(file, options).load();
    }
    // If only the name says .npz, the loader reports what is wrong with the content.
    if (kind == FileKind.NPZ || file.toString().toLowerCase(Locale.ROOT).endsWith(".npz")) {
      return new NpzLoader(file, options).load();
    }
    throw new FormatException(
        file.toString(),
        kind == FileKind.NPY
            ? "a single npy array, expected an .npz file of inputs and targets, or %s"
            : "an unknown kind of file, expected .npz, IDX or a table as text such as CSV",
        Remedy.TARGETS_FILE.with());
  }

  private static void requireNone(Path file, Optional<Path> given, Optional<Rows> own, String rows)
      throws FormatException {
    if (given.isPresent() && own.isPresent()) {
      throw new FormatException(
          file.toString(),
          "%s %s rows of its own, expected no such rows beside those of %s",
          own.get().rows(),
          rows,
          given.get());
    }
  }

  /** Loads all rows of a file like the training rows. */
  private static Dataset other(Path file, Dataset data, ResolvedOptions options)
      throws IOException {
    ResolvedOptions same =
        ResolvedOptions.of(
            options.reading(),
            DivisionOptions.defaults().withUsualFraction(0),
            ScaleOptions.defaults()
                .withLoss(options.scaling().lossOfArrays())
                .withScale(ScaleChoice.fixed(data.scaling()))
                .withTargetScale(ScaleChoice.fixed(data.targetScaling())));
    Dataset other = one(file, FileKind.of(file), same);
    boolean tooMany = !data.hasClasses() && other.classes() > data.classes();
    if (other.features() != data.features() || tooMany) {
      throw new FormatException(
          file.toString(),
          "rows of %s features and %s classes, expected %s features and at most %s classes as"
              + " the training rows have",
          other.features(),
          other.classes(),
          data.features(),
          data.classes());
    }
    boolean haveNames = !other.classNames().isEmpty() && !data.classNames().isEmpty();
    if (data.hasClasses() && (other.classes() > data.classes() || haveNames)) {
      try {
        other = RowPreparation.measured(other, data.classNames(), data.classes(), file.toString());
      } catch (IllegalArgumentException e) {
        throw new FormatException(file.toString(), Message.of(e), e);
      }
    }
    return other;
  }
}
