package dev.lanewise.nn;

import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Models as .npz: W1, b1, W2, b2, ... for everybody, and in further arrays what only Lanewise asks
 * for. All of them are plain numbers and strings, which numpy reads without pickle.
 */
final class ModelFile {
  private static final String ACTIVATIONS = "activations"; // one string a hidden layer
  private static final String LOSS = "loss"; // a string
  private static final String SCALING = "scaling"; // none, divide or standard
  private static final String DIVISOR = "scaling_divisor"; // float64
  private static final String MEAN = "scaling_mean"; // float64 [inputs]
  private static final String DEVIATION = "scaling_deviation"; // float64 [inputs]
  private static final String CLASS_NAMES = "class_names"; // strings [classes]
  private static final String INPUT_SHAPE = "input_shape"; // int64

  private static final String SOFTMAX = "softmax";

  private ModelFile() {}

  static void write(Mlp model, Path file) throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    List<Layer> layers = model.layers();
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = layers.get(l);
      arrays.put("W" + (l + 1), NdArray.of(model.weights(l), layer.inputs(), layer.outputs()));
      arrays.put("b" + (l + 1), NdArray.of(model.biases(l), layer.outputs()));
    }
    List<String> activations =
        model.architecture().activations().stream().map(Activation::label).toList();
    if (!activations.isEmpty()) {
      arrays.put(ACTIVATIONS, NdArray.ofStrings(activations, activations.size()));
    }
    arrays.put(LOSS, NdArray.ofStrings(List.of(SOFTMAX)));
    if (model.scaling().isPresent()) {
      Scaling scaling = model.scaling().get();
      if (scaling instanceof Scaling.Divide divide) {
        arrays.put(SCALING, NdArray.ofStrings(List.of("divide")));
        arrays.put(DIVISOR, NdArray.of(new double[] {divide.divisor()}));
      } else if (scaling instanceof Scaling.Standardise standardise) {
        double[] mean = standardise.mean();
        arrays.put(SCALING, NdArray.ofStrings(List.of("standard")));
        arrays.put(MEAN, NdArray.of(mean, mean.length));
        arrays.put(DEVIATION, NdArray.of(standardise.deviation(), mean.length));
      } else {
        arrays.put(SCALING, NdArray.ofStrings(List.of("none")));
      }
    }
    if (!model.classNames().isEmpty()) {
      arrays.put(CLASS_NAMES, NdArray.ofStrings(model.classNames(), model.classNames().size()));
    }
    int[] shape = model.inputShape();
    if (shape.length > 0) {
      arrays.put(INPUT_SHAPE, NdArray.of(shape, shape.length));
    }
    Npz.write(file, arrays);
  }

  static Mlp read(Path file) throws IOException {
    try (Npz npz = Npz.open(file)) {
      Mlp model = readParameters(npz, file);
      try {
        if (npz.contains(SCALING)) {
          model = model.withScaling(readScaling(npz, file));
        }
        if (npz.contains(CLASS_NAMES)) {
          model = model.withClassNames(strings(npz, file, CLASS_NAMES));
        }
        if (npz.contains(INPUT_SHAPE)) {
          NdArray shape = npz.read(INPUT_SHAPE);
          if (!shape.type().isInteger()) {
            throw problem(file, INPUT_SHAPE, npz.header(INPUT_SHAPE), "expected integers");
          }
          int[] dimensions = new int[shape.length()];
          for (int i = 0; i < dimensions.length; i++) {
            dimensions[i] = Math.toIntExact(shape.longAt(i));
          }
          model = model.withInputShape(dimensions);
        }
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw new FormatException(file.toString(), e.getMessage(), e);
      }
      return model;
    }
  }

  private static Mlp readParameters(Npz npz, Path file) throws IOException {
    if (!npz.contains("W1")) {
      throw new FormatException(
          file.toString(),
          "no array W1 (it has " + npz.names() + "), expected W1, b1, W2, b2, ...");
    }
    List<float[]> arrays = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    for (int l = 1; npz.contains("W" + l); l++) {
      Npz.Header w = npz.header("W" + l);
      if (w.shape().size() != 2 || !w.type().isFloatingPoint()) {
        throw problem(file, "W" + l, w, "expected a floating-point matrix [inputs][outputs]");
      }
      if (l > 1 && !w.shape().get(0).equals(sizes.get(sizes.size() - 1))) {
        throw problem(
            file,
            "W" + l,
            w,
            "expected " + sizes.get(sizes.size() - 1) + " rows as W" + (l - 1) + " has columns");
      }
      if (!npz.contains("b" + l)) {
        throw new FormatException(file.toString(), "W" + l + " without b" + l + ", expected both");
      }
      Npz.Header b = npz.header("b" + l);
      int outputs = w.shape().get(1);
      // numpy users also keep biases as 1 x outputs.
      boolean vector = b.shape().equals(List.of(outputs)) || b.shape().equals(List.of(1, outputs));
      if (!vector || !b.type().isFloatingPoint()) {
        throw problem(
            file,
            "b" + l,
            b,
            "expected " + outputs + " floating-point values as W" + l + " has columns");
      }
      if (l == 1) {
        sizes.add(w.shape().get(0));
      }
      sizes.add(outputs);
      arrays.add(finite(npz, file, "W" + l));
      arrays.add(finite(npz, file, "b" + l));
    }
    try {
      List<Integer> hidden = sizes.subList(1, sizes.size() - 1);
      List<Activation> activations =
          npz.contains(ACTIVATIONS)
              ? strings(npz, file, ACTIVATIONS).stream().map(Activation::of).toList()
              : Collections.nCopies(hidden.size(), Activation.RELU);
      if (npz.contains(LOSS) && !strings(npz, file, LOSS).equals(List.of(SOFTMAX))) {
        throw new FormatException(
            file.toString(), "loss " + strings(npz, file, LOSS) + ", expected " + SOFTMAX);
      }
      Architecture architecture =
          new Architecture(sizes.get(0), hidden, sizes.get(sizes.size() - 1), activations);
      float[] parameters = new float[architecture.parameterCount()];
      int offset = 0;
      for (float[] array : arrays) {
        System.arraycopy(array, 0, parameters, offset, array.length);
        offset += array.length;
      }
      return Mlp.of(architecture, parameters);
    } catch (IllegalArgumentException e) {
      throw new FormatException(file.toString(), e.getMessage(), e);
    }
  }

  /** An array as float32; a number that is not finite in float32 has no place in a model. */
  private static float[] finite(Npz npz, Path file, String name) throws IOException {
    float[] values = npz.read(name).toFloats();
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new FormatException(
            file.toString(),
            name + " has " + values[i] + " at element " + i + ", expected finite float32 numbers");
      }
    }
    return values;
  }

  private static Scaling readScaling(Npz npz, Path file) throws IOException {
    String name = strings(npz, file, SCALING).stream().findFirst().orElse("");
    return switch (name) {
      case "none" -> Scaling.none();
      case "divide" -> Scaling.divide(array(npz, file, DIVISOR).doubleAt(0));
      case "standard" ->
          Scaling.standardise(
              array(npz, file, MEAN).toDoubles(), array(npz, file, DEVIATION).toDoubles());
      default ->
          throw new FormatException(
              file.toString(), "scaling '" + name + "', expected none, divide or standard");
    };
  }

  private static NdArray array(Npz npz, Path file, String name) throws IOException {
    if (!npz.contains(name)) {
      throw new FormatException(
          file.toString(), "no array " + name + ", expected it beside " + SCALING);
    }
    NdArray array = npz.read(name);
    if (array.length() == 0 || !array.type().isFloatingPoint()) {
      throw new FormatException(
          file.toString(), name + " is " + array + ", expected floating-point values");
    }
    return array;
  }

  private static List<String> strings(Npz npz, Path file, String name) throws IOException {
    NdArray array = npz.read(name);
    if (array.type() != ElementType.UNICODE) {
      throw problem(file, name, npz.header(name), "expected strings");
    }
    List<String> strings = new ArrayList<>();
    for (int i = 0; i < array.length(); i++) {
      strings.add(array.stringAt(i));
    }
    return strings;
  }

  private static FormatException problem(
      Path file, String name, Npz.Header header, String expected) {
    return new FormatException(
        file.toString(), name + " is " + header.type() + " " + header.shape() + ", " + expected);
  }
}
