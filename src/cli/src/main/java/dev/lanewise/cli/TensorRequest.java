package dev.lanewise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lanewise.format.FormatException;
import dev.lanewise.nn.Model;
import dev.lanewise.nn.Schema;
import dev.lanewise.source.JsonScanner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** A request of the Open Inference Protocol, version 2: tensors by their names, in JSON. */
final class TensorRequest {
  /** The input of a model without columns. */
  static final String INPUT = "input";

  private static final String BODY = "body";

  /** The outputs that are asked for, by name; empty for all. */
  final Map<String, Tensor> outputs = new LinkedHashMap<>();

  /** What the answer must repeat, or null. */
  String id;

  private final Map<String, Tensor> inputs = new LinkedHashMap<>();

  /** A tensor whose first dimension counts rows; of an output the name alone. */
  static final class Tensor {
    private String name;
    private String type;
    private final List<Integer> shape = new ArrayList<>();
    private final List<String> data = new ArrayList<>(); // values as they are in JSON, row by row
    private final List<Integer> nesting = new ArrayList<>(); // lengths of the arrays of the data
  }

  TensorRequest(byte[] body, int length) throws FormatException {
    JsonScanner json = new JsonScanner(body, length, BODY);
    json.begin('{');
    while (json.more()) {
      switch (json.member()) {
        case "id" -> id = json.text();
        case "inputs" -> read(json, inputs);
        case "outputs" -> read(json, outputs);
        default -> json.skip();
      }
    }
    json.finish();
  }

  private static void read(JsonScanner json, Map<String, Tensor> tensors) throws FormatException {
    json.begin('[');
    while (json.more()) {
      Tensor tensor = tensor(json);
      if (tensors.put(tensor.name, tensor) != null) {
        throw wrong("tensor %s is there twice, expected it once", tensor.name);
      }
    }
  }

  private static Tensor tensor(JsonScanner json) throws FormatException {
    Tensor tensor = new Tensor();
    json.begin('{');
    while (json.more()) {
      switch (json.member()) {
        case "name" -> tensor.name = json.text();
        case "datatype" -> tensor.type = json.text();
        case "shape" -> {
          json.begin('[');
          while (json.more()) {
            double size = json.number();
            tensor.shape.add(size == (int) size ? (int) size : -1);
          }
        }
        case "data" -> read(json, tensor, 0);
        default -> json.skip();
      }
    }
    if (tensor.name == null) {
      throw wrong("a tensor without a name, expected one");
    }
    return tensor;
  }

  /** Reads values, flat or in nested arrays. */
  private static void read(JsonScanner json, Tensor tensor, int depth) throws FormatException {
    json.begin('[');
    int count = 0;
    for (; json.more(); count++) {
      switch (json.kind()) {
        case '[', '{' -> read(json, tensor, depth + 1);
        case '"' -> tensor.data.add(Json.of(json.text()));
        case '0' -> {
          json.number();
          tensor.data.add(json.numberText());
        }
        default -> tensor.data.add(String.valueOf(json.word()));
      }
    }
    while (tensor.nesting.size() <= depth) {
      tensor.nesting.add(-1);
    }
    int before = tensor.nesting.set(depth, count);
    if (before >= 0 && before != count) {
      throw wrong("input %s is nested with rows of different lengths", tensor.name);
    }
  }

  /**
   * Returns the rows as an array in JSON, so that they are read as those of other requests.
   *
   * @throws FormatException if the tensors are not the inputs of the model
   */
  byte[] rows(Model model) throws FormatException {
    List<String> names = model.schema().map(Schema::columnNames).orElse(List.of(INPUT));
    Set<String> found = inputs.keySet();
    Set<String> others = new TreeSet<>(found);
    names.forEach(others::remove);
    model.schema().ifPresent(schema -> schema.ignored().forEach(others::remove));
    model.schema().ifPresent(schema -> schema.targets().forEach(others::remove));
    model.schema().flatMap(Schema::weight).ifPresent(others::remove);
    if (!found.containsAll(names) || !others.isEmpty()) {
      throw wrong("inputs %s, expected those of the model: %s", List.copyOf(found), names);
    }
    int width = model.schema().isPresent() ? 1 : model.inputs();
    int rows = inputs.get(names.get(0)).data.size() / width;
    for (String name : names) {
      check(inputs.get(name), rows, width);
    }
    StringBuilder text = new StringBuilder("[");
    for (int row = 0; row < rows; row++) {
      text.append(row == 0 ? "[" : ",[");
      for (int c = 0; c < names.size(); c++) {
        List<String> data = inputs.get(names.get(c)).data;
        text.append(c == 0 ? "" : ",");
        text.append(String.join(",", data.subList(row * width, (row + 1) * width)));
      }
      text.append(']');
    }
    return text.append(']').toString().getBytes(UTF_8);
  }

  private static void check(Tensor tensor, int rows, int width) throws FormatException {
    String shape = tensor.shape.toString();
    boolean isRow = width == 1 && tensor.shape.equals(List.of(rows));
    if (!isRow && !tensor.shape.equals(List.of(rows, width))
        || rows * width != tensor.data.size()) {
      String expected = width == 1 ? "[%s] or [%s, 1]" : "[%s, " + width + "]";
      throw wrong(
          "input %s has the shape %s and %s values, expected %s",
          tensor.name, shape, tensor.data.size(), expected.replace("%s", "" + rows));
    } else if (tensor.nesting.size() > 1 && !tensor.nesting.equals(tensor.shape)) {
      throw wrong(
          "input %s is nested as %s, expected its shape %s",
          tensor.name, "" + tensor.nesting, shape);
    }
    String values =
        switch (String.valueOf(tensor.type).replaceAll("[0-9]+$", "")) {
          case "BYTES" -> "null|(?s)\".*";
          case "BOOL" -> "null|true|false";
          case "INT", "UINT" -> "null|-?[0-9]+";
          case "FP" -> "null|[-0-9].*";
          default -> "";
        };
    if (!tensor.data.stream().allMatch(Pattern.compile(values).asMatchPredicate())) {
      throw wrong(
          "input %s has other values than its datatype %s, expected values of FP64, INT64, BYTES"
              + " (texts) or BOOL, or null",
          tensor.name, tensor.type);
    }
  }

  static FormatException wrong(String problem, Object... parts) {
    return new FormatException(BODY, problem, parts);
  }
}
