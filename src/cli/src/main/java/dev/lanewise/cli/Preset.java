package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.Loss;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.source.FileKind;
import dev.lanewise.train.TrainerBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The recipe of a training: a preset of the library with the options of the user. */
final class Preset {
  private static final String BEST = "best";
  private static final String EPOCHS = "epochs";

  /** Options that are not named while they have these values. */
  private static final Map<String, String> OFF =
      Map.of("members", "1", "binnedMembers", "0", "bins", "0");

  private final Arguments arguments;
  private Recipe recipe;
  private Loss loss = Loss.SOFTMAX;
  private boolean hasValidation = true;

  /** Chooses the given preset, or one for the data, and applies the options of the user. */
  Preset(Arguments arguments) {
    this.arguments = arguments;
    recipe =
        Recipe.named(
            arguments.has("preset")
                ? arguments.choice("preset", "course", "table", "table-best", "table-fast", "image")
                : suitable(arguments));
    arguments.byDefault("preset", recipe.name());
    if (arguments.has("initial-model") && !arguments.has("members")) {
      recipe = recipe.with("members", 1);
    }
    for (String option : Recipe.options().keySet()) {
      change(option, name(option));
    }
    apply(loss, hasValidation);
  }

  private static String suitable(Arguments arguments) {
    Path file = DataSource.file(arguments);
    try {
      FileKind kind = DataSource.isTable(file) ? FileKind.CSV : FileKind.of(file);
      if (kind == FileKind.NPZ) {
        try (Npz npz = Npz.open(file)) {
          return npz.contains("x_train") && !npz.contains("inputs_train") ? "image" : "course";
        }
      }
      return kind == FileKind.CSV ? "table" : kind == FileKind.NPY ? "course" : "image";
    } catch (IOException e) {
      return "course"; // the error is reported when the data is read
    }
  }

  /** Returns the name of an option of the library on the command line. */
  static String name(String option) {
    return switch (option) {
      case "learningRate" -> "eta";
      case "dropShortBatch" -> "short-batch";
      case "ratesByInputs" -> "rate-by-inputs";
      default -> option.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    };
  }

  /** Returns the value of an option on the command line. */
  static String word(String option, String value) {
    boolean isTrue = value.equals("true");
    return switch (option) {
      case "dropShortBatch" -> isTrue ? "drop" : "keep";
      case "ratesByInputs" -> isTrue ? "yes" : "no";
      default -> value;
    };
  }

  /**
   * Applies an option of the user, except a measure of {@code --best}, which together with another
   * option stands for one option of the library.
   */
  private void change(String option, String name) {
    boolean isPartly = option.equals(BEST) && !"none".equals(arguments.text(BEST));
    if (!arguments.has(name) || isPartly) {
      return;
    }
    if (!recipe.uses(option)) {
      String[] condition = Recipe.condition(option).split(" ", 2); // option and values
      throw Problem.usage(
          "--%s: works with --%s %s only".formatted(name, name(condition[0]), condition[1]));
    }
    String value = arguments.text(name);
    List<String> choices = Recipe.choices(option);
    if (!choices.isEmpty()) {
      List<String> words = choices.stream().map(choice -> word(option, choice)).toList();
      value = choices.get(words.indexOf(arguments.choice(name, words)));
    }
    String changed = value;
    arguments.check(name, () -> recipe = recipe.with(option, changed));
  }

  /** Sets the options that depend on the data, unless the user gives them. */
  void apply(Dataset data) {
    if (arguments.has(BEST) && arguments.text(BEST).equals("auto")) {
      String best = recipe.with(BEST, "auto").forRows(data.train()).value(BEST, data.loss(), true);
      arguments.fix(BEST, best.replace("last-", ""));
    }
    recipe = recipe.forRows(data.train());
    for (String option : List.of(EPOCHS, "patience", "labelSmoothing")) {
      if (arguments.has(name(option))) { // also if the value is auto
        arguments.fix(name(option), recipe.value(option, data.loss(), true));
      }
    }
    apply(data.loss(), data.validation().isPresent());
  }

  /** Sets the number of epochs. */
  void fixEpochs(int epochs) {
    recipe = recipe.with(EPOCHS, epochs);
    arguments.fix(EPOCHS, Integer.toString(epochs));
    apply(loss, hasValidation);
  }

  private void apply(Loss loss, boolean hasValidation) {
    this.loss = loss;
    this.hasValidation = hasValidation;
    Map<String, String> used = new LinkedHashMap<>();
    for (String option : Recipe.options().keySet()) {
      String value = recipe.value(option, loss, hasValidation);
      boolean isOff = OFF.getOrDefault(option, "").equals(value);
      if (recipe.uses(option) && !option.equals("patience") && !isOff) {
        used.put(option, value);
      }
    }
    words(used).forEach(arguments::preset);
    presetWords().forEach(arguments::preset);
  }

  /** Returns options and values in words of the command line. */
  static Map<String, String> words(Map<String, String> values) {
    Map<String, String> words = new LinkedHashMap<>();
    values.forEach((option, value) -> words.put(name(option), word(option, value)));
    words.computeIfPresent(BEST, (name, best) -> best.replace("last-", ""));
    return words;
  }

  /** Returns the values that the preset sets and the user does not change. */
  private Map<String, String> presetWords() {
    Map<String, String> words = words(recipe.presetValues(loss, hasValidation));
    if (words.containsKey(BEST)) {
      words.put("best-of-equals", "last");
    }
    return words;
  }

  /** Describes in a line the values that the preset sets; empty for the defaults of the help. */
  String describe() {
    StringBuilder line = new StringBuilder();
    presetWords()
        .forEach(
            (option, value) -> {
              if (!arguments.has(option)) {
                line.append(line.length() == 0 ? "Preset " + recipe.name() + ":" : ",");
                line.append(' ').append(option).append(' ').append(value);
              }
            });
    return line.toString();
  }

  /** Returns the recipe with the options of the user, except the best epoch. */
  Recipe recipe() {
    return recipe;
  }

  /** Returns the trainer of a network, from 0. */
  TrainerBuilder trainer(int member) {
    return recipe.forRows(1).member(member).trainer(loss, hasValidation);
  }
}
