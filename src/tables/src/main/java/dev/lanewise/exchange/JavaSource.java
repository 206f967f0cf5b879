package dev.lanewise.exchange;

import dev.lanewise.format.internal.ArgumentException;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.model.Calibration;
import dev.lanewise.model.DecisionRule;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.ClassWeighting;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.OutputFunction;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.Task;
import dev.lanewise.nn.internal.ModelParts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Writes models as the source of a class for Java 8 that only needs java.lang and computes the same
 * bits. The parts that do not depend on the model are in a text file; its functions after the first
 * part are included if they are called.
 */
final class JavaSource {
  /** A larger class would take minutes to compile, and no editor could open it. */
  private static final int MOST_PARAMETERS = 2_000_000;

  private static final Pattern NAME = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]*");
  private static final int LINE = 90;
  private static final int PIECE = 500 * LINE; // a Java constant has at most 65,535 bytes
  private static final int SIX_BITS = 0x3f;

  private JavaSource() {}

  /**
   * Returns the source of a class.
   *
   * @param file the name of its file, which is the name of the class with .java
   * @throws IllegalArgumentException if this is not a valid name of a class, or there are too many
   *     parameters
   */
  static String of(Model model, String file) {
    String name = file.substring(0, file.length() - ".java".length());
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "java: %s is not the name of a class, expected a name such as Model.java"
              .formatted(file));
    }
    int count = model.parameterCount();
    if (count > MOST_PARAMETERS) {
      throw new IllegalArgumentException(
          "java: %s parameters, expected at most %s in the source of a class"
              .formatted(count, MOST_PARAMETERS));
    }
    String[] sections = template().split("(?m)^= (?=\\w+\n)");
    List<Double> doubles = new ArrayList<>(); // numbers of the scaling and of bins
    String scale = scaling(model.scaling().orElse(Scaling.none()), doubles);
    List<String> notations = model.schema().map(Descriptions::notations).stream().toList();
    StringBuilder fields = new StringBuilder();
    String run = run(model, fields, doubles);
    String decision = decision(model, doubles);
    StringBuilder all =
        new StringBuilder(
            sections[0]
                .replace("#CLASS#", name)
                .replace("#RESULT#", areDoubles(model) ? "double" : "float")
                .replace("#WHAT#", what(model))
                .replace("#IN#", "" + model.inputs())
                .replace("#OUT#", "" + model.outputs())
                .replace("#COUNT#", "" + count)
                .replace("#DOUBLES#", "" + doubles.size())
                .replace("#FIELDS#", fields)
                .replace("#RUN#", run)
                .replace("#DECISION#\n", decision)
                .replace("#SCALE#", "    return " + scale + ";")
                .replace("#NOTATIONS#", words(notations))
                .replace("#INPUTS#", words(inputs(model))) // last: names may have placeholders
                .replace("#RESULTS#", words(results(model))));
    for (int s = 1; s < sections.length; s++) {
      int end = sections[s].indexOf('\n');
      String call = "[ (]" + sections[s].substring(0, end) + "\\(";
      if (Pattern.compile(call).matcher(all).find()) {
        String sums = decision.contains("label(x") ? "float" : "double";
        all.append('\n').append(sections[s].substring(end + 1).replace("#SUM#", sums));
      }
    }
    int data = all.lastIndexOf("#DATA#"); // names before it may contain the same text
    return all.replace(data, data + "#DATA#".length(), encoded(model, count, doubles))
        .append("}\n")
        .toString();
  }

  /** Returns whether the results of a model are double, so that float does not round them. */
  static boolean areDoubles(Model model) {
    return !(model.targetScaling() instanceof Scaling.None)
        || model.loss().task().hasNumbers() && model.members().size() > 1;
  }

  private static String what(Model model) {
    int members = model.members().size();
    String weights = Arrays.toString(model.memberWeights());
    boolean areEqual = Arrays.stream(model.memberWeights()).allMatch(weight -> weight == 1);
    return members == 1
        ? "A network of " + model.sizes()
        : members
            + " networks whose results are averaged, "
            + (areEqual ? "" : "with the weights " + weights + ", ")
            + "of "
            + model.sizes();
  }

  /** Returns the statements that compute the results; adds fields and constants for them. */
  private static String run(Model model, StringBuilder fields, List<Double> doubles) {
    StringBuilder run = new StringBuilder();
    List<Mlp> members = model.members();
    int[] weights = model.memberWeights();
    boolean isOne = model.plain().isPresent();
    model
        .bins()
        .ifPresent(
            bins -> {
              run.append("    bins(x0, z0, %s);\n".formatted(doubles.size()));
              int inputs = bins.features() + bins.count();
              fields.append("  private final float[] z0 = new float[%s];\n".formatted(inputs));
              for (int j = 0; j < bins.features(); j++) {
                doubles.add((double) bins.edges(j).length);
                add(bins.edges(j), doubles);
              }
            });
    Task task = model.loss().task();
    boolean isSame = task.outputFunction() == OutputFunction.IDENTITY;
    String function = isSame ? "%s" : task.outputFunction().label() + "(%s)";
    String undone = undone(function, model.targetScaling(), doubles);
    int outputs = model.outputs();
    if (!isOne) {
      if (task.hasClasses()) {
        fields.append("  private final float[] one = new float[OUTPUTS];\n");
      }
      fields.append("  private final double[] averages = new double[OUTPUTS];\n");
      run.append(each(outputs, "averages[j]", "0"));
    }
    int offset = 0;
    for (int m = 0; m < members.size(); m++) {
      String x = layer(model, m);
      offset = layers(members.get(m), x, offset, fields, run);
      x += members.get(m).layers().size();
      if (task.hasClasses()) {
        run.append("    softmax(%s, %s);\n".formatted(x, isOne ? "results" : "one"));
      }
      String result = undone.formatted(x + "[j]");
      if (!isOne) {
        String one =
            switch (task.kind()) {
              case CLASSES -> "one[j]";
              case LABELS -> result;
              case NUMBERS -> "(" + result + ")";
            };
        String times = weights[m] == 1 ? "" : (double) weights[m] + " * ";
        run.append(each(outputs, "averages[j]", "averages[j] + " + times + one));
      } else if (!task.hasClasses()) {
        run.append(each(outputs, "results[j]", result));
      }
    }
    if (!isOne) {
      run.append(each(outputs, "averages[j]", "averages[j] / " + Arrays.stream(weights).sum()));
      String y = calibrated(model, fields, run, doubles);
      run.append(each(outputs, "results[j]", (areDoubles(model) ? "" : "(float) ") + y + "[j]"));
    }
    return run.toString().stripTrailing();
  }

  /** Returns the name of a network's layers without their numbers; m is from 0. */
  private static String layer(Model model, int m) {
    return model.members().size() == 1 ? "x" : "x" + (m + 1) + "_";
  }

  /**
   * Adds statements that undo weights of classes and calibrate, if the model does; returns the
   * array to use.
   */
  private static String calibrated(
      Model model, StringBuilder fields, StringBuilder run, List<Double> doubles) {
    String q = "averages";
    if (model.weighting().isPresent()) {
      ClassWeighting weighting = model.weighting().get();
      fields.append("  private final double[] undone = new double[OUTPUTS];\n");
      run.append("    unweighted(averages, undone, %s);\n".formatted(doubles.size()));
      doubles.add(weighting.smoothing());
      add(weighting.weights(), doubles);
      q = "undone";
    }
    if (model.calibration().isEmpty()) {
      return q;
    }
    Calibration calibration = model.calibration().get();
    fields.append("  private final double[] calibrated = new double[OUTPUTS];\n");
    String method =
        calibration.hasBias() ? "biased" : calibration.isTemperature() ? "temperature" : "platt";
    run.append("    %s(%s, calibrated, %s);\n".formatted(method, q, doubles.size()));
    add(calibration.slopes(), doubles);
    add(calibration.intercepts(), doubles);
    return "calibrated";
  }

  /** Adds the layers of a network with parameters from an offset on; returns their end. */
  private static int layers(
      Mlp network, String x, int offset, StringBuilder fields, StringBuilder run) {
    String from = Model.of(network).bins().isPresent() ? "z0" : "x0";
    int number = 0;
    for (Layer layer : network.layers()) {
      String to = x + ++number;
      fields.append("  private final float[] %s = new float[%s];\n".formatted(to, layer.outputs()));
      run.append("    layer(%s, %s, %s);\n".formatted(from, to, offset + layer.weightsOffset()));
      String y = to + "[j]";
      if (layer.activation() != Activation.IDENTITY) {
        run.append(each(layer.outputs(), y, layer.activation().java().replaceAll("\\bx\\b", y)));
      }
      from = to;
    }
    return offset + network.parameterCount();
  }

  /** Returns the method that gives the class or the flags of the last row, if the model has any. */
  private static String decision(Model model, List<Double> doubles) {
    List<Mlp> members = model.members();
    if (model.rule().isPresent()) {
      return ruled(model, doubles);
    }
    boolean isSingle = members.size() == 1;
    boolean isCalibrated =
        model
            .calibration()
            .filter(
                found ->
                    found.hasBias() && model.weighting().isEmpty()
                        || model.loss().task().hasLabels())
            .isPresent();
    boolean bySums =
        isSingle
            && !isCalibrated
            && (model.plain().isPresent() || model.loss().task().hasClasses());
    int last = members.get(0).layers().size();
    String by = bySums ? layer(model, 0) + last : isCalibrated ? "calibrated" : "averages";
    String holds = by + "[output] > " + (bySums ? "0" : "0.5");
    String words =
        bySums
            ? "sums of the last layer"
            : isCalibrated ? "calibrated probabilities" : "averages of the networks";
    return switch (model.loss().task().kind()) {
      case CLASSES -> method("int label()", "label(" + by + ")", words);
      case LABELS -> method("boolean holds(int output)", holds, words);
      case NUMBERS -> "";
    };
  }

  /** Returns the method that gives the class by the rule of a model. */
  private static String ruled(Model model, List<Double> doubles) {
    DecisionRule rule = model.rule().get();
    String by =
        model.calibration().isPresent()
            ? "calibrated"
            : model.weighting().isPresent() ? "undone" : "averages";
    String value =
        rule.isThreshold()
            ? "%s[%s] >= %s ? %2$s : %s"
                .formatted(by, rule.positive(), rule.threshold(), 1 - rule.positive())
            : "cheapest(%s, %s)".formatted(by, doubles.size());
    add(rule.costs(), doubles);
    String words = rule.isThreshold() ? "threshold" : "smallest expected cost";
    return method("int label()", value, words);
  }

  private static String template() {
    try (InputStream in = JavaSource.class.getResourceAsStream("Model.java.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError("the jar is not whole", e);
    }
  }

  /** Returns a loop that sets each number of an array. */
  private static String each(int length, String number, String value) {
    return "    for (int j = 0; j < %s; j++) {\n      %s = %s;\n    }\n"
        .formatted(length, number, value);
  }

  /** Returns a method that decides about the last predicted row. */
  private static String method(String method, String value, String by) {
    String what = method.startsWith("int") ? "The class of" : "Whether an output holds for";
    return "\n  /** %s the row that was predicted last, by the %s. */\n".formatted(what, by)
        + "  public %s {\n    return %s;\n  }\n".formatted(method, value);
  }

  private static String scaling(Scaling scaling, List<Double> doubles) {
    if (scaling instanceof Scaling.None) {
      return "(float) x";
    } else if (scaling instanceof Scaling.Divide divide) {
      return "(float) (x / " + divide.divisor() + ")";
    }
    affine(scaling, doubles);
    return scaling instanceof Scaling.Robust
        ? "robust(x, S[i], S[INPUTS + i])"
        : "(float) ((x - S[i]) / S[INPUTS + i])";
  }

  private static String undone(String y, Scaling scaling, List<Double> doubles) {
    if (scaling instanceof Scaling.None) {
      return y;
    } else if (scaling instanceof Scaling.Divide divide) {
      return y + " * " + divide.divisor();
    } else if (scaling instanceof Scaling.Robust) {
      throw new ArgumentException(
          "java: targets with robust scaling, expected none or standard (train with %s)",
          Remedy.SCALE_TARGETS.with("standard"));
    }
    int at = doubles.size();
    int outputs = affine(scaling, doubles);
    return y + " * S[" + (at + outputs) + " + j] + S[" + at + " + j]";
  }

  private static int affine(Scaling scaling, List<Double> doubles) {
    Affine affine = Affine.of(scaling);
    add(affine.offset(), doubles);
    add(affine.divisor(), doubles);
    return affine.offset().length;
  }

  private static void add(double[] values, List<Double> doubles) {
    for (double value : values) {
      doubles.add(value);
    }
  }

  private static List<String> inputs(Model model) {
    return model.schema().isPresent()
        ? model.schema().get().inputNames()
        : List.of(model.inputs() + " features");
  }

  private static List<String> results(Model model) {
    return model.classNames().isEmpty()
        ? List.of(
            model.outputs() + (model.loss().task().hasNumbers() ? " numbers" : " probabilities"))
        : model.classNames();
  }

  /** Returns names for a comment, without characters that could end it or start an escape. */
  private static String words(List<String> names) {
    String text = String.join(", ", names).replaceAll("\\p{Cntrl}|\\\\|\\*/|[<>&@{}]", "?");
    StringBuilder ascii = new StringBuilder();
    for (char c : text.toCharArray()) {
      ascii.append(c > '~' ? "\\u%04x".formatted((int) c) : "" + c);
    }
    return ascii.toString();
  }

  /** Returns the bits of all numbers as lines of strings. */
  private static String encoded(Model model, int parameters, List<Double> doubles) {
    int[] words = new int[parameters + 2 * doubles.size()];
    int at = 0;
    for (Mlp member : model.members()) {
      for (float parameter : ModelParts.access().parameters(member)) {
        words[at++] = Float.floatToRawIntBits(parameter);
      }
    }
    for (double number : doubles) {
      long bits = Double.doubleToRawLongBits(number);
      words[at++] = (int) (bits >> Integer.SIZE);
      words[at++] = (int) bits;
    }
    StringBuilder text = new StringBuilder("    \"");
    int left = 0; // bits not yet written
    int have = 0; // number of these bits
    int count = 0;
    for (int i = 0; i <= 4 * words.length; i++) {
      boolean ends = i == 4 * words.length; // zeros pad the last character
      int next = ends ? 0 : words[i / 4] >>> 24 - i % 4 * Byte.SIZE & 0xff;
      left = left << Byte.SIZE | next;
      have += Byte.SIZE;
      for (; have >= 6; have -= 6) {
        int six = left >> have - 6 & SIX_BITS;
        text.append(six == '\\' - '0' ? 'p' : (char) ('0' + six));
        if (++count % LINE == 0) {
          text.append(count % PIECE == 0 ? "\",\n    \"" : "\"\n        + \"");
        }
      }
    }
    return text.append('"').toString();
  }
}
