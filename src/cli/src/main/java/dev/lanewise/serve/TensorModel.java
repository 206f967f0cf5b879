package dev.lanewise.serve;

import dev.lanewise.format.FormatException;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.terminal.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model as the Open Inference Protocol, version 2, sees it: its tensors, and its answers. */
final class TensorModel {
  final String metadata;
  private final String name;
  private final Outputs of;

  TensorModel(String name, Outputs of) {
    this.name = name;
    this.of = of;
    List<Json> inputs = new ArrayList<>();
    for (Column column : of.model().schema().map(Schema::columns).orElse(List.of())) {
      inputs.add(tensor(column.name(), column instanceof NumberColumn ? "FP64" : "BYTES", -1, 0));
    }
    if (of.model().schema().isEmpty()) {
      inputs.add(tensor(TensorRequest.INPUT, "FP32", -1, of.model().inputs()));
    }
    List<Json> outputs = List.copyOf(outputs(null).values());
    for (Json output : outputs) {
      if (((int[]) output.members.get("shape")).length > 1) {
        output.put("parameters", new Json().put("names", of.shownNames()));
      }
    }
    Json json = new Json().put("name", name).put("platform", "lanewise");
    metadata = json.put("inputs", inputs).put("outputs", outputs) + "\n";
  }

  static Json tensor(String name, String datatype, int rows, int width) {
    int[] shape = width == 0 ? new int[] {rows} : new int[] {rows, width};
    return new Json().put("name", name).put("datatype", datatype).put("shape", shape);
  }

  /** Returns the outputs by name; without an answer, what they are like. */
  private Map<String, Json> outputs(Answer answer) {
    Map<String, Json> all = new LinkedHashMap<>();
    for (List<Answer.Column> group : of.columns()) {
      for (Answer.Column column : group) {
        int rows = answer == null ? -1 : answer.rows();
        Json tensor = tensor(column.name(), datatype(column), rows, column.width());
        all.put(column.name(), answer == null ? tensor : tensor.put("data", column.tensor(answer)));
      }
    }
    return all;
  }

  private String datatype(Answer.Column column) {
    return switch (column.kind()) {
      case CLASS -> of.names().isEmpty() ? "INT64" : "BYTES";
      case FLOAT -> "FP32";
      case DOUBLE -> "FP64";
      case SET -> "BOOL";
    };
  }

  /** Returns the answer to a request. */
  String answer(TensorRequest request, Answer rows) throws FormatException {
    Json answer = new Json().put("model_name", name);
    if (request.id != null) {
      answer.put("id", request.id);
    }
    if (!rows.notes().isEmpty()) {
      answer.put("parameters", new Json().put("notes", String.join("; ", rows.notes())));
    }
    Map<String, Json> outputs = outputs(rows);
    List<Json> asked = new ArrayList<>();
    for (String output : (request.outputs.isEmpty() ? outputs : request.outputs).keySet()) {
      if (!outputs.containsKey(output)) {
        throw TensorRequest.wrong("output %s, expected one of %s", output, outputs.keySet());
      }
      asked.add(outputs.get(output));
    }
    return answer.put("outputs", asked) + "\n";
  }
}
