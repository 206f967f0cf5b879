package dev.lanewise.recipe;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The values of options that presets set, and those that depend on the training rows. */
final class RecipePresets {
  /** The value of an option that depends on the rows. */
  static final String AUTO = "auto";

  /** The name of the recipe for quick answers, which has half of the epochs. */
  static final String FAST = "table-fast";

  /** Epochs of training on tables of usual size. */
  private static final int USUAL = 256;

  /**
   * With more rows than this in all epochs together, there are fewer epochs: a network of three
   * layers of 256 takes about 25 seconds for them on one core.
   */
  private static final int MOST_ROWS = 2_400_000;

  /**
   * Epochs without improvement that end a training. On 14 tables of up to 4,000 rows, the mean
   * score is not below that of all 256 epochs.
   */
  private static final int PATIENCE = 32;

  /** Steps that a patience has at least, because an epoch of a small table has very few. */
  private static final int PATIENT_STEPS = 200;

  static final Map<String, String> IMAGE =
      values(
          "hidden 512,256 activation gelu init he epochs 30 batchSize 128 optimizer adam",
          "learningRate 0.001 schedule cosine labelSmoothing 0.1 best last-error");

  /**
   * The groups of networks of the recipe table-best, in the order in which they complement each
   * other.
   */
  private static final List<String> PORTFOLIO =
      List.of(
          "binnedMembers=3",
          "binnedMembers=0",
          "binnedMembers=3 activation=mish batchSize=128 dropout=0.3",
          "binnedMembers=0 activation=mish learningRate=0.02",
          "binnedMembers=3 batchSize=128 learningRate=0.08 inputRate=0.6",
          "binnedMembers=0 activation=mish batchSize=128 dropout=0.4 inputRate=0.4");

  private RecipePresets() {}

  /** Returns the values for the best predictions of tables. */
  static Map<String, String> best() {
    Map<String, String> values = new LinkedHashMap<>(table(3, 1, 256));
    values.put(
        Group.OPTION,
        PORTFOLIO.stream().map(each -> ("1 " + each).strip()).collect(Collectors.joining("; ")));
    values.put(Options.GROUP_WEIGHTS, "greedy");
    return Collections.unmodifiableMap(values);
  }

  /** Returns the values for tables, with some networks, some of which see bins. */
  static Map<String, String> table(int members, int binned, int width) {
    return values(
        "members " + members + " binnedMembers " + binned,
        "hidden %1$s,%1$s,%1$s".formatted(width),
        "activation selu init realmlp epochs auto batchSize 256",
        "dropShortBatch true optimizer adam beta2 0.95 learningRate 0.04",
        "schedule cosine-log biasRate 0.1 inputRate 6 ratesByInputs true dropout 0",
        "labelSmoothing 0.1 best auto patience auto temperature validation");
  }

  /**
   * The training rows of a recipe.
   *
   * @param recipe the name of the recipe
   * @param count at least 1
   * @param batch rows of a mini-batch, or -1 for all rows
   * @param areUnequal whether a class has most of the rows
   */
  record Amount(String recipe, int count, int batch, boolean areUnequal) {
    /** Returns options with values in place of {@link #AUTO}. */
    Map<String, String> values(Map<String, String> options) {
      Options.require(count >= 1, "rows", count, "a whole number from 1");
      int most = recipe.equals(FAST) ? USUAL / 2 : USUAL;
      int epochs = Math.max(1, Math.min(most, MOST_ROWS / count));
      int steps = Math.max(1, batch < 1 ? 1 : count / batch);
      int patience = Math.max(PATIENCE, (PATIENT_STEPS + steps - 1) / steps);
      Map<String, String> numbers = new LinkedHashMap<>(options);
      numbers.replace("epochs", AUTO, Integer.toString(epochs));
      numbers.replace("patience", AUTO, Integer.toString(patience));
      numbers.replace("best", AUTO, areUnequal ? "last-loss" : "last-error");
      numbers.replace("labelSmoothing", AUTO, areUnequal ? "0" : "0.1");
      return Collections.unmodifiableMap(numbers);
    }
  }

  private static Map<String, String> values(String... lines) {
    Map<String, String> values = new LinkedHashMap<>();
    String[] words = String.join(" ", lines).strip().split(" ");
    for (int i = 0; i < words.length; i += 2) {
      values.put(words[i], words[i + 1]);
    }
    return Collections.unmodifiableMap(values);
  }
}
