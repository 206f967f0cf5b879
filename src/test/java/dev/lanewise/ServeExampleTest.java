package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.LoadOptions;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the example does what it says. */
class ServeExampleTest {
  @Test
  void answersByTheNamesOfColumns(@TempDir Path directory) throws IOException {
    String rows = "12,male,no\n50,female,yes\n".repeat(40);
    Path file = Files.writeString(directory.resolve("table.csv"), "age,sex,back\n" + rows);
    Dataset data = Dataset.load(file, LoadOptions.defaults());
    Mlp model =
        Mlp.initial(Architecture.relu(data.features(), List.of(3), 2), Initializer.HE, 0)
            .withClassNames(data.classNames())
            .withScaling(data.scaling())
            .withSchema(data.schema().orElseThrow());
    model.save(directory.resolve("model.npz"));
    String expected = model.tablePredictor().set("age", 42).set("sex", "male").predictClass();

    HttpServer server = ServeExample.start(directory.resolve("model.npz"), 0);
    try {
      assertEquals("200 " + expected, answer(server, "?age=42&sex=male"));
      assertEquals("200 " + expected, answer(server, "?sex=%6dale&age=42.0"));
      assertTrue(answer(server, "?age=42").startsWith("400 predict: column sex was not set"));
      assertTrue(answer(server, "?age=old").startsWith("400 column age is \"old\", expected"));
    } finally {
      server.stop(0);
    }
  }

  private static String answer(HttpServer server, String query) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/predict" + query);
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    int status = connection.getResponseCode();
    try (InputStream in =
        status == 200 ? connection.getInputStream() : connection.getErrorStream()) {
      return status + " " + new String(in.readAllBytes());
    }
  }
}
