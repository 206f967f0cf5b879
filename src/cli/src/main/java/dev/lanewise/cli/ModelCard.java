package dev.lanewise.cli;

import dev.lanewise.nn.CategoryColumn;
import dev.lanewise.nn.Column;
import dev.lanewise.nn.DateColumn;
import dev.lanewise.nn.Model;
import dev.lanewise.nn.Notation;
import dev.lanewise.nn.NumberColumn;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** The inputs and outputs of a model, as JSON and as a page to try it. */
final class ModelCard {
  /** The page may contact its own server only. */
  static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src"
          + " 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final int DAY_MINUTES = 1440;

  final String json;
  final String page;
  final String sha256;

  ModelCard(Model model, int mostBytes, int mostRows) {
    sha256 = model.sha256();
    Json card = new Json();
    card.put("model", model.sizes());
    card.put("sha256", sha256);
    card.put("version", "Lanewise " + Usage.version());
    card.put(
        "gives",
        model.loss().takesClasses()
            ? "class"
            : model.loss().isRegression() ? "outputs" : "probabilities");
    Outputs outputs = Outputs.of(model);
    card.put("names", outputs.shownNames());
    card.put("target", model.schema().map(Schema::targets).orElse(List.of()));
    Scaling scaling = model.scaling().orElse(Scaling.none());
    card.put("inputs", model.inputs());
    if (model.schema().isPresent()) {
      card.put("named", model.schema().get().header());
      card.put("columns", columns(model.schema().get(), scaling));
    } else {
      card.put("high", high(scaling));
    }
    card.put("most_bytes", mostBytes);
    card.put("most_rows", Math.max(1, mostRows));
    card.put(
        "usage",
        "POST /predict: a row or an array of rows as JSON, each an object by the names of the"
            + " columns or an array in their order; or text/csv");
    json = card + "\n";
    page = read().replace("{{model}}", card.toString().replace("<", "\\u003c"));
  }

  private static List<Json> columns(Schema schema, Scaling scaling) {
    List<Json> columns = new ArrayList<>();
    int input = 0;
    for (Column column : schema.columns()) {
      Json json = new Json().put("name", column.name()).put("kind", column.kind());
      if (column instanceof CategoryColumn category) {
        json.put("categories", category.categories());
        json.put("missing", category.gaps());
      } else {
        NumberColumn number =
            column instanceof DateColumn date ? date.days() : (NumberColumn) column;
        double typical = Double.isNaN(number.median()) ? scaling.undo(0, input) : number.median();
        boolean hasTimes = column instanceof DateColumn date && date.hours().isPresent();
        Notation notation = schema.notations().get(column.name());
        if (number == column) {
          json.put("typical", typical);
        } else if (notation == null) {
          json.put("typical", date(typical, hasTimes));
        } else {
          json.put("typical", notation.example()).put("notation", notation.example());
        }
        json.put("missing", number.gaps());
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
    if (scaling instanceof Scaling.MinMax minMax) {
      double high = 0;
      for (double maximum : minMax.maximum()) {
        high = Math.max(high, maximum);
      }
      return high;
    }
    return scaling.features().isPresent() ? scaling.undo(2, 0) : scaling.undo(1, 0);
  }

  private static String read() {
    try (InputStream in = ModelCard.class.getResourceAsStream("serve.html")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError("the jar is not whole", e);
    }
  }
}
