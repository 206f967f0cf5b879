package dev.lanewise.spark;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the library's messages advise, in words that a user of Spark can follow: the library names
 * options of the command line, which are setters or functions of columns here.
 */
final class Advice {
  private static final Pattern COLUMN = Pattern.compile("column (.+?) (?:is|has) ");

  /** Patterns of advice, and what takes their place; %s stands for the column of the message. */
  private static final Map<Pattern, String> WORDS = words();

  private Advice() {}

  private static Map<Pattern, String> words() {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("^(?:maps|data): ", "");
    words.put("--missing \"([^\"]*)\"", "withColumn(\"%s\", expr(\"nullif(`%s`, '$1')\"))");
    words.put("--decimal , ", "withColumn(\"%s\", expr(\"double(replace(`%s`, ',', '.'))\")) ");
    words.put("--categorical \"?([^\" ]+)\"? if", "setCategoricalCols(\"$1\") if");
    words.put("--ignore \"?([^\" ]+)\"? leaves it out", "setInputCols without it leaves it out");
    words.put("--ignore \"([^\"]+)\"", "leave it out of setInputCols");
    words.put("of a table --ignore and --min-count", "fewer inputCols and a larger setMinCount");
    words.put("--target NAME", "setLabelCol");
    words.put("--class-weights balanced", "setBalancedClassWeights(true)");
    words.put("--scale none", "setScale(\"none\")");
    words.put("--scale-targets", "setScaleTargets");
    words.put(
        "larger data can stay in an \\.npy file: Dataset\\.mapped", "fewer columns, or a sample");
    words.put(
        "such as data\\.withValidation\\(0\\.1, false\\)", "such as setValidationFraction(0.1)");
    Map<Pattern, String> patterns = new LinkedHashMap<>();
    words.forEach((from, to) -> patterns.put(Pattern.compile(from), to));
    return patterns;
  }

  /** Returns a message of the library with the advice of this module. */
  static String inWordsOfSpark(String message) {
    Matcher column = COLUMN.matcher(message);
    String name = column.find() ? Matcher.quoteReplacement(column.group(1)) : "COLUMN";
    String said = message;
    for (Map.Entry<Pattern, String> word : WORDS.entrySet()) {
      said = word.getKey().matcher(said).replaceAll(word.getValue().replace("%s", name));
    }
    return said;
  }
}
