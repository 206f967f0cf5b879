package dev.lanewise.cli;

import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.serve.ModelSlot;
import dev.lanewise.serve.Outputs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code serve} with several models. */
public class ServeModelsTest {
  private static final String ROW = "{\"age\":40,\"colour\":\"red\",\"day\":\"2024-05-06\"}";

  @TempDir Path directory;

  public static Model numbers(long seed) {
    return Model.of(Mlp.initial(Architecture.relu(3, List.of(4), 2), Initializer.HE, seed));
  }

  @Test
  void eachNameHasItsModel() throws IOException {
    Model table = ServeTest.table(directory);
    ModelSlot first = Served.slot("first", Outputs.of(table), 100_000);
    ModelSlot second = Served.slot("2nd-_.", Outputs.of(numbers(1)), 100_000);
    try (Served alone = new Served(table);
        Served served = new Served(List.of(first, second), 2, 8, 100_000);
        RawHttp one = alone.connect();
        RawHttp http = served.connect()) {
      String expected = one.post(ROW).body();
      assertEquals(expected, one.postTo("/models/model/predict", ROW).body());
      assertEquals(expected, http.postTo("/models/first/predict", ROW).body());
      assertEquals(200, http.postTo("/models/2nd-_./predict", "[[1,2,3],[4,5,6]]").status());
      RawHttp.Response refused = http.post(ROW);
      assertEquals(404, refused.status());
      assertTrue(refused.error().contains(", /models/2nd-_./predict"), refused.error());
      assertEquals(404, http.postTo("/models/third/predict", ROW).status());
      assertEquals(405, http.postTo("/models/first", ROW).status());

      Map<String, Object> card = http.get("/models/2nd-_.").json();
      assertEquals("2nd-_.", card.get("name"));
      assertTrue(card.get("usage").toString().startsWith("POST /models/2nd-_./predict: "));
      assertFalse(one.get("/").json().containsKey("name"));
      List<?> models = (List<?>) http.get("/").json().get("models");
      assertEquals("first", ((Map<?, ?>) models.get(0)).get("name"));
      assertContains(http.get("/models/first", "Accept: text/html").body(), "{\"name\":\"first\"");

      String metrics = http.get("/metrics").body();
      for (String line :
          List.of(
              "lanewise_rows_total{model=\"first\"} 1",
              "lanewise_rows_total{model=\"2nd-_.\"} 2",
              "lanewise_request_seconds_bucket{model=\"first\",le=\"+Inf\"} 1",
              "lanewise_reloads_total{model=\"first\"} 0",
              "lanewise_model_info{model=\"first\",sha256=\"" + table.sha256() + "\",version=\"")) {
        assertTrue(metrics.contains("\n" + line), line + " in " + metrics);
      }
      assertFalse(one.get("/metrics").body().contains("reloads"));
    }
  }
}
