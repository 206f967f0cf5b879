package dev.lanewise.data;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.Idx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Data sets in IDX files, which are found by their names: labels and test files beside {@code
 * train-images-idx3-ubyte} as MNIST and its kin have them, gzipped or not, with dots in place of
 * hyphens or not.
 */
final class IdxLoader {
  private static final String IMAGES = "images";
  private static final String LABELS = "labels";
  private static final String TRAIN = "train-";

  /** MNIST's name of the test files, and EMNIST's. */
  private static final List<String> TESTS = List.of("t10k-", "test-");

  private final Path path;
  private final Assembly assembly;

  IdxLoader(Path path, LoadOptions options) {
    this.path = path;
    this.assembly = new Assembly(path.toString(), options);
  }

  Dataset load() throws FormatException {
    String name = path.getFileName().toString();
    if (!name.contains(IMAGES)) {
      throw new FormatException(
          path.toString(),
          "no images by its name, expected IDX images such as train-images-idx3-ubyte(.gz), or .npz"
              + " or .csv as they are");
    }
    ArrayRows rows = images(path);
    Labels labels = labels(path, rows);
    if (name.contains(TRAIN)) {
      assembly.trainAndTenth(rows, labels);
      for (String test : TESTS) {
        Optional<Path> images = beside(name.replace(TRAIN, test));
        if (images.isPresent()) {
          ArrayRows testRows = images(images.get());
          assembly.test(testRows, labels(images.get(), testRows));
          break;
        }
      }
    } else {
      assembly.train(rows, labels);
    }
    return assembly.build(List.of(), rows.inputShape());
  }

  private static ArrayRows images(Path file) throws FormatException {
    return new ArrayRows(Idx.read(file), file.toString());
  }

  private Labels labels(Path images, ArrayRows rows) throws FormatException {
    String name = images.getFileName().toString();
    String expected = name.replace(IMAGES, LABELS).replaceFirst("idx\\d+", "idx1");
    Path file =
        beside(expected)
            .orElseThrow(
                () ->
                    new FormatException(
                        images.toString(),
                        "images without labels, expected " + expected + " beside them"));
    return Labels.of(Idx.read(file), rows.rows(), file.toString());
  }

  /** The file of that name in the same directory, gzipped or not. */
  private Optional<Path> beside(String name) {
    String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    for (String candidate : List.of(name, plain, plain + ".gz")) {
      Path file = path.resolveSibling(candidate);
      if (Files.exists(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }
}
