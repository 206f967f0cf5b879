package dev.lanewise.report;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.format.internal.Messages;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.Schema;
import dev.lanewise.train.EpochResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The first part of a report: the network, the data, the settings, and how to repeat it. */
final class Overview {
  private static final int MOST_CLASSES = 30; // with more, there is no table
  private static final int MOST_SIZES = 90; // characters of the sizes of layers

  private Overview() {}

  static void write(Html html, ReportData report) {
    html.section("network", "The network and its data");
    facts(html, report);
    if (report.data != null) {
      data(html, report);
    }
    settings(html, report);
    html.end();
  }

  private static void facts(Html html, ReportData report) {
    html.add("<dl>\n");
    int members = report.model.members().size();
    String sizes = report.model.sizes();
    int over = sizes.length() - MOST_SIZES;
    html.pair(
        members == 1 ? "Network" : members + " networks",
        over <= 0 ? sizes : new StringBuilder(sizes).replace(50, 50 + over, "\u2026").toString());
    int[] weights = report.model.memberWeights();
    if (Arrays.stream(weights).distinct().count() > 1) {
      html.pair("Weights in the average", Arrays.toString(weights));
    }
    html.pair("Parameters", Text.count(report.model.parameterCount()));
    report
        .model
        .weighting()
        .ifPresent(found -> html.pair("Weights of classes, undone", found.toString()));
    report.model.calibration().ifPresent(found -> html.pair("Calibration", found.toString()));
    report.model.rule().ifPresent(found -> html.pair("Decision", found.toString()));
    report.model.coverage().ifPresent(found -> html.pair("Coverage", found.toString()));
    if (report.history != null) {
      List<EpochResult> results = report.history.results();
      double seconds = results.stream().mapToDouble(EpochResult::seconds).sum();
      double rows = results.stream().mapToDouble(EpochResult::rows).sum();
      html.pair("Epochs", Text.count(results.size()));
      if (seconds > 0) {
        html.pair("Time of the epochs", Text.seconds(seconds));
        html.pair("Training rows a second", Text.count(Math.round(rows / seconds)));
      }
    }
    report.facts.forEach(html::pair);
    html.add("</dl>\n");
  }

  private static void data(Html html, ReportData report) {
    Dataset data = report.data;
    Map<String, Rows> splits = new LinkedHashMap<>();
    boolean isWhole =
        data.validation().isEmpty() && data.test().isEmpty() && !"train".equals(report.splitName);
    splits.put(isWhole ? "rows" : "training", data.train());
    data.validation().ifPresent(split -> splits.put("validation", split));
    data.test().ifPresent(split -> splits.put("test", split));
    List<String> counts = new ArrayList<>();
    String what = isWhole ? " rows" : " %s rows";
    splits.forEach((name, split) -> counts.add(Text.count(split.rows()) + what.formatted(name)));
    html.heading("Data");
    html.paragraph(String.join(", ", counts) + ". " + inputs(report) + ".");
    Messages.of(data.notes()).forEach(note -> html.remark(report.say(note)));
    if (data.hasClasses()) {
      classes(html, report, splits);
    }
  }

  /** Describes the inputs of a row. */
  private static String inputs(ReportData report) {
    Dataset data = report.data;
    int[] shape = data.inputShape();
    String scaling = ", scaling " + data.scaling().name();
    if (report.model.schema().isEmpty()) {
      String sides =
          Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(" x "));
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
    String before = schema.ignored().isEmpty() ? "" : "; ignored: ";
    String ignored =
        schema.ignored().stream().map(Text::isolated).collect(Collectors.joining(", ", before, ""));
    return "%s (%s), which make %s%s%s"
        .formatted(
            Text.count(schema.columns().size(), "column"),
            String.join(", ", parts),
            Text.count(schema.inputs(), "input"),
            scaling,
            ignored);
  }

  private static void classes(Html html, ReportData report, Map<String, Rows> splits) {
    int classes = report.model.outputs();
    Map<String, int[]> counts = new LinkedHashMap<>();
    splits.forEach(
        (name, split) -> {
          int[] count = new int[classes + 1]; // the last is for classes not in the model
          for (int row = 0; row < split.rows(); row++) {
            count[Math.min(split.label(row), classes)]++;
          }
          counts.put(name, count);
        });
    if (classes > MOST_CLASSES) {
      html.paragraph("%s classes.", Text.count(classes));
      return;
    }
    html.table("Rows of each class", 1, "class", List.copyOf(counts.keySet()));
    for (int c = 0; c < classes; c++) {
      int label = c;
      html.row(
          report.className(c),
          counts.values().stream().map(count -> Text.count(count[label])).toList());
    }
    html.endTable();
  }

  private static void settings(Html html, ReportData report) {
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
