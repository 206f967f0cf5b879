package dev.lanewise.data;

import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Data sets in .npz files: the course's layout, Keras' layout, or one split. */
final class NpzLoader {
  private static final String CLASS_NAMES = "class_names";

  private final Path path;
  private final String file;
  private final Assembly assembly;
  private Npz npz;
  private int[] inputShape;

  /** What adds a split to the data set. */
  private interface Adder {
    void add(RawRows rows, Labels labels) throws FormatException;
  }

  NpzLoader(Path path, LoadOptions options) {
    this.path = path;
    this.file = path.toString();
    this.assembly = new Assembly(file, options);
  }

  Dataset load() throws IOException {
    try (Npz opened = Npz.open(path)) {
      npz = opened;
      if (any("inputs_train", "target_train")) {
        add("inputs_train", "target_train", assembly::train);
        addIfThere("inputs_valid", "target_valid", assembly::validation);
        addIfThere("inputs_test", "target_test", assembly::test);
      } else if (any("x_train", "y_train")) {
        keras();
      } else if (any("inputs", "target")) {
        add("inputs", "target", assembly::train);
      } else if (any("x", "y")) {
        add("x", "y", assembly::train);
      } else {
        String found = String.join(", ", npz.names().stream().limit(12).toList());
        throw new FormatException(
            file,
            "%s, expected inputs_train and target_train, x_train and y_train, inputs and target,"
                    .formatted(found.isEmpty() ? "no arrays" : "arrays " + found)
                + " or x and y");
      }
      return assembly.build(classNames(), inputShape);
    }
  }

  private void keras() throws IOException {
    boolean val = any("x_val", "y_val");
    boolean valid = any("x_valid", "y_valid");
    add("x_train", "y_train", val || valid ? assembly::train : assembly::trainAndTenth);
    addIfThere("x_val", "y_val", assembly::validation);
    if (!val) {
      addIfThere("x_valid", "y_valid", assembly::validation);
    }
    addIfThere("x_test", "y_test", assembly::test);
  }

  private boolean any(String inputs, String targets) {
    return npz.contains(inputs) || npz.contains(targets);
  }

  private void addIfThere(String inputs, String targets, Adder adder) throws IOException {
    if (any(inputs, targets)) {
      add(inputs, targets, adder);
    }
  }

  private void add(String inputs, String targets, Adder adder) throws IOException {
    if (!npz.contains(inputs) || !npz.contains(targets)) {
      String one = npz.contains(inputs) ? inputs : targets;
      String other = npz.contains(inputs) ? targets : inputs;
      throw new FormatException(file, one + " without " + other + ", expected both");
    }
    ArrayRows rows = new ArrayRows(npz.read(inputs), file + ": " + inputs);
    Labels labels = Labels.of(npz.read(targets), rows.rows(), file + ": " + targets);
    adder.add(rows, labels);
    if (inputShape == null) {
      inputShape = rows.inputShape();
    }
  }

  private List<String> classNames() throws IOException {
    if (!npz.contains(CLASS_NAMES)) {
      return List.of();
    }
    NdArray names = npz.read(CLASS_NAMES);
    if (names.type() != ElementType.UNICODE || names.rank() != 1) {
      throw new FormatException(
          file + ": " + CLASS_NAMES, names + ", expected a vector of strings");
    }
    return IntStream.range(0, names.length()).mapToObj(names::stringAt).toList();
  }
}
