package dev.lanewise.spark;

import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import java.util.Map;

/** Writes the library's messages for Spark: remedies are setters and column functions. */
final class Advice {
  /** Spark's text for each remedy, with format specifiers for its values. */
  static final Map<Remedy, String> WORDS =
      Map.ofEntries(
          Map.entry(Remedy.MISSING, "withColumn(\"%2$s\", expr(\"nullif(`%2$s`, '%1$s')\"))"),
          Map.entry(
              Remedy.DECIMAL,
              "withColumn(\"%2$s\", expr(\"double(replace(`%2$s`, '%1$s', '.'))\"))"),
          Map.entry(Remedy.CACHE, "spark.local.dir"),
          Map.entry(Remedy.CATEGORICAL, "setOption(\"categoricalCols\", List.of(\"%s\"))"),
          Map.entry(Remedy.NUMERIC, "withColumn(\"%1$s\", expr(\"double(`%1$s`)\"))"),
          Map.entry(Remedy.IGNORE, "setInputCols without \"%s\""),
          Map.entry(Remedy.MIN_COUNT, "a larger minCount (setOption)"),
          Map.entry(Remedy.TARGET, "setLabelCol"),
          Map.entry(Remedy.CLASS_WEIGHTS, "setOption(\"balancedClassWeights\", true)"),
          Map.entry(Remedy.SCALE, "setOption(\"scale\", \"%s\")"),
          Map.entry(Remedy.SCALE_TARGETS, "setOption(\"scaleTargets\", \"%s\")"),
          Map.entry(Remedy.MAPPED, "fewer columns, or a sample"),
          Map.entry(Remedy.VALIDATION, "setValidationFraction(0.1)"));

  private Advice() {}

  /** Returns the text of a message. */
  static String of(Message message) {
    return message.in(WORDS);
  }

  /** Returns the message of an exception. */
  static String of(Throwable e) {
    return of(Message.of(e));
  }
}
