package dev.lanewise.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.cli.RawHttp;
import dev.lanewise.cli.Run;
import dev.lanewise.cli.ServeModelsTest;
import dev.lanewise.cli.ServeTest;
import dev.lanewise.cli.Served;
import dev.lanewise.files.RunFiles;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Usage;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the OpenAPI document of a server: another library accepts it, and its examples work. */
class OpenApiTest {
  @TempDir Path directory;

  /** Checks a document, sends all its examples, and returns how many there are. */
  @SuppressWarnings("unchecked")
  private static int check(Served served) throws IOException {
    int sent = 0;
    try (RawHttp http = served.connect()) {
      RawHttp.Response response = http.get("/openapi.json");
      assertEquals(200, response.status());
      SwaggerParseResult parsed = new OpenAPIV3Parser().readContents(response.body(), null, null);
      assertEquals(List.of(), parsed.getMessages());
      assertTrue(parsed.isOpenapi31());
      Map<String, Object> paths = (Map<String, Object>) response.json().get("paths");
      assertEquals(paths.keySet(), parsed.getOpenAPI().getPaths().keySet());
      for (Map.Entry<String, Object> path : paths.entrySet()) {
        Map<String, Object> operations = (Map<String, Object>) path.getValue();
        if (operations.containsKey("get")) {
          assertEquals(200, http.get(path.getKey()).status(), path.getKey());
          continue;
        }
        Map<String, Object> post = (Map<String, Object>) operations.get("post");
        Map<String, Object> body = (Map<String, Object>) post.get("requestBody");
        Map<String, Object> types = new TreeMap<>((Map<String, Object>) body.get("content"));
        for (Map.Entry<String, Object> type : types.entrySet()) {
          Map<String, Object> content = (Map<String, Object>) type.getValue();
          Map<String, Object> examples =
              (Map<String, Object>) content.getOrDefault("examples", Map.of("", content));
          for (Object each : examples.values()) {
            Map<String, Object> example = (Map<String, Object>) each;
            Object value = example.getOrDefault("value", example.get("example"));
            String text = value instanceof String csv ? csv : Json.of(json(value));
            RawHttp.Response answer =
                http.postTo(path.getKey(), text, "Content-Type: " + type.getKey());
            assertEquals(200, answer.status(), path.getKey() + ": " + text + answer.body());
            sent++;
          }
        }
      }
    }
    return sent;
  }

  /** Returns a value that was read as one to be written. */
  private static Object json(Object value) {
    if (value instanceof Map<?, ?> map) {
      Json json = new Json();
      map.forEach((name, member) -> json.put(name.toString(), json(member)));
      return json;
    }
    return value instanceof List<?> list ? list.stream().map(OpenApiTest::json).toList() : value;
  }

  @Test
  void documentsAreValidAndTheirExamplesWork() throws IOException {
    Model table = ServeTest.table(directory);
    try (Served one = new Served(table);
        Served numbers = new Served(ServeModelsTest.numbers(1).withLoss(Loss.MSE));
        Served several =
            new Served(
                List.of(
                    Served.slot("a.b", Outputs.of(table), 100_000),
                    Served.slot("c", Outputs.of(ServeModelsTest.numbers(1)), 100_000)),
                2,
                8,
                100_000)) {
      assertEquals(5, check(one));
      assertEquals(5, check(numbers));
      assertEquals(10, check(several));
    }
  }

  @Test
  void tablesOfAllKindsHaveExamples() throws IOException {
    Path data = directory.resolve("t.csv");
    StringBuilder text = new StringBuilder("\"a, \"\"b\"\" {{csv}}\";price;when;kind\n");
    for (int i = 0; i < 60; i++) {
      text.append(i % 2 == 0 ? "{{row}}" : "$1").append(";1.").append(200 + i).append(",5;0");
      text.append(1 + i % 9).append(".05.2024 14:05;").append(i % 3 == 0 ? "x" : "y").append('\n');
    }
    Files.writeString(data, text);
    Path out = directory.resolve("run");
    Run.line(
            "train %s --target kind --preset table-fast --dates dmy --epochs 1 --coverage --out %s",
            data, out)
        .ok();
    Model model = Model.load(out.resolve(RunFiles.MODEL));
    Arguments arguments = new Arguments(Usage.of("serve"), List.of("--coverage", "0.8"));
    Outputs outputs =
        Outputs.of(
            model, model.classNames(), arguments, new Output(System.out, System.err, true, false));
    try (Served served = new Served(outputs, 2, 8, 100_000)) {
      assertEquals(6, check(served)); // an explanation, too
    }
  }
}
