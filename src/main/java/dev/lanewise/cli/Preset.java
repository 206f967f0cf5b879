package dev.lanewise.cli;

import dev.lanewise.data.LoadOptions;
import dev.lanewise.format.FileKind;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.Loss;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What the options of {@code train} are that a user does not give. For tables these are the values
 * of RealMLP (Holzmueller, Grinsztajn and Steinwart, "Better by default: Strong pre-tuned MLPs and
 * boosted trees on tabular data", 2024), but for numbers as targets, which do better with dropout
 * and without Mish.
 */
enum Preset {
  /** The defaults that the help names. */
  COURSE,

  /** For tables: of each kind of target what does well on most of them. */
  TABLE,

  /** For images in the format of MNIST or in Keras' layout. */
  IMAGE;

  /** The name on the command line. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The preset that is asked for, or that suits the data. */
  static Preset of(Arguments arguments) {
    if (arguments.has("preset")) {
      String name = arguments.choice("preset", "course", "table", "image");
      return valueOf(name.toUpperCase(Locale.ROOT));
    }
    try {
      return of(DataSource.file(arguments));
    } catch (IOException e) {
      return COURSE; // reading the data will say what is wrong with it
    }
  }

  private static Preset of(Path file) throws IOException {
    if (DataSource.isTable(file)) {
      return TABLE;
    }
    FileKind kind = FileKind.of(file);
    if (kind == FileKind.NPZ) {
      try (Npz npz = Npz.open(file)) {
        return npz.contains("x_train") && !npz.contains("inputs_train") ? IMAGE : COURSE;
      }
    }
    return kind == FileKind.NPY ? COURSE : IMAGE;
  }

  /** Sets the options. */
  void apply(Arguments arguments, Loss loss, boolean hasValidation) {
    values(arguments, loss, hasValidation).forEach(arguments::preset);
  }

  /** What is set and not given, in a line. */
  String describe(Arguments arguments, Loss loss, boolean hasValidation) {
    StringBuilder line = new StringBuilder("Preset ").append(label());
    char separator = ':';
    for (Map.Entry<String, String> value : values(arguments, loss, hasValidation).entrySet()) {
      if (!arguments.has(value.getKey())) {
        line.append(separator).append(' ').append(value.getKey()).append(' ');
        line.append(value.getValue());
        separator = ',';
      }
    }
    return line.toString();
  }

  private Map<String, String> values(Arguments arguments, Loss loss, boolean hasValidation) {
    Map<String, String> values = new LinkedHashMap<>();
    if (this == TABLE) {
      values.put("hidden", "256,256,256");
      values.put("activation", "selu");
      values.put("init", "realmlp");
      values.put("epochs", "256");
      values.put("batch-size", "256");
      values.put("short-batch", "drop");
      values.put("optimizer", "adam");
      if (!arguments.has("optimizer")) { // others have other means
        values.put("beta2", "0.95");
      }
      values.put("eta", loss.isRegression() ? "0.07" : "0.04");
      values.put("schedule", "cosine-log");
      values.put("bias-rate", "0.1");
      values.put("input-rate", "6");
      values.put("rate-by-inputs", "yes");
      values.put("dropout", loss.isRegression() ? "0.1" : "0");
    } else if (this == IMAGE) {
      values.put("hidden", "512,256");
      values.put("activation", "gelu");
      values.put("init", "he");
      values.put("epochs", "30");
      values.put("batch-size", "128");
      values.put("optimizer", "adam");
      values.put("eta", "0.001");
      values.put("schedule", "cosine");
    }
    if (this != COURSE) {
      values.put("label-smoothing", loss.takesClasses() ? "0.1" : "0");
      if (!arguments.has("patience")) { // which has an idea of its own of what is best
        values.put("best", hasValidation ? "error" : "none");
        values.put("best-of-equals", "last");
      }
    }
    return values;
  }

  /** How rows are divided where nothing is said of it. */
  LoadOptions divides(LoadOptions options) {
    return this == TABLE ? options.withUsualSizes(0.7, 0.2, 0.1) : options;
  }
}
