package dev.lanewise.table;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.FormatException;
import dev.lanewise.nn.Loss;
import dev.lanewise.source.Idx;
import dev.lanewise.table.internal.ArrayRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads data sets from IDX files. Labels and test files are found in the same folder as {@code
 * train-images-idx3-ubyte} by the names that MNIST and similar data sets use, with or without gzip,
 * with hyphens or dots.
 */
final class IdxLoader {
  private static final String IMAGES = "images";
  private static final String LABELS = "labels";
  private static final String TRAIN = "train-";

  /** Prefixes of the test files: MNIST's and EMNIST's. */
  private static final List<String> TESTS = List.of("t10k-", "test-");

  private final Path path;
  private final Loss loss;
  private final DatasetBuilder builder;

  IdxLoader(Path path, ResolvedOptions options) {
    this.path = path;
    this.loss = options.scaling().lossOfArrays();
    this.builder = new DatasetBuilder(path.toString(), options);
  }

  /** Returns whether there is a file of labels for a file of images, judged by their names. */
  static boolean hasLabels(Path images) {
    IdxLoader loader = new IdxLoader(images, ResolvedOptions.of());
    return images.getFileName().toString().contains(IMAGES) && Files.exists(loader.labels(images));
  }

  public static List<Path> files(Path images) {
    IdxLoader loader = new IdxLoader(images, ResolvedOptions.of());
    String name = images.getFileName().toString();
    List<Path> files = new ArrayList<>(List.of(images, loader.labels(images)));
    for (String test : name.contains(TRAIN) ? TESTS : List.<String>of()) {
      Path other = loader.beside(name.replace(TRAIN, test));
      files.addAll(List.of(other, loader.labels(other)));
    }
    files.removeIf(Files::notExists);
    return files;
  }

  private Path labels(Path images) {
    String name = images.getFileName().toString();
    return beside(name.replace(IMAGES, LABELS).replaceFirst("idx\\d+", "idx1"));
  }

  Dataset load() throws IOException {
    String name = path.getFileName().toString();
    if (!name.contains(IMAGES)) {
      throw new FormatException(
          path.toString(),
          "a name that IDX images do not have, expected IDX images such as"
              + " train-images-idx3-ubyte(.gz), or an .npz or .csv file");
    }
    ArrayRows rows = read(path);
    if (name.contains(TRAIN)) {
      builder.train(rows, DatasetBuilder.TENTH);
      for (String test : TESTS) {
        Path images = beside(name.replace(TRAIN, test));
        if (Files.exists(images)) {
          builder.test(read(images));
          break;
        }
      }
    } else {
      builder.train(rows, 0);
    }
    return builder.build(List.of(), rows.inputShape());
  }

  private ArrayRows read(Path images) throws IOException {
    Path labels = labels(images);
    if (!Files.exists(labels)) {
      throw new FormatException(
          images.toString(),
          "images without labels, expected %s beside them",
          labels.getFileName().toString().replaceFirst("\\.gz$", ""));
    }
    return ArrayRows.of(Idx.read(images), images.toString())
        .with(Idx.read(labels), labels.toString(), loss);
  }

  /** Returns the file of a name in the same folder, with or without gzip. */
  private Path beside(String name) {
    Path file = path.resolveSibling(name);
    String other = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name + ".gz";
    return Files.exists(file) ? file : path.resolveSibling(other);
  }
}
