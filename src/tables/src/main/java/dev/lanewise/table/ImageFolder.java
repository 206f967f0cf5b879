package dev.lanewise.table;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.parallel.Team;
import dev.lanewise.source.Picture;
import dev.lanewise.table.internal.ArrayRows;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Loads pictures from one folder per class, whose name is the name of the class. These folders may
 * be in folders {@code train}, {@code valid} and {@code test}. All pictures have one size or are
 * scaled to one. Rows have the shape [height][width] if all training pictures are grey, and
 * otherwise [height][width][3].
 */
final class ImageFolder {
  private static final String TRAIN = "train";
  private static final List<String> VALIDATION = List.of("valid", "validation", "val");
  private static final List<String> TEST = List.of("test");

  /** Files that operating systems create; files that begin with a dot are also ignored. */
  private static final List<String> FOREIGN = List.of("thumbs.db", "desktop.ini");

  private final Path folder;
  private final Loading options;
  private int[] shape; // shape of a row; empty until the first pictures are read
  private String shapeOf; // source of the shape, for messages

  ImageFolder(Path folder, Loading options) throws FormatException {
    if (ModuleLayer.boot().findModule("java.desktop").isEmpty()) {
      throw new FormatException(
          folder.toString(),
          "pictures, which this JVM cannot decode, expected a JVM that runs with --add-modules"
              + " java.desktop");
    }
    this.folder = folder;
    this.options = options;
    shape = options.model().map(model -> model.inputShape()).orElse(options.reading().imageShape);
    shapeOf = options.model().isPresent() ? "the model" : "the training pictures";
    if (shape.length > 0 && shape.length != 2 && !(shape.length == 3 && shape[2] == 3)) {
      throw new FormatException(
          folder.toString(), "pictures, expected inputs of shape %s", Arrays.toString(shape));
    }
  }

  /** Returns whether the folder itself contains pictures, which then have no classes. */
  static boolean hasNoClasses(Path folder) throws IOException {
    return entries(folder, false).stream().noneMatch(Files::isDirectory);
  }

  /** Lists the entries of a folder in order of their names. */
  private static List<Path> entries(Path folder, boolean files) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path entry : all) {
        String name = entry.getFileName().toString();
        if (!name.startsWith(".") && !FOREIGN.contains(name.toLowerCase(Locale.ROOT))) {
          entries.add(entry);
        }
      }
    } catch (IOException e) {
      throw new FormatException(folder.toString(), "cannot be read, expected a folder", e);
    }
    for (Path entry : entries) {
      if (files && Files.isDirectory(entry)) {
        throw new FormatException(
            entry.toString(), "a folder among pictures, expected pictures only");
      }
    }
    entries.sort((a, b) -> a.getFileName().toString().compareTo(b.getFileName().toString()));
    return entries;
  }

  public static List<Path> files(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path entry : entries(folder, false)) {
      files.addAll(Files.isDirectory(entry) ? files(entry) : List.of(entry));
    }
    return files;
  }

  private static List<String> names(List<Path> entries) {
    return entries.stream().map(entry -> entry.getFileName().toString()).toList();
  }

  Dataset load() throws IOException {
    if (!options.scaling().lossOfArrays().task().hasClasses()) {
      throw new FormatException(
          folder.toString(),
          "pictures in folders, which are classes, expected loss softmax, not %s",
          options.scaling().lossOfArrays().label());
    }
    Path train = folder.resolve(TRAIN);
    boolean hasParts = Files.isDirectory(train) && !hasNoClasses(train);
    List<Path> parts = hasParts ? entries(folder, false) : List.of();
    for (String name : names(parts)) {
      if (!name.equals(TRAIN) && !VALIDATION.contains(name) && !TEST.contains(name)) {
        throw new FormatException(
            folder.toString(), "%s beside %s, expected valid and test only", name, TRAIN);
      }
    }
    Path of = hasParts ? train : folder;
    if (hasNoClasses(of)) {
      throw new FormatException(
          of.toString(),
          "a folder without folders of pictures, expected one of PNG or JPEG files for each class,"
              + " or a file");
    }
    List<String> classes = names(entries(of, false));
    ArrayRows rows = read(of, classes);
    Assembly assembly = new Assembly(folder.toString(), options);
    Path valid = part(parts, VALIDATION);
    assembly.train(rows, valid == null ? Assembly.TENTH : 0, true);
    if (valid != null) {
      assembly.validation(read(valid, classes));
    }
    Path test = part(parts, TEST);
    if (test != null) {
      assembly.test(read(test, classes));
    }
    return assembly.build(classes, rows.inputShape());
  }

  private Path part(List<Path> parts, List<String> called) throws FormatException {
    List<Path> found =
        parts.stream().filter(part -> called.contains(part.getFileName().toString())).toList();
    if (found.size() > 1) {
      throw new FormatException(folder.toString(), "%s, expected one of them", names(found));
    }
    return found.isEmpty() ? null : found.get(0);
  }

  /** Reads the pictures of all classes, class by class. */
  private ArrayRows read(Path of, List<String> classes) throws IOException {
    List<Path> files = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (Path entry : entries(of, false)) {
      int label = classes.indexOf(entry.getFileName().toString());
      if (!Files.isDirectory(entry)) {
        throw new FormatException(
            entry.toString(),
            "a file among folders of classes, expected the file in one of the" + " folders");
      } else if (label < 0) {
        throw new FormatException(
            entry.toString(), "a class without training pictures, expected one of %s", classes);
      }
      List<Path> pictures = entries(entry, true);
      if (pictures.isEmpty()) {
        throw new FormatException(entry.toString(), "no pictures, expected at least one picture");
      }
      files.addAll(pictures);
      pictures.forEach(picture -> labels.add(label));
    }
    NdArray targets = NdArray.of(labels.stream().mapToInt(label -> label).toArray(), labels.size());
    return ArrayRows.of(
        array(of, files), of.toString(), targets, of.toString(), options.scaling().lossOfArrays());
  }

  /** Reads the pictures of a folder without classes. */
  ArrayRows rows() throws IOException {
    return ArrayRows.of(array(folder, entries(folder, true)), folder.toString());
  }

  List<String> names() throws IOException {
    return names(entries(folder, true));
  }

  private NdArray array(Path of, List<Path> files) throws FormatException {
    if (files.isEmpty()) {
      throw new FormatException(of.toString(), "no pictures, expected PNG or JPEG files");
    }
    Picture[] pictures = pictures(files);
    boolean grey = shape.length == 2;
    if (shape.length == 0) {
      grey = Arrays.stream(pictures).allMatch(Picture::isGrey);
      int height = pictures[0].height;
      int width = pictures[0].width;
      shape = grey ? new int[] {height, width} : new int[] {height, width, 3};
      shapeOf = files.get(0).toString();
    }
    long size = grey ? 1 : 3;
    for (int side : new int[] {files.size(), shape[0], shape[1]}) {
      size = Math.min(size * side, Integer.MAX_VALUE);
    }
    if (size > Integer.MAX_VALUE - Byte.SIZE) {
      throw new FormatException(
          of.toString(),
          "%s pictures of %s x %s, expected at most 2^31 numbers in all (%s scales them)",
          files.size(),
          shape[0],
          shape[1],
          Remedy.IMAGE_SIZE.with("height", "width"));
    }
    byte[] all = new byte[(int) size];
    for (int i = 0; i < pictures.length; i++) {
      Picture picture = pictures[i];
      if (picture.height != shape[0] || picture.width != shape[1]) {
        throw new FormatException(
            files.get(i).toString(),
            "%s x %s pixels, expected %s x %s as in %s (%s scales all)",
            picture.height,
            picture.width,
            shape[0],
            shape[1],
            shapeOf,
            Remedy.IMAGE_SIZE.with(shape[0], shape[1]));
      } else if (grey && !picture.isGrey()) {
        throw new FormatException(
            files.get(i).toString(),
            "a picture with colours, expected grey pictures as in %s",
            shapeOf);
      }
      picture.copy(grey, all, i * (all.length / pictures.length));
      pictures[i] = null;
    }
    int[] dimensions = new int[shape.length + 1];
    dimensions[0] = files.size();
    System.arraycopy(shape, 0, dimensions, 1, shape.length);
    return NdArray.ofBytes(all, dimensions);
  }

  private Picture[] pictures(List<Path> files) throws FormatException {
    Picture[] pictures = new Picture[files.size()];
    FormatException[] wrong = new FormatException[files.size()];
    int threads = Math.min(options.reading().threads, files.size());
    try (Team team = new Team(threads)) {
      team.run(
          member -> {
            for (int i = member; i < pictures.length; i += threads) {
              try {
                Picture picture = Picture.read(files.get(i));
                int[] size = options.reading().imageSize;
                pictures[i] = size.length == 0 ? picture : picture.scaled(size[0], size[1]);
              } catch (FormatException e) {
                wrong[i] = e;
                return;
              }
            }
          });
    }
    for (FormatException e : wrong) {
      if (e != null) {
        throw e;
      }
    }
    return pictures;
  }
}
