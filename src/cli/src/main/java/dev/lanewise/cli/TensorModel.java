package dev.lanewise.cli;

import dev.lanewise.format.FormatException;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

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

  /** Returns the outputs by name; without results, what they are like. */
  private Map<String, Json> outputs(Scorer.Scored scored) {
    Map<String, Json> all = new LinkedHashMap<>();
    int count = of.count();
    if (of.areClasses()) {
      List<Object> labels = new ArrayList<>(of.names());
      for (int k = labels.size(); k < count; k++) {
        labels.add(k);
      }
      String type = of.names().isEmpty() ? "INT64" : "BYTES";
      put(all, "predicted", type, 0, scored, r -> labels.get(scored.label(r)));
    }
    String results = of.areNumbers() ? "outputs" : "probabilities";
    String precision = of.areDoubles() ? "FP64" : "FP32";
    Json numbers = tensor(results, precision, scored == null ? -1 : scored.rows, count);
    if (scored != null) {
      numbers.put("data", of.array(scored.results, 0, scored.rows * count));
    }
    all.put(results, numbers);
    if (of.areCovering() && of.areClasses()) {
      put(all, "set", "BOOL", count, scored, r -> of.level().set(row(scored, r)));
    } else if (of.areCovering()) {
      put(all, "low", "FP64", count, scored, r -> of.ends(scored.results, r * count, false));
      put(all, "high", "FP64", count, scored, r -> of.ends(scored.results, r * count, true));
    }
    if (of.areFamiliar()) {
      put(all, Outputs.FAMILIAR, "FP64", 0, scored, r -> scored.familiar[r]);
    }
    return all;
  }

  private double[] row(Scorer.Scored scored, int row) {
    return Arrays.copyOfRange(scored.results, row * of.count(), (row + 1) * of.count());
  }

  private static void put(
      Map<String, Json> all,
      String name,
      String datatype,
      int width,
      Scorer.Scored scored,
      IntFunction<Object> values) {
    Json tensor = tensor(name, datatype, scored == null ? -1 : scored.rows, width);
    all.put(name, tensor);
    if (scored != null) {
      List<Object> data = new ArrayList<>(); // flat
      for (int row = 0; row < scored.rows; row++) {
        Object value = values.apply(row);
        for (int i = 0; i < Math.max(1, width); i++) {
          data.add(width == 0 ? value : Array.get(value, i));
        }
      }
      tensor.put("data", data);
    }
  }

  /** Returns the answer to a request. */
  String answer(TensorRequest request, Scorer.Scored scored) throws FormatException {
    Json answer = new Json().put("model_name", name);
    if (request.id != null) {
      answer.put("id", request.id);
    }
    if (!scored.notes.isEmpty()) {
      answer.put("parameters", new Json().put("notes", String.join("; ", scored.notes)));
    }
    Map<String, Json> outputs = outputs(scored);
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
