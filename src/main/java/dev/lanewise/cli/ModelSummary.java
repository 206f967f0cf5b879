package dev.lanewise.cli;

import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A model layer by layer, as Keras prints it. */
final class ModelSummary {
  private ModelSummary() {}

  static void print(Mlp model, Output output, Json json) {
    TextTable table = new TextTable(2);
    table.add("layer", "activation", "outputs", "parameters");
    table.add("inputs" + shape(model.inputShape()), "", model.architecture().inputs(), 0);
    List<Json> layers = new ArrayList<>();
    for (Layer layer : model.layers()) {
      int number = layers.size() + 1;
      boolean last = number == model.layers().size();
      String activation = last ? "softmax" : layer.activation().label();
      table.add("affine " + number, activation, layer.outputs(), layer.parameters());
      layers.add(
          new Json()
              .put("inputs", layer.inputs())
              .put("outputs", layer.outputs())
              .put("activation", activation)
              .put("parameters", layer.parameters()));
    }
    table.add("all", "", "", model.parameterCount());
    String scaling = model.scaling().map(Scaling::name).orElse("not stored");
    table.lines().forEach(output::result);
    output.result("");
    output.result("Scaling " + scaling);
    output.result(
        "Classes "
            + (model.classNames().isEmpty()
                ? "0 to " + (model.architecture().outputs() - 1)
                : String.join(", ", model.classNames())));
    output.result("Weights sha256 " + model.sha256());
    json.put("layers", layers)
        .put("input_shape", model.inputShape())
        .put("parameters", model.parameterCount())
        .put("scaling", model.scaling().map(Scaling::name).orElse(null))
        .put("class_names", model.classNames())
        .put("sha256", model.sha256());
  }

  private static String shape(int[] shape) {
    return shape.length < 2
        ? ""
        : Arrays.stream(shape)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining("x", " (", ")"));
  }
}
