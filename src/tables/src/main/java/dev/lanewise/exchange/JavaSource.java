package dev.lanewise.exchange;

import dev.lanewise.engine.ModelAccess;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.Remedy;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
  static String of(Mlp model, String file) {
    String name = file.substring(0, file.length() - ".java".length());
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "java: %s is no name of a class, expected such as Model.java".formatted(file));
    }
    float[] parameters = ModelAccess.parameters(model);
    if (parameters.length > MOST_PARAMETERS) {
      throw new IllegalArgumentException(
          "java: %s parameters, expected at most %s in the source of a class"
              .formatted(parameters.length, MOST_PARAMETERS));
    }
    String[] sections = template().split("(?m)^= (?=\\w+\n)");
    Architecture architecture = model.architecture();
    List<Double> doubles = new ArrayList<>(); // of the scaling
    String scale = scaling(model.scaling().orElse(Scaling.none()), doubles);
    StringBuilder fields = new StringBuilder();
    String run = run(model, fields, doubles);
    StringBuilder all =
        new StringBuilder(
            sections[0]
                .replace("#CLASS#", name)
                .replace(
                    "#RESULT#", model.targetScaling() instanceof Scaling.None ? "float" : "double")
                .replace("#SIZES#", architecture.toString())
                .replace("#IN#", "" + architecture.inputs())
                .replace("#OUT#", "" + architecture.outputs())
                .replace("#COUNT#", "" + parameters.length)
                .replace("#DOUBLES#", "" + doubles.size())
                .replace("#FIELDS#", fields)
                .replace("#RUN#", run)
                .replace("#DECISION#\n", decision(model))
                .replace("#SCALE#", "    return " + scale + ";")
                .replace("#INPUTS#", words(inputs(model))) // last: names may have placeholders
                .replace("#RESULTS#", words(results(model))));
    for (int s = 1; s < sections.length; s++) {
      int end = sections[s].indexOf('\n');
      if (all.indexOf(" " + sections[s].substring(0, end) + "(") >= 0) {
        all.append('\n').append(sections[s], end + 1, sections[s].length());
      }
    }
    int data = all.lastIndexOf("#DATA#"); // names before it may contain the same text
    return all.replace(data, data + "#DATA#".length(), encoded(parameters, doubles))
        .append("}\n")
        .toString();
  }

  /** Returns the statements that compute the results; adds fields and constants for them. */
  private static String run(Mlp model, StringBuilder fields, List<Double> doubles) {
    StringBuilder run = new StringBuilder();
    List<Layer> layers = model.layers();
    int last = layers.size();
    for (int l = 1; l <= last; l++) {
      Layer layer = layers.get(l - 1);
      fields.append("  private final float[] x%s = new float[%s];\n".formatted(l, layer.outputs()));
      run.append("    layer(x%s, x%s, %s);\n".formatted(l - 1, l, layer.weightsOffset()));
      String x = "x" + l + "[j]";
      if (layer.activation() != Activation.IDENTITY) {
        run.append(each(layer.outputs(), x, function(layer.activation()) + "(" + x + ")"));
      }
    }
    if (model.loss().takesClasses()) {
      run.append("    softmax(x" + last + ", results);\n");
    } else {
      String x = "x" + last + "[j]";
      String result =
          model.loss().takesFlags()
              ? "sigmoid(" + x + ")"
              : undone(x, model.targetScaling(), doubles);
      run.append(each(model.architecture().outputs(), "results[j]", result));
    }
    return run.toString().stripTrailing();
  }

  /** Returns the method that gives the class or the flags of the last row, if the model has any. */
  private static String decision(Mlp model) {
    String last = "x" + model.layers().size();
    return model.loss().takesClasses()
        ? method("int label()", "label(" + last + ")")
        : model.loss().takesFlags()
            ? method("boolean holds(int output)", last + "[output] > 0")
            : "";
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

  /** Returns the name of a function in Java: gelu-tanh becomes geluTanh. */
  private static String function(Activation activation) {
    String[] words = activation.label().split("-");
    StringBuilder name = new StringBuilder(words[0]);
    for (int i = 1; i < words.length; i++) {
      name.append(words[i].substring(0, 1).toUpperCase(Locale.ROOT)).append(words[i].substring(1));
    }
    return name.toString();
  }

  /** Returns a method that decides about the last predicted row from the sums of the last layer. */
  private static String method(String method, String value) {
    String what = method.startsWith("int") ? "The class of" : "Whether an output holds for";
    return "\n  /** %s the row that was predicted last, by the sums of the last layer. */\n"
            .formatted(what)
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

  private static List<String> inputs(Mlp model) {
    return model.schema().isPresent()
        ? model.schema().get().inputNames()
        : List.of(model.architecture().inputs() + " features");
  }

  private static List<String> results(Mlp model) {
    return model.classNames().isEmpty()
        ? List.of(
            model.architecture().outputs()
                + (model.loss().isRegression() ? " numbers" : " probabilities"))
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
  private static String encoded(float[] parameters, List<Double> doubles) {
    int[] words = new int[parameters.length + 2 * doubles.size()];
    for (int i = 0; i < parameters.length; i++) {
      words[i] = Float.floatToRawIntBits(parameters[i]);
    }
    for (int i = 0; i < doubles.size(); i++) {
      long bits = Double.doubleToRawLongBits(doubles.get(i));
      words[parameters.length + 2 * i] = (int) (bits >> Integer.SIZE);
      words[parameters.length + 2 * i + 1] = (int) bits;
    }
    StringBuilder text = new StringBuilder("    \"");
    int left = 0; // bits not yet written
    int have = 0; // their number
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
