package dev.lanewise.files;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.Loss;
import dev.lanewise.recipe.Option;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.source.FileKind;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Problem;
import dev.lanewise.train.TrainerBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The recipe of a training: a preset of the library with the options of the user. */
public final class Preset {
  private static final String BEST = "best";
  private static final String EPOCHS = "epochs";
  private static final String AUTO = "auto";
  private static final String CONFIGURATIONS = "configurations";
  private static final String TEMPERATURE = "temperature";

  /** Options that are not named while they have the value of the course. */
  private static final List<String> OFF =
      List.of(
          "members",
          "binnedMembers",
          "bins",
          CONFIGURATIONS,
          TEMPERATURE,
          "groupWeights",
          "shards");

  private final Arguments arguments;
  private final boolean hasPortfolio;
  private final List<String> ofFewRows = new ArrayList<>(); // options that few rows set
  private Recipe recipe;
  private Loss loss = Loss.SOFTMAX;
  private boolean hasValidation = true;

  /** Chooses the given preset, or one for the data, and applies the options of the user. */
  public Preset(Arguments arguments) {
    this.arguments = arguments;
    recipe = Recipe.named(arguments.has("preset") ? arguments.word("preset") : suitable(arguments));
    arguments.preset("preset", recipe.name());
    if (arguments.has("initial-model") && !arguments.has("members")) {
      recipe = recipe.with("members", 1);
    }
    hasPortfolio = recipe.hasGroups() && !arguments.has(CONFIGURATIONS);
    if (hasPortfolio && arguments.has("initial-model")) {
      throw arguments.wrong(
          "preset",
          "a preset without groups of networks, as --initial-model goes on with one network");
    }
    Recipe.options().values().forEach(this::change);
    if (hasPortfolio) {
      fixGroups(recipe.groups());
    }
    if (arguments.has("initial-model") && recipe.members() > 1) {
      arguments.refuse(
          "not together with --initial-model, as one network goes on", "configurations", "members");
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

  /**
   * Applies an option of the user, except a measure of {@code --best}, which together with another
   * option stands for one option of the library.
   */
  private void change(Option option) {
    String flag = option.flag();
    boolean isPartly = option.name().equals(BEST) && !"none".equals(arguments.text(BEST));
    if (!arguments.has(flag) || isPartly) {
      return;
    }
    if (!recipe.uses(option.name())) {
      String selector = Recipe.option(option.selector()).flag();
      throw Problem.usage(
          "--%s: works with --%s %s only", flag, selector, String.join(", ", option.users()));
    }
    String text = arguments.text(flag);
    String value =
        option.name().equals(CONFIGURATIONS) ? translated(text, true) : option.value(text);
    if (!option.choices().isEmpty()) {
      arguments.choice(flag, option.words());
    }
    recipe = arguments.checked(flag, () -> recipe.with(option.name(), value));
  }

  /**
   * Returns groups of networks with other names of options.
   *
   * @param toLibrary whether the names are to be those of the library, in place of the flags
   */
  private static String translated(String groups, boolean toLibrary) {
    return Pattern.compile("([A-Za-z0-9-]+)=([^ ;]*)")
        .matcher(groups)
        .replaceAll(
            word -> {
              String name = word.group(1);
              String value = word.group(2);
              return Recipe.options().values().stream()
                  .filter(option -> name.equals(toLibrary ? option.flag() : option.name()))
                  .map(
                      option ->
                          toLibrary
                              ? option.name() + "=" + option.value(value)
                              : option.flag() + "=" + option.word(value))
                  .findFirst()
                  .orElse(word.group());
            });
  }

  /** Sets the number of networks that suits the rows, unless the user gives it. */
  public void fixMembers(Dataset data) {
    int usual = recipe.members();
    recipe = recipe.withNetworksFor(data);
    if (recipe.members() != usual) {
      for (String option : List.of("members", "binnedMembers")) {
        String flag = Recipe.option(option).flag();
        if (!arguments.has(flag)) {
          arguments.fix(flag, recipe.value(option, loss, hasValidation));
          ofFewRows.add(flag + " " + arguments.text(flag) + " (few rows)");
        }
      }
      apply(loss, hasValidation);
    }
  }

  /** Sets the options that depend on the data, unless the user gives them. */
  public void apply(Dataset data) {
    boolean isAuto = AUTO.equals(arguments.text(BEST)) && arguments.has(BEST);
    Recipe given = (isAuto ? recipe.with(BEST, AUTO) : recipe).resolvedFor(data.train());
    recipe = recipe.resolvedFor(data.train());
    for (Option option : Recipe.options().values()) {
      if (arguments.has(option.flag()) && AUTO.equals(arguments.text(option.flag()))) {
        String value = given.value(option.name(), data.loss(), true);
        arguments.fix(option.flag(), option.word(value));
      }
    }
    apply(data.loss(), data.validation().isPresent());
  }

  /** Returns whether the preset has groups of networks, and the user gave none. */
  public boolean hasPortfolio() {
    return hasPortfolio;
  }

  /** Keeps the first groups of networks, and records them, so that other versions repeat them. */
  public void fixGroups(int count) {
    recipe = recipe.withGroups(count);
    String groups = recipe.value(CONFIGURATIONS, loss, hasValidation);
    arguments.fix(CONFIGURATIONS, translated(groups, false));
    apply(loss, hasValidation);
  }

  /** Sets the number of epochs. */
  public void fixEpochs(int epochs) {
    recipe = recipe.with(EPOCHS, epochs);
    arguments.fix(EPOCHS, Integer.toString(epochs));
    apply(loss, hasValidation);
  }

  private void apply(Loss loss, boolean hasValidation) {
    this.loss = loss;
    this.hasValidation = hasValidation;
    for (Option option : Recipe.options().values()) {
      String name = option.name();
      String value = recipe.value(name, loss, hasValidation);
      boolean isOff = OFF.contains(name) && value.equals(option.course());
      if (recipe.uses(name) && !name.equals("patience")) {
        arguments.preset(option.flag(), isOff ? null : option.word(value));
      }
    }
    presetWords().forEach(arguments::preset);
  }

  /** Returns options and values in words of the command line. */
  public static Map<String, String> words(Map<String, String> values) {
    Map<String, String> words = new LinkedHashMap<>();
    values.forEach(
        (name, value) ->
            words.put(
                Recipe.option(name).flag(),
                name.equals(CONFIGURATIONS)
                    ? translated(value, false)
                    : Recipe.option(name).word(value)));
    return words;
  }

  /** Returns the values that the preset sets and the user does not change. */
  private Map<String, String> presetWords() {
    Map<String, String> values = recipe.presetValues(loss, hasValidation);
    values.remove(TEMPERATURE, "none");
    Map<String, String> words = words(values);
    if (words.containsKey(BEST)) {
      words.put("best-of-equals", "last");
    }
    return words;
  }

  /** Describes in a line the values that the preset sets; empty for the defaults of the help. */
  public String describe() {
    List<String> parts = new ArrayList<>(ofFewRows);
    presetWords()
        .forEach(
            (option, value) -> {
              if (!arguments.has(option)) {
                parts.add(option + " " + value);
              }
            });
    return parts.isEmpty() ? "" : "Preset " + recipe.name() + ": " + String.join(", ", parts);
  }

  /** Returns the recipe with the options of the user, except the best epoch. */
  public Recipe recipe() {
    return recipe;
  }

  /** Returns the trainer of a network, from 0. */
  public TrainerBuilder trainer(int member) {
    return recipe.resolvedFor(1).member(member).trainer(loss, hasValidation);
  }
}
