package dev.lanewise.exchange;

import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.model.Model;
import dev.lanewise.model.internal.ForeignArrays;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.internal.Assumption;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.rows.internal.Cell;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads models from arrays with the names of other programs, such as PyTorch's {@code 0.weight} and
 * {@code 0.bias}, scikit-learn's {@code coefs_} and {@code intercepts_}, or Keras' kernels and
 * biases. Each matrix is a layer. Layers are sorted by name, where numbers count by their value. A
 * vector is the bias of the matrix with the same name except for such a word; with numpy's default
 * names, arr_1 is the bias of the matrix arr_0. The sizes of the matrices determine which axis is
 * that of the outputs; if both are possible, the format decides.
 */
public final class ForeignModelReader implements ForeignArrays {
  private static final Pattern KIND =
      Pattern.compile("(weights?|bias(es)?|kernel|coefs|intercepts|[Wb])(?=[_.:\\d]*$)");
  private static final String NUMBERED = "arr_"; // numpy's default names of arrays
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final int DIGITS = 12;
  private static final Pattern NORMALISATION =
      Pattern.compile("(running_(mean|var)|num_batches_tracked)$");

  /** Names that identify an .npz file of such arrays; it has no array named W1. */
  private static final Pattern NPZ = Pattern.compile("coefs_0|arr_0|.*(kernel|weight)[:\\d]*");

  /** Arrays of scikit-learn that are not arrays of layers. */
  private static final List<String> FACTS =
      List.of(
          "activation",
          "out_activation_",
          "classes_",
          "mean_",
          "scale_",
          "data_min_",
          "data_max_",
          SklearnTable.COLUMNS,
          SklearnTable.KINDS,
          SklearnTable.WORDS,
          SklearnTable.TARGET);

  /** A layer; its bias is null if no bias was found. */
  private static final class Part {
    final String name;
    final NdArray matrix;
    NdArray bias;

    Part(String name, NdArray matrix) {
      this.name = name;
      this.matrix = matrix;
    }

    int inputs(boolean outputsFirst) {
      return matrix.dimension(outputsFirst ? 1 : 0);
    }

    int outputs(boolean outputsFirst) {
      return matrix.dimension(outputsFirst ? 0 : 1);
    }
  }

  /** For the service loader. */
  public ForeignModelReader() {}

  @Override
  public boolean isFor(List<String> names) {
    boolean isOurs = names.contains("W1") || names.contains("member1/W1");
    return !isOurs && names.stream().anyMatch(name -> NPZ.matcher(name).matches());
  }

  /**
   * Makes a network; its ReLU, loss and scaling are assumptions.
   *
   * @param outputsFirst true if W is [out][in] where both are possible
   * @param order the layers by the names of their matrices, with or without the word such as
   *     weight; other arrays are ignored; empty for all layers in the order of their names
   */
  static Mlp read(
      String file, Map<String, NdArray> arrays, boolean outputsFirst, List<String> order)
      throws FormatException {
    for (String name : arrays.keySet()) {
      if (NORMALISATION.matcher(name).find()) {
        throw new FormatException(
            file,
            "%s belongs to a BatchNorm, and weights alone do not tell whether it comes before or"
                + " after the activation, expected layers without BatchNorm (fold it into the layer"
                + " next to it, or export the network to .onnx, where it is read)",
            name);
      }
    }
    List<Part> parts = parts(file, arrays, order);
    if (parts.size() > Architecture.MOST_LAYERS) { // the search for an order uses the stack
      throw new FormatException(
          file, "%s layers, expected at most %s", parts.size(), Architecture.MOST_LAYERS);
    }
    boolean right = fits(parts, outputsFirst);
    if (!right && !fits(parts, !outputsFirst)) {
      List<String> found = new ArrayList<>();
      parts.forEach(p -> found.add(p.name + " " + Arrays.toString(p.matrix.shape())));
      throw new FormatException(
          file,
          "layers of %s do not fit each other, expected that each takes the outputs of the layer"
              + " before it (%s names them in their order)",
          found,
          Remedy.LAYERS.with());
    }
    boolean first = right == outputsFirst;
    List<String> taken = parts.stream().map(part -> part.name).toList();
    if (order.isEmpty() && orders(parts, first, new boolean[parts.size()], -1) > 1) {
      throw new FormatException(
          file,
          "layers of %s fit each other in several orders, expected a single order (%s names them in"
              + " their order)",
          taken,
          Remedy.LAYERS.with());
    }
    Mlp model = network(file, parts, first);
    long names = taken.stream().map(ForeignModelReader::withoutNumbers).distinct().count();
    return parts.size() > 1 && (outputsFirst || names > 1) // numpy's numbers define the order
        ? MlpState.of(model)
            .and(Assumption.taken("layers in the order " + String.join(", ", taken)))
        : model;
  }

  private static String withoutNumbers(String name) {
    return NUMBER.matcher(name).replaceAll("#");
  }

  /**
   * Counts the orders in which the sizes of layers fit each other; 2 means several. Layers whose
   * names differ only in a number keep the order of the numbers.
   */
  private static int orders(List<Part> parts, boolean outputsFirst, boolean[] used, int last) {
    int orders = 0;
    boolean all = true;
    Set<String> waiting = new HashSet<>(); // names of which a smaller number comes first
    for (int i = 0; i < used.length && orders < 2; i++) {
      if (used[i]) {
        continue;
      }
      all = false;
      Part part = parts.get(i);
      boolean isNext = waiting.add(withoutNumbers(part.name));
      boolean follows =
          last < 0 || parts.get(last).outputs(outputsFirst) == part.inputs(outputsFirst);
      if (isNext && follows) {
        used[i] = true;
        orders += orders(parts, outputsFirst, used, i);
        used[i] = false;
      }
    }
    return all ? 1 : Math.min(orders, 2);
  }

  private static List<Part> parts(String file, Map<String, NdArray> arrays, List<String> order)
      throws FormatException {
    List<String> names = new ArrayList<>(arrays.keySet());
    names.sort(Comparator.comparing(ForeignModelReader::sortable).thenComparing(name -> name));
    Map<String, Part> parts = new LinkedHashMap<>(); // by name without the word
    for (String name : names) {
      NdArray array = arrays.get(name);
      if (array.rank() == 2 && array.type().isFloatingPoint()) {
        Part other = parts.put(key(name), new Part(name, array));
        if (other != null) {
          throw new FormatException(
              file, "matrices %s and %s, expected a single matrix", other.name, name);
        }
      }
    }
    Part before = null;
    List<String> others = new ArrayList<>();
    for (String name : names) {
      NdArray array = arrays.get(name);
      Part own = parts.get(key(name));
      own = own == null && name.startsWith(NUMBERED) ? before : own;
      boolean isFloat = array.type().isFloatingPoint();
      if (array.rank() == 2 && isFloat) {
        before = own;
      } else if (array.rank() == 1 && isFloat && own != null && own.bias == null) {
        own.bias = array;
      } else {
        others.add(name);
      }
    }
    List<Part> chosen = new ArrayList<>(parts.values());
    if (!order.isEmpty()) {
      chosen.clear();
      for (String name : order) {
        Part part = parts.getOrDefault(name, parts.getOrDefault(name + ".", parts.get(key(name))));
        if (part == null) {
          throw new FormatException(
              file,
              "no layer %s, expected the layers that %s names among %s",
              name,
              Remedy.LAYERS.with(),
              names);
        }
        chosen.add(part);
      }
    } else if (chosen.isEmpty() || !others.isEmpty()) {
      throw new FormatException(
          file,
          "%s beside layers, expected a matrix and a vector for each (%s names those that are"
              + " layers)",
          others.isEmpty() ? "no matrices" : others,
          Remedy.LAYERS.with());
    }
    return chosen;
  }

  private static String key(String name) {
    return KIND.matcher(name).replaceFirst("");
  }

  /** Pads the numbers in a name with zeros, so that names are sorted by the value of numbers. */
  private static String sortable(String name) {
    return NUMBER
        .matcher(name)
        .replaceAll(
            number ->
                Matcher.quoteReplacement(
                    "0".repeat(Math.max(0, DIGITS - number.group().length())) + number.group()));
  }

  private static boolean fits(List<Part> parts, boolean outputsFirst) {
    boolean fits = true;
    int previous = parts.get(0).inputs(outputsFirst);
    for (Part part : parts) {
      int outputs = part.outputs(outputsFirst);
      fits &= part.inputs(outputsFirst) == previous;
      fits &= part.bias == null || part.bias.length() == outputs;
      previous = outputs;
    }
    return fits;
  }

  private static Mlp network(String file, List<Part> parts, boolean outputsFirst)
      throws FormatException {
    List<float[]> weights = new ArrayList<>();
    List<float[]> biases = new ArrayList<>();
    for (Part part : parts) {
      int inputs = part.inputs(outputsFirst);
      int outputs = part.outputs(outputsFirst);
      float[] w = part.matrix.toFloats();
      weights.add(outputsFirst ? transposed(w, outputs, inputs) : w);
      biases.add(part.bias == null ? new float[outputs] : part.bias.toFloats());
    }
    return network(file, parts.get(0).inputs(outputsFirst), weights, biases);
  }

  static float[] transposed(float[] a, int rows, int columns) {
    float[] b = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      b[i % columns * rows + i / columns] = a[i];
    }
    return b;
  }

  /** Makes a network of layers with W [in][out]; its ReLU, loss and scaling are assumptions. */
  static Mlp network(String file, int inputs, List<float[]> weights, List<float[]> biases)
      throws FormatException {
    List<Integer> sizes = biases.stream().map(b -> b.length).toList();
    int last = sizes.size() - 1;
    try {
      Architecture architecture =
          Architecture.relu(inputs, sizes.subList(0, last), sizes.get(last));
      float[] parameters = new float[architecture.parameterCount()];
      List<Layer> layers = architecture.layers();
      for (int l = 0; l <= last; l++) {
        float[] w = weights.get(l);
        System.arraycopy(w, 0, parameters, layers.get(l).weightsOffset(), w.length);
        System.arraycopy(biases.get(l), 0, parameters, layers.get(l).biasesOffset(), sizes.get(l));
      }
      for (float parameter : parameters) {
        if (!Float.isFinite(parameter)) {
          throw new FormatException(
              file, "a parameter is %s, expected finite float32 numbers", parameter);
        }
      }
      return MlpState.of(Mlp.of(architecture, parameters)).assuming(Assumption.ofNumbers(last > 0));
    } catch (IllegalArgumentException e) {
      throw new FormatException(file, Message.of(e), e);
    }
  }

  /** Reads a network; if no layers are named, also the other arrays of scikit-learn. */
  @Override
  public Model read(String file, Map<String, NdArray> all, List<String> layers) throws IOException {
    return layers.isEmpty() ? read(file, all) : Model.of(read(file, all, false, layers));
  }

  private static Model read(String file, Map<String, NdArray> all) throws FormatException {
    Map<String, NdArray> arrays = new LinkedHashMap<>(all);
    arrays.keySet().removeAll(FACTS);
    Mlp model = read(file, arrays, false, List.of());
    if (all.containsKey("activation")) {
      model = activated(model, activation(text(file, all, "activation")));
    }
    List<String> classes = new ArrayList<>();
    NdArray names = all.get("classes_");
    for (int i = 0; names != null && i < names.length(); i++) {
      boolean words = names.type() == ElementType.UNICODE;
      classes.add(words ? names.stringAt(i) : Cell.text(names.doubleAt(i)));
    }
    if (all.containsKey("out_activation_")) {
      String out = text(file, all, "out_activation_");
      boolean one = model.architecture().outputs() == 1 && !out.equals("identity");
      model = one ? twoLogits(model) : model.withLoss(loss(out));
    }
    model = model.withClassNames(classes);
    if (all.containsKey("mean_") && all.containsKey("scale_")) {
      model =
          model.withScaling(
              Scaling.standardise(all.get("mean_").toDoubles(), all.get("scale_").toDoubles()));
    } else if (all.containsKey("data_min_") && all.containsKey("data_max_")) {
      model =
          model.withScaling(
              Scaling.minMax(all.get("data_min_").toDoubles(), all.get("data_max_").toDoubles()));
    }
    boolean isTable = all.containsKey(SklearnTable.COLUMNS);
    return isTable ? SklearnTable.of(file, all, model) : Model.of(model);
  }

  private static String text(String file, Map<String, NdArray> all, String name)
      throws FormatException {
    NdArray array = all.get(name);
    if (array.type() != ElementType.UNICODE || array.length() != 1) {
      throw new FormatException(file, "%s is %s, expected a string", name, array.type());
    }
    return array.stringAt(0);
  }

  private static Activation activation(String name) {
    return name.equals("logistic") ? Activation.SIGMOID : Activation.of(name);
  }

  private static Loss loss(String out) {
    return switch (out) {
      case "identity" -> Loss.MSE;
      case "logistic" -> Loss.SIGMOID;
      default -> Loss.of(out);
    };
  }

  /** Sets one activation for all hidden layers. */
  static Mlp activated(Mlp model, Activation activation) {
    int hidden = model.architecture().hidden().size();
    return model.withActivations(Collections.nCopies(hidden, activation));
  }

  /** Replaces the single logit of two classes by two logits, the first of which is 0. */
  static Mlp twoLogits(Mlp one) {
    List<Layer> layers = one.layers();
    Layer last = layers.get(layers.size() - 1);
    Architecture a = one.architecture();
    Architecture two = new Architecture(a.inputs(), a.hidden(), 2, a.activations());
    float[] from = MlpState.of(one).parameters();
    float[] to = Arrays.copyOf(from, two.parameterCount());
    Arrays.fill(to, last.weightsOffset(), to.length, 0);
    for (int i = 0; i < last.parameters(); i++) { // weights and bias
      to[last.weightsOffset() + 2 * i + 1] = from[last.weightsOffset() + i];
    }
    return MlpState.of(one).with(two, to).withLoss(Loss.SOFTMAX);
  }
}
