package dev.lanewise.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The values of options that presets set. */
final class RecipePresets {
  /** Values that depend on the rows. */
  static final String BY_ROWS = "epochs auto patience auto best auto labelSmoothing auto";

  /** Six networks, half of which see bins. */
  static final String BEST = "members 6 binnedMembers 3 " + BY_ROWS;

  static final Map<String, String> IMAGE =
      values(
          "hidden 512,256 activation gelu init he epochs 30 batchSize 128 optimizer adam",
          "learningRate 0.001 schedule cosine labelSmoothing 0.1 best last-error");

  private RecipePresets() {}

  /** Returns the values for tables, with others in place of some. */
  static Map<String, String> table(String others) {
    return values(
        "hidden 256,256,256 activation selu init realmlp epochs 256 batchSize 256",
        "dropShortBatch true optimizer adam beta2 0.95 learningRate 0.04",
        "schedule cosine-log biasRate 0.1 inputRate 6 ratesByInputs true dropout 0",
        "labelSmoothing 0.1 best last-error",
        others);
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
