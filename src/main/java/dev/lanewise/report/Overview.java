package dev.lanewise.report;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.nn.Column;
import dev.lanewise.nn.Schema;
import dev.lanewise.train.EpochResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a report begins with: the network, the data, the settings, and how to do it again. */
final class Overview {
  /** Of more classes only the smallest and the largest are told. */
  private static final int MOST_CLASSES = 30;

  private static final int MOST_GAPS = 12;
  private static final int CHUNK = 4096;

  private Overview() {}

  static void write(Html html, Report report, Findings findings) {
    for (String warning : Verdict.warnings(report, findings)) {
      html.add("<p class=\"warn\"><b>Look at this:</b> ").text(warning).add("</p>\n");
    }
    html.section("network", "The network and its data");
    html.add("<div class=\"grid\">\n<div>").add(NetworkDrawing.inPage(report.model));
    html.add("</div>\n<div>");
    facts(html, report);
    html.add("</div>\n</div>\n");
    if (report.data != null) {
      data(html, report);
    }
    settings(html, report);
    html.end();
  }

  private static void facts(Html html, Report report) {
    html.add("<dl>\n");
    html.pair("Network", NetworkDrawing.name(report.model));
    html.pair("Parameters", Text.count(report.model.parameterCount()));
    if (report.history != null) {
      List<EpochResult> results = report.history.results();
      double seconds = results.stream().mapToDouble(EpochResult::seconds).sum();
      double rows = results.stream().mapToDouble(EpochResult::rows).sum();
      html.pair("Epochs", Text.count(results.size()));
      if (seconds > 0) {
        html.pair("Training time", Text.seconds(seconds));
        html.pair("Training rows a second", Text.count(Math.round(rows / seconds)));
      }
    }
    report.facts.forEach(html::pair);
    html.add("</dl>\n");
  }

  private static void data(Html html, Report report) {
    Dataset data = report.data;
    Map<String, Split> splits = new LinkedHashMap<>();
    boolean isWhole = data.validation().isEmpty() && data.test().isEmpty();
    splits.put(isWhole ? "rows" : "training", data.train());
    data.validation().ifPresent(split -> splits.put("validation", split));
    data.test().ifPresent(split -> splits.put("test", split));
    StringBuilder words = new StringBuilder();
    splits.forEach(
        (name, split) ->
            words
                .append(words.isEmpty() ? "" : ", ")
                .append(Text.count(split.rows()))
                .append(isWhole ? " rows" : " " + name + " rows"));
    words.append(". ").append(inputs(report)).append('.');
    html.heading("Data").paragraph(words.toString());
    for (String note : data.notes()) {
      html.remark(note);
    }
    if (data.hasClasses()) {
      classes(html, report, splits);
    }
    gaps(html, report, splits);
  }

  /** What a row has, in words. */
  private static String inputs(Report report) {
    Dataset data = report.data;
    int[] shape = data.inputShape();
    String scaling = ", scaling " + data.scaling().name();
    if (report.model.schema().isEmpty()) {
      String sides = "";
      for (int side : shape) {
        sides += (sides.isEmpty() ? "" : " x ") + side;
      }
      return Text.count(data.features(), "input")
          + (shape.length > 1 ? " (" + sides + ")" : "")
          + scaling;
    }
    Schema schema = report.model.schema().get();
    Map<String, Integer> kinds = new TreeMap<>();
    for (Column column : schema.columns()) {
      kinds.merge(column.kind(), 1, Integer::sum);
    }
    List<String> parts = new ArrayList<>();
    kinds.forEach((kind, count) -> parts.add(count + " of kind " + kind));
    String ignored =
        schema.ignored().stream()
            .map(Text::isolated)
            .collect(Collectors.joining(", ", schema.ignored().isEmpty() ? "" : "; ignored: ", ""));
    return "%s (%s), which make %s%s%s"
        .formatted(
            Text.count(schema.columns().size(), "column"),
            String.join(", ", parts),
            Text.count(schema.inputs(), "input"),
            scaling,
            ignored);
  }

  private static void classes(Html html, Report report, Map<String, Split> splits) {
    int classes = report.model.architecture().outputs();
    Map<String, int[]> counts = new LinkedHashMap<>();
    splits.forEach(
        (name, split) -> {
          int[] count = new int[classes];
          for (int row = 0; row < split.rows(); row++) {
            int label = split.label(row);
            if (label < classes) {
              count[label]++;
            }
          }
          counts.put(name, count);
        });
    if (classes > MOST_CLASSES) {
      int[] count = counts.values().iterator().next();
      int least = 0;
      int most = 0;
      for (int c = 0; c < classes; c++) {
        least = count[c] < count[least] ? c : least;
        most = count[c] > count[most] ? c : most;
      }
      html.paragraph(
          "%s classes; of %s class %s has fewest, %s, and class %s most, %s."
              .formatted(
                  Text.count(classes),
                  splits.size() == 1 ? "the rows" : "training rows",
                  Text.isolated(report.className(least)),
                  Text.count(count[least]),
                  Text.isolated(report.className(most)),
                  Text.count(count[most])));
      return;
    }
    List<String> heads = new ArrayList<>(List.of("class"));
    heads.addAll(counts.keySet());
    List<List<String>> rows = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      List<String> row = new ArrayList<>(List.of(report.className(c)));
      for (int[] count : counts.values()) {
        row.add(Text.count(count[c]));
      }
      rows.add(row);
    }
    html.table("Rows of each class", 1, heads, rows);
  }

  /** How many values are missing in each column where some are. */
  private static void gaps(Html html, Report report, Map<String, Split> splits) {
    if (report.model.schema().isEmpty()) {
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    int at = 0;
    int more = 0;
    for (Column column : report.model.schema().get().columns()) {
      int place = column.inputNames().indexOf(column.name() + " missing");
      if (place >= 0 && rows.size() < MOST_GAPS) {
        List<String> row = new ArrayList<>(List.of(column.name()));
        for (Split split : splits.values()) {
          row.add(missing(split, at + place));
        }
        rows.add(row);
      } else if (place >= 0) {
        more++;
      }
      at += column.inputs();
    }
    if (!rows.isEmpty()) {
      List<String> heads = new ArrayList<>(List.of("column"));
      heads.addAll(splits.keySet());
      html.table("Missing values", 1, heads, rows);
      if (more > 0) {
        html.remark("And " + Text.count(more, "more column") + " with missing values.");
      }
    }
  }

  private static String missing(Split split, int feature) {
    float[] values = new float[CHUNK];
    int count = 0;
    for (int first = 0; first < split.rows(); first += CHUNK) {
      int rows = Math.min(CHUNK, split.rows() - first);
      if (!split.copyColumns(null, first, rows, feature, 1, values, 0)) {
        return Text.NONE; // rows in a file are not read again for this
      }
      for (int i = 0; i < rows; i++) {
        count += values[i] > 0.5f ? 1 : 0;
      }
    }
    return Text.count(count);
  }

  private static void settings(Html html, Report report) {
    if (report.settings != null && report.settings.isEmpty()) {
      html.heading("Settings").paragraph("All as usual: none was given.");
    } else if (report.settings != null) {
      html.heading("Settings").add("<dl>\n");
      for (String setting : report.settings) {
        int equals = setting.indexOf('=');
        String value = setting.substring(equals + 1);
        boolean isWord = equals < 0 || value.isEmpty();
        html.pair(equals < 0 ? setting : setting.substring(0, equals), isWord ? "yes" : value);
      }
      html.add("</dl>\n");
    }
    if (report.command != null) {
      html.heading("The same again").add("<pre>").text(report.command).add("</pre>\n");
    }
  }
}
