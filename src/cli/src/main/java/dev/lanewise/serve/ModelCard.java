package dev.lanewise.serve;

import dev.lanewise.format.internal.Bytes;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.Notation;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** The inputs and outputs of a model, as JSON and as a page to try it. */
public final class ModelCard {
  private static final String PAGE = read("serve.html");

  /** The page may run its own script only, and contact its own server only. */
  static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-%s'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
          .formatted(
              hash(PAGE.substring(PAGE.indexOf("<script>") + 8, PAGE.lastIndexOf("</script>"))));

  private static final int DAY_MINUTES = 1440;

  final Json about;
  public final String json;
  final String page;
  public final String sha256;

  /** The names or the number of the inputs. */
  final String inputs;

  /**
   * Describes a model.
   *
   * @param name null if it is served without a name
   * @param explains whether the server can explain its predictions
   */
  public ModelCard(String name, Model model, int mostBytes, int mostRows, boolean explains) {
    sha256 = model.sha256();
    Json card = new Json();
    if (name != null) {
      card.put("name", name);
    }
    card.put("model", model.sizes());
    card.put("sha256", sha256);
    card.put("version", "Lanewise " + Usage.version());
    card.put("gives", model.loss().task().hasClasses() ? "class" : model.loss().task().results());
    Outputs outputs = Outputs.of(model);
    card.put("names", outputs.shownNames());
    card.put("target", model.schema().map(Schema::targets).orElse(List.of()));
    Scaling scaling = model.scaling().orElse(Scaling.none());
    card.put("inputs", model.inputs());
    inputs =
        model
            .schema()
            .map(s -> String.join(", ", s.columnNames()))
            .orElse(model.inputs() + " numbers");
    if (model.schema().isPresent()) {
      card.put("named", model.schema().get().header());
      card.put("columns", columns(model.schema().get(), scaling));
    } else {
      card.put("high", high(scaling));
    }
    card.put("most_bytes", mostBytes);
    card.put("most_rows", Math.max(1, mostRows));
    card.put("explains", explains);
    card.put(
        "usage",
        "POST "
            + (name == null ? "" : "/models/" + name)
            + "/predict: a row or an array of rows as JSON, each an object by the names of the"
            + " columns or an array in their order; or text/csv");
    about = card;
    json = card + "\n";
    page = PAGE.replace("{{model}}", card.toString().replace("<", "\\u003c"));
  }

  private static List<Json> columns(Schema schema, Scaling scaling) {
    List<Json> columns = new ArrayList<>();
    int input = 0;
    for (Column column : schema.columns()) {
      Json json = new Json().put("name", column.name()).put("kind", column.kind());
      if (column instanceof CategoryColumn category) {
        json.put("categories", category.categories());
        json.put("missing", category.hasMissing());
      } else {
        NumberColumn number =
            column instanceof DateColumn date ? date.days() : (NumberColumn) column;
        double typical = Double.isNaN(number.median()) ? scaling.undo(0, input) : number.median();
        boolean hasTimes = column instanceof DateColumn date && date.hours().isPresent();
        Notation notation = schema.notations().get(column.name());
        if (notation != null) {
          json.put("notation", notation.example());
        } else {
          json.put("typical", number == column ? (Object) typical : date(typical, hasTimes));
        }
        json.put("missing", number.hasMissing());
      }
      columns.add(json);
      input += column.inputs();
    }
    return columns;
  }

  /** Returns a date, with the minute if its column has times. */
  private static String date(double days, boolean hasTimes) {
    long minutes = (long) Math.floor(DAY_MINUTES * days);
    LocalDateTime time = LocalDateTime.ofEpochSecond(60 * minutes, 0, ZoneOffset.UTC);
    return hasTimes ? time.toString() : time.toLocalDate().toString();
  }

  /** Returns the value of white if the inputs are an image. */
  private static double high(Scaling scaling) {
    if (scaling.kind() == Scaling.Kind.MINMAX) {
      return Arrays.stream(scaling.second()).reduce(0, Math::max);
    }
    return scaling.features().isPresent() ? scaling.undo(2, 0) : scaling.undo(1, 0);
  }

  private static String hash(String script) {
    byte[] digest = Bytes.sha256().digest(script.getBytes(StandardCharsets.UTF_8));
    return Base64.getEncoder().encodeToString(digest);
  }

  /** Reads a resource. */
  static String read(String name) {
    try (InputStream in = ModelCard.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError("the jar is not whole", e);
    }
  }
}
