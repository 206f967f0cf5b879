package dev.lanewise.table;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.internal.Labels;
import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.format.internal.Message;
import dev.lanewise.nn.Loss;
import dev.lanewise.table.internal.ArrayRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Loads .npz files with {@code inputs_train} or {@code x_train} and so on, or with one split. */
final class NpzLoader {
  private static final String CLASS_NAMES = "class_names";
  private static final String[][] LAYOUTS = {{"inputs", "target", "weights"}, {"x", "y", "w"}};

  private final Path path;
  private final String file;
  private final Loss loss;
  private final DatasetBuilder builder;
  private Npz npz;
  private String inputs; // name of the arrays without _train and so on
  private String targets;
  private String weights;

  NpzLoader(Path path, ResolvedOptions options) {
    this.path = path;
    this.loss = options.scaling().lossOfArrays();
    this.file = path.toString();
    this.builder = new DatasetBuilder(file, options);
  }

  Dataset load() throws IOException {
    try (Npz opened = Npz.open(path)) {
      npz = opened;
      for (String part : List.of("_train", "")) {
        for (String[] layout : LAYOUTS) {
          inputs = layout[0];
          targets = layout[1];
          weights = layout[2];
          if (has(part)) {
            return load(part);
          }
        }
      }
      List<String> names = npz.names();
      throw new FormatException(
          file,
          "%s%s, expected inputs_train and target_train, x_train and y_train, inputs and target,"
              + " or x and y",
          names.isEmpty() ? "no arrays" : "arrays ",
          names);
    }
  }

  /** Returns whether a pair of arrays exists; throws if only one of them does. */
  private boolean has(String part) {
    return npz.contains(inputs + part) || npz.contains(targets + part);
  }

  private Dataset load(String part) throws IOException {
    boolean keras = inputs.equals("x");
    String valid = keras && has("_val") ? "_val" : "_valid";
    ArrayRows rows = read(part);
    builder.train(rows, keras && !part.isEmpty() && !has(valid) ? DatasetBuilder.TENTH : 0);
    if (!part.isEmpty() && has(valid)) {
      builder.validation(read(valid));
    }
    if (!part.isEmpty() && has("_test")) {
      builder.test(read("_test"));
    }
    return builder.build(classNames(), rows.inputShape());
  }

  private ArrayRows read(String part) throws IOException {
    String x = inputs + part;
    String y = targets + part;
    if (!npz.contains(x) || !npz.contains(y)) {
      String one = npz.contains(x) ? x : y;
      throw new FormatException(file, "%s without %s, expected both", one, npz.contains(x) ? y : x);
    }
    ArrayRows rows =
        ArrayRows.of(npz.read(x), file + ": " + x).with(npz.read(y), file + ": " + y, loss);
    String w = weights + part;
    if (npz.contains(w)) {
      rows.labels().weigh(npz.read(w), rows.rows(), file + ": " + w);
    }
    return rows;
  }

  private List<String> classNames() throws IOException {
    List<String> classNames = new ArrayList<>();
    if (npz.contains(CLASS_NAMES)) {
      NdArray names = npz.read(CLASS_NAMES);
      boolean vector = names.type() == ElementType.UNICODE && names.rank() == 1;
      Labels.check(names, vector, "a vector of strings", file + ": " + CLASS_NAMES);
      for (int i = 0; i < names.length(); i++) {
        classNames.add(names.stringAt(i));
      }
    }
    try {
      NdArray.checkNames(CLASS_NAMES, classNames);
    } catch (IllegalArgumentException e) {
      throw new FormatException(file.toString(), Message.of(e), e);
    }
    return classNames;
  }
}
