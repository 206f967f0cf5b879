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

/** A request of the Open Inference Protocol, version 2: tensors by their names, in JSON. */
final class TensorRequest {
  /** The input of a model without columns. */
  static final String INPUT = "input";

  private static final String BODY = "body";

  /** The names of the outputs that are asked for; empty for all. */
  final List<String> outputs = new ArrayList<>();

  /** What the answer must repeat, or null. */
  String id;

  private final Map<String, Tensor> inputs = new LinkedHashMap<>();

  /** A tensor whose first dimension counts rows. */
  private static final class Tensor {
    String name;
    String type;
    final List<Integer> shape = new ArrayList<>();
    final List<String> data = new ArrayList<>(); // values as they are in JSON, row by row
    final List<Integer> nesting = new ArrayList<>(); // lengths of the arrays of the data
    final Set<Character> kinds = new TreeSet<>(); // of values, as JsonScanner has them
  }

  TensorRequest(byte[] body, int length) throws FormatException {
    JsonScanner json = new JsonScanner(body, length, BODY);
    json.begin('{');
    while (json.more()) {
      switch (json.member()) {
        case "id" -> id = json.text();
        case "inputs" -> {
          json.begin('[');
          while (json.more()) {
            Tensor tensor = tensor(json);
            if (inputs.put(tensor.name, tensor) != null) {
              throw wrong("input %s is there twice, expected each input once", tensor.name);
            }
          }
        }
        case "outputs" -> {
          json.begin('[');
          while (json.more()) {
            outputs.add(tensor(json).name);
          }
        }
        default -> json.skip();
      }
    }
    json.finish();
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
    return tensor;
  }

  /** Reads values, flat or in nested arrays. */
  private static void read(JsonScanner json, Tensor tensor, int depth) throws FormatException {
    json.begin('[');
    int count = 0;
    for (; json.more(); count++) {
      char kind = json.kind();
      if (kind == '[' || kind == '{') {
        read(json, tensor, depth + 1);
        continue;
      } else if (kind == '0') {
        double number = json.number();
        kind = number == Math.rint(number) ? '0' : '.';
        tensor.data.add(json.numberText());
      } else {
        tensor.data.add(kind == '"' ? Json.of(json.text()) : String.valueOf(json.word()));
      }
      tensor.kinds.add(kind);
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
    List<String> lacking = new ArrayList<>(names);
    lacking.removeAll(inputs.keySet());
    List<String> found = new ArrayList<>(inputs.keySet());
    if (!lacking.isEmpty()) {
      throw wrong("no input %s, expected inputs %s: found %s", lacking, names, found);
    }
    found.removeAll(names);
    model.schema().ifPresent(schema -> found.removeAll(schema.ignored()));
    model.schema().ifPresent(schema -> found.removeAll(schema.targets()));
    if (!found.isEmpty()) {
      throw wrong("input %s, expected inputs %s", found, names);
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
    String kinds =
        switch (String.valueOf(tensor.type).replaceAll("[0-9]+$", "")) {
          case "BYTES" -> "n\"";
          case "BOOL" -> "nt";
          case "INT", "UINT" -> "n0";
          case "FP" -> "n0.";
          default -> "";
        };
    for (char kind : tensor.kinds) {
      if (kinds.indexOf(kind) < 0) {
        throw wrong(
            "input %s has other values than its datatype %s, expected values of FP64, INT64, BYTES"
                + " (texts) or BOOL, or null",
            tensor.name, tensor.type);
      }
    }
  }

  static FormatException wrong(String problem, Object... parts) {
    return new FormatException(BODY, problem, parts);
  }
}
