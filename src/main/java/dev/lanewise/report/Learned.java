package dev.lanewise.report;

import dev.lanewise.metrics.PermutationImportance;
import dev.lanewise.metrics.UnitActivity;
import dev.lanewise.nn.Layer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What a network has learned: which inputs matter to it, its weights, its units. */
final class Learned {
  private static final int MOST_COLUMNS = 20;
  private static final int MOST_UNITS = 24;
  private static final int MOST_ROWS = 12; // of hidden layers
  private static final int MOST_LAYERS = 4; // so many colours there are

  private Learned() {}

  static void write(Html page, Report report, Findings findings) {
    Html html = new Html();
    ImageLayout layout = Cases.layout(report);
    if (findings.importance() != null) {
      importance(html, report, findings, layout);
    }
    if (layout != null) {
      weights(html, report, layout);
    }
    units(html, report, findings);
    norms(html, report);
    if (!html.toString().isEmpty()) {
      page.section("learned", "What it has learned").add(html.toString()).end();
    }
  }

  private static void importance(Html html, Report report, Findings findings, ImageLayout layout) {
    PermutationImportance importance = findings.importance();
    String score = report.model.loss().isRegression() ? "R2" : "accuracy";
    String how =
        "By how much the %s of %s (%s) falls when the rows exchange these values among each"
                .formatted(score, report.rows(importance.rows()), Text.fixed(importance.baseline()))
            + " other: the mean of %s draws%s. Inputs that say the same"
                .formatted(
                    findings.repeats(), layout == null ? " and their standard deviation" : "")
            + " thing stand in for each other, and each then seems to matter little.";
    html.heading("Which inputs matter");
    if (layout != null) {
      picture(html, findings, layout);
      html.remark(how);
      return;
    }
    html.remark(how);
    List<Integer> shown = findings.columns(MOST_COLUMNS);
    double[] strengths = strengths(report, findings.groups());
    double strongest = Arrays.stream(strengths).max().orElse(1);
    double most = shown.stream().mapToDouble(importance::mean).max().orElse(1);
    List<String> names = new RowTexts(report).names();
    List<List<?>> rows = new ArrayList<>();
    for (int g : shown) {
      double mean = importance.mean(g);
      double deviation = importance.deviation(g);
      Html bar = new Html();
      bar(bar, mean, deviation, most);
      Html weight = new Html();
      bar(weight, strengths[g], 0, strongest);
      String fall = Text.fixed(mean) + " \u00b1 " + Text.fixed(deviation);
      rows.add(List.of(names.get(g), bar, fall, weight));
    }
    html.table(
        "Columns by how much they matter",
        2,
        List.of("column", "importance", "fall of the " + score, "size of its first weights"),
        rows);
    if (names.size() > shown.size()) {
      html.remark(Text.count(names.size() - shown.size()) + " more matter less.");
    }
  }

  /** A bar, of full length for the most there is, and a line for what it may be off by. */
  private static void bar(Html html, double value, double deviation, double most) {
    double length = most > 0 ? value / most : 0;
    double spread = most > 0 ? deviation / most : 0;
    double end = Math.max(0, Math.min(1, length));
    html.add("<span class=\"bar\"><i style=\"width:").add(Text.fixed(100 * end, 1)).add("%\"></i>");
    if (spread > 0) {
      double from = Math.max(0, length - spread);
      double to = Math.max(from, Math.min(1, length + spread));
      html.add("<s style=\"left:").add(Text.fixed(100 * from, 1)).add("%;width:");
      html.add(Text.fixed(100 * (to - from), 1)).add("%\"></s>");
    }
    html.add("</span>");
  }

  /** The root of the mean square of the first layer's weights of each group of inputs. */
  private static double[] strengths(Report report, int[][] groups) {
    int units = report.model.layers().get(0).outputs();
    float[] weights = report.model.weights(0); // [inputs][units]
    double[] strengths = new double[groups.length];
    for (int g = 0; g < groups.length; g++) {
      for (int input : groups[g]) {
        for (int unit = 0; unit < units; unit++) {
          float w = weights[input * units + unit];
          strengths[g] += (double) w * w / units / groups[g].length;
        }
      }
      strengths[g] = Math.sqrt(strengths[g]);
    }
    return strengths;
  }

  /** Where in a picture it looks. */
  private static void picture(Html html, Findings findings, ImageLayout layout) {
    PermutationImportance importance = findings.importance();
    double[] values = new double[layout.rows() * layout.columns()];
    int[][] groups = findings.groups();
    for (int g = 0; g < groups.length; g++) {
      for (int feature : groups[g]) {
        values[layout.pixel(feature) / layout.channels()] = importance.mean(g);
      }
    }
    html.add("<p><img style=\"width:min(100%,240px);image-rendering:pixelated\" alt=\"");
    html.add("The places of a picture by how much they matter\" src=\"");
    html.add(image(values, layout)).add("\"></p>\n");
  }

  /** Numbers as a picture: blue above zero, orange below, the more the farther from it. */
  private static String image(double[] values, ImageLayout layout) {
    double most = Arrays.stream(values).map(Math::abs).max().orElse(0);
    byte[] pixels = new byte[3 * values.length];
    for (int i = 0; i < values.length; i++) {
      Diverging.pixel(most > 0 ? values[i] / most : 0, pixels, 3 * i);
    }
    return Png.uri(Png.rgb(layout.columns(), layout.rows(), pixels));
  }

  /** What each unit of the first layer looks for, those with the largest weights first. */
  private static void weights(Html html, Report report, ImageLayout layout) {
    Layer first = report.model.layers().get(0);
    int units = first.outputs();
    float[] weights = report.model.weights(0); // [inputs][units]
    double[] squares = new double[units];
    for (int i = 0; i < first.inputs() * units; i++) {
      squares[i % units] += (double) weights[i] * weights[i];
    }
    int[] shown =
        IntStream.range(0, units)
            .boxed()
            .sorted(Comparator.comparingDouble(unit -> -squares[unit]))
            .limit(MOST_UNITS)
            .mapToInt(Integer::intValue)
            .toArray();
    html.heading("Weights of the first layer");
    html.remark(
        "One picture a unit%s: what makes it larger is blue, what makes it smaller orange."
            .formatted(
                units > shown.length
                    ? ", the %s of %s with the largest weights"
                        .formatted(shown.length, Text.count(units))
                    : ""));
    html.add("<p class=\"units\">\n");
    for (int unit : shown) {
      double[] values = new double[layout.rows() * layout.columns()];
      for (int i = 0; i < first.inputs(); i++) {
        values[layout.pixel(i) / layout.channels()] += weights[i * units + unit];
      }
      html.add("<img alt=\"Weights of unit ").add(Integer.toString(unit)).add("\" src=\"");
      html.add(image(values, layout)).add("\">\n");
    }
    html.add("</p>\n");
  }

  private static void units(Html html, Report report, Findings findings) {
    UnitActivity activity = findings.activity();
    if (activity == null || activity.layers() == 0) {
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    int layers = activity.layers();
    for (int l = 0; l < layers; l++) {
      if (layers > MOST_ROWS && l == MOST_ROWS / 2) {
        l = layers - MOST_ROWS / 2; // those in the middle are left out
      }
      int layer = l;
      double[] shares =
          IntStream.range(0, activity.units(l))
              .mapToDouble(u -> activity.share(layer, u))
              .toArray();
      rows.add(
          List.of(
              Integer.toString(l + 1),
              report.model.architecture().activations().get(l).label(),
              Text.count(activity.units(l)),
              Text.count(activity.dead(l)),
              Text.percent(Arrays.stream(shares).average().orElse(Double.NaN))));
    }
    html.table(
        "What the hidden units do",
        2,
        List.of("layer", "activation", "units", "dead", "active on"),
        rows);
    html.remark(
        "A dead unit gives the same for every row. A unit is active on a row where it gives more"
            + " than for a sum of 0; that is told as the mean of a layer's units.");
  }

  private static void norms(Html html, Report report) {
    if (report.norms.size() < 2) {
      return;
    }
    int layers = report.model.layers().size();
    int count = report.norms.size();
    double[] epochs = new double[count];
    double[][] norms = new double[2 * layers][count];
    int i = 0;
    for (Map.Entry<Integer, double[]> each : report.norms.entrySet()) {
      epochs[i] = each.getKey() - 1; // of the epoch that ended there
      for (int n = 0; n < norms.length; n++) {
        double value = each.getValue()[n];
        norms[n][i] = n < layers ? value : StrictMath.log10(value);
      }
      i++;
    }
    html.heading("How large weights and gradients were").add("<div class=\"grid\">\n");
    LineChart weights = LineChart.of("Norm of the weights", "Epoch", "norm");
    LineChart gradients = LineChart.of("Norm of the gradients", "Epoch", "norm, as a power of ten");
    for (int layer = 0; layer < layers; layer++) {
      boolean shown = layers <= MOST_LAYERS || layer < 2 || layer >= layers - 2;
      if (shown) {
        String name = layer == layers - 1 ? "Last layer" : "Layer " + (layer + 1);
        weights = weights.with(name, epochs, norms[layer]);
        gradients = gradients.with(name, epochs, norms[layers + layer]);
      }
    }
    weights = weights.withBounds(0, Double.NaN);
    html.add("<div>").add(weights.inPage("Epoch")).add("</div>\n");
    html.add("<div>").add(gradients.inPage("Epoch")).add("</div>\n</div>\n");
    html.remark(
        "Weights that grow without end, or gradients that vanish in the first layers, are a reason"
            + " why a network stops learning. Gradients are those of an epoch's last mini-batch.");
  }
}
