package dev.lanewise.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The values of options that presets set. */
final class RecipePresets {
  static final Map<String, String> IMAGE =
      values(
          "hidden 512,256 activation gelu init he epochs 30 batchSize 128 optimizer adam",
          "learningRate 0.001 schedule cosine labelSmoothing 0.1 best last-error");

  private RecipePresets() {}

  /** Returns the values for tables, with some networks, some of which see bins. */
  static Map<String, String> table(int members, int binned) {
    return values(
        "members " + members + " binnedMembers " + binned,
        "hidden 256,256,256 activation selu init realmlp epochs auto batchSize 256",
        "dropShortBatch true optimizer adam beta2 0.95 learningRate 0.04",
        "schedule cosine-log biasRate 0.1 inputRate 6 ratesByInputs true dropout 0",
        "labelSmoothing 0.1 best auto patience auto");
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
