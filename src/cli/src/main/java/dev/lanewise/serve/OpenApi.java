package dev.lanewise.serve;

import dev.lanewise.terminal.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Describes a server in OpenAPI 3.1: its paths, and the columns of each model with examples. */
final class OpenApi {
  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

  private OpenApi() {}

  /** Returns the document, which asks for a token if the server does. */
  static String of(List<ModelSlot> slots, boolean hasToken) {
    String[] parts =
        ModelCard.read("openapi.json").split("\n====\n"); // the server, each model, explanations
    StringBuilder models = new StringBuilder();
    Json schemas = new Json();
    for (ModelSlot slot : slots) {
      Map<String, String> texts = describe(slot, schemas);
      models.append(fill(parts[1], texts));
      models.append(slot.model().explainer == null ? "" : fill(parts[2], texts));
    }
    // this is inserted after the schemas of the server
    String rows = schemas.toString().substring(1);
    String security = hasToken ? "\n\"security\":[{\"token\":[]}]," : "";
    return fill(
        parts[0], Map.of("security", security, "models", models.toString(), "schemas", rows));
  }

  private static String fill(String text, Map<String, String> values) {
    return PLACE
        .matcher(text)
        .replaceAll(place -> Matcher.quoteReplacement(values.get(place.group(1))));
  }

  /** Returns the texts for a model, and adds the schema of its rows. */
  private static Map<String, String> describe(ModelSlot slot, Json schemas) {
    Map<String, Object> card = slot.model().card.about.members;
    boolean isNamed = Boolean.TRUE.equals(card.get("named")); // else rows are arrays
    Json properties = new Json();
    Json row = new Json();
    List<Json> tensors = new ArrayList<>();
    for (Object each : (List<?>) card.getOrDefault("columns", List.of())) {
      Map<String, Object> column = ((Json) each).members;
      String name = column.get("name").toString();
      List<?> categories = (List<?>) column.get("categories");
      Object example = column.getOrDefault("typical", column.get("notation"));
      example = categories == null ? example : categories.get(0);
      String known = categories == null ? "" : ", known are " + Json.of(categories);
      String missing = Boolean.TRUE.equals(column.get("missing")) ? "some" : "no";
      properties.put(
          name,
          new Json()
              .put("type", List.of("number", "string", "boolean", "null"))
              .put(
                  "description",
                  column.get("kind") + known + "; " + missing + " gaps in training (null)")
              .put("examples", List.of(example)));
      row.put(name, example);
      String type = example instanceof String ? "BYTES" : "FP64";
      tensors.add(TensorModel.tensor(name, type, 1, 0).put("data", List.of(example)));
    }
    Collection<Object> values = row.members.values();
    if (tensors.isEmpty()) {
      int inputs = (Integer) card.get("inputs");
      values = Collections.nCopies(inputs, 0);
      Json tensor = TensorModel.tensor(TensorRequest.INPUT, "FP32", 1, inputs);
      tensors.add(tensor.put("data", values.toArray()));
    }
    Json schema = new Json().put("type", isNamed ? List.of("object", "array") : "array");
    schema.put("minItems", values.size()).put("maxItems", values.size());
    if (isNamed) {
      schema.put("properties", properties).put("required", row.members.keySet().toArray());
    }
    schemas.put(slot.name + ".row", schema);
    String path = slot.model().isNamed ? "/models/" + slot.name : "";
    return Map.of(
        "card",
        path.isEmpty() ? "/" : path,
        "path",
        path,
        "name",
        slot.name,
        "row",
        Json.of(isNamed ? row : values.toArray()),
        "lines",
        Json.of(Json.of(isNamed ? row : values.toArray()) + "\n"),
        "csv",
        Json.of((isNamed ? csv(row.members.keySet()) : "") + csv(values)),
        "tensors",
        Json.of(tensors));
  }

  private static String csv(Collection<?> cells) {
    return cells.stream()
        .map(cell -> '"' + cell.toString().replace("\"", "\"\"") + '"')
        .collect(Collectors.joining(",", "", "\n"));
  }
}
