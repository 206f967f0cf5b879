package dev.lanewise.cli;

import dev.lanewise.format.FormatException;
import dev.lanewise.nn.Column;
import dev.lanewise.nn.NumberColumn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model as the Open Inference Protocol, version 2, sees it: its tensors, and its answers. */
final class TensorModel {
  /** The input of a model without columns. */
  static final String INPUT = "input";

  private static final int BLOCK = 1 << 13; // characters that are written at once

  final String metadata;
  private final String name;
  private final Map<String, Tensor> outputs = new LinkedHashMap<>();

  /** Appends the values of a row. */
  private interface Values {
    void append(StringBuilder text, Scorer.Scored scored, int row);
  }

  /**
   * An output.
   *
   * @param width number of values in a row; 0 for one without a dimension of its own
   */
  private record Tensor(String datatype, int width, Values values) {}

  TensorModel(String name, Outputs of) {
    this.name = name;
    int count = of.count();
    List<String> labels =
        of.shownNames().stream().map(n -> of.names().isEmpty() ? n : Json.of(n)).toList();
    if (of.areClasses()) {
      String type = of.names().isEmpty() ? "INT64" : "BYTES";
      outputs.put(
          "predicted",
          new Tensor(type, 0, (text, scored, row) -> text.append(labels.get(scored.label(row)))));
    }
    Values results =
        (text, scored, row) -> {
          for (int c = 0; c < count; c++) {
            of.append(c == 0 ? text : text.append(','), scored.results[row * count + c]);
          }
        };
    outputs.put(
        of.areNumbers() ? "outputs" : "probabilities",
        new Tensor(of.areDoubles() ? "FP64" : "FP32", count, results));
    if (of.areCovering() && of.areClasses()) {
      outputs.put(
          "set",
          new Tensor(
              "BOOL",
              count,
              (text, scored, row) -> {
                int from = row * count;
                list(text, of.level().set(Arrays.copyOfRange(scored.results, from, from + count)));
              }));
    } else if (of.areCovering()) {
      for (boolean upper : new boolean[] {false, true}) {
        outputs.put(
            upper ? "high" : "low",
            new Tensor(
                "FP64",
                count,
                (text, scored, row) -> list(text, of.ends(scored.results, row * count, upper))));
      }
    }
    if (of.areFamiliar()) {
      outputs.put(
          Outputs.FAMILIAR,
          new Tensor("FP64", 0, (text, scored, row) -> text.append(scored.familiar[row])));
    }
    List<Json> inputs = new ArrayList<>();
    of.model()
        .schema()
        .ifPresentOrElse(
            schema -> schema.columns().forEach(c -> inputs.add(tensor(c.name(), type(c), 0))),
            () -> inputs.add(tensor(INPUT, "FP32", of.model().inputs())));
    List<Json> given = new ArrayList<>();
    outputs.forEach(
        (output, tensor) -> {
          Json json = tensor(output, tensor.datatype, tensor.width);
          boolean isNamed = tensor.width > 0;
          given.add(
              isNamed ? json.put("parameters", new Json().put("names", of.shownNames())) : json);
        });
    metadata =
        new Json()
                .put("name", name)
                .put("platform", "lanewise")
                .put("inputs", inputs)
                .put("outputs", given)
            + "\n";
  }

  private static String type(Column column) {
    return column instanceof NumberColumn ? "FP64" : "BYTES";
  }

  private static Json tensor(String name, String datatype, int width) {
    int[] shape = width == 0 ? new int[] {-1} : new int[] {-1, width};
    return new Json().put("name", name).put("datatype", datatype).put("shape", shape);
  }

  /** Appends the elements of an array without its brackets. */
  private static void list(StringBuilder text, Object array) {
    String json = Json.of(array);
    text.append(json, 1, json.length() - 1);
  }

  /** Checks the names of the outputs that a request asks for. */
  void check(TensorRequest request) throws FormatException {
    for (String output : request.outputs) {
      if (!outputs.containsKey(output)) {
        throw TensorRequest.wrong("output %s, expected one of %s", output, outputs.keySet());
      }
    }
  }

  void write(TensorRequest request, Scorer.Scored scored, HttpAnswer answer) throws IOException {
    StringBuilder text = answer.text().append("{\"model_name\":").append(Json.of(name));
    if (request.id != null) {
      text.append(",\"id\":").append(Json.of(request.id));
    }
    if (!scored.notes.isEmpty()) {
      Json notes = new Json().put("notes", String.join("; ", scored.notes));
      text.append(",\"parameters\":").append(notes);
    }
    String before = ",\"outputs\":[";
    for (String output : request.outputs.isEmpty() ? outputs.keySet() : request.outputs) {
      Tensor tensor = outputs.get(output);
      text.append(before).append("{\"name\":").append(Json.of(output));
      text.append(",\"datatype\":\"").append(tensor.datatype);
      text.append("\",\"shape\":[").append(scored.rows);
      text.append(tensor.width == 0 ? "" : "," + tensor.width).append("],\"data\":[");
      for (int row = 0; row < scored.rows; row++) {
        tensor.values.append(row == 0 ? text : text.append(','), scored, row);
        if (text.length() > BLOCK) {
          answer.write(text);
        }
      }
      text.append("]}");
      before = ",\n";
    }
    answer.write(text.append("]}\n"));
  }
}
