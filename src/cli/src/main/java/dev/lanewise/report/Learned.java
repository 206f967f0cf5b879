package dev.lanewise.report;

import dev.lanewise.nn.Layer;
import dev.lanewise.report.draw.Diverging;
import dev.lanewise.report.draw.Html;
import dev.lanewise.report.draw.ImageLayout;
import dev.lanewise.report.draw.Largest;
import dev.lanewise.report.draw.Text;
import dev.lanewise.report.figures.PermutationImportance;
import dev.lanewise.report.figures.UnitActivity;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The inputs, weights and units of a network: the part of a report on what it has learned. */
final class Learned {
  private static final int MOST_COLUMNS = 10;
  private static final int MOST_UNITS = 24;
  private static final int MOST_ROWS = 12; // of hidden layers
  private static final int MOST_LAYERS = 4; // the number of colours

  private Learned() {}

  static void write(Html page, Findings findings) {
    Reported report = findings.report;
    Html html = new Html();
    ImageLayout layout = report.layout();
    if (layout != null) {
      weights(html, report, layout);
    }
    units(html, findings);
    norms(html, report);
    if (!html.toString().isEmpty()) {
      page.section("learned", "What the network has learned");
      if (report.model.members().size() > 1) {
        page.remark(
            "Weights, units and norms are those of the first of %s networks.",
            report.model.members().size());
      }
      page.add(html.toString()).end();
    }
  }

  /** Shows which inputs matter, if that was computed. */
  static void importance(Html html, Findings findings) {
    Reported report = findings.report;
    ImageLayout layout = report.layout();
    PermutationImportance importance = findings.importance;
    boolean isByLoss = importance.isByLoss();
    String score = isByLoss ? "cross entropy" : report.model.loss().task().score();
    String change = isByLoss ? "rise" : "fall";
    String how =
        "By how much the %s of %s (%s) %ss when the rows exchange these values among each"
                .formatted(
                    score,
                    report.rows(importance.rows()),
                    Text.fixed(isByLoss ? -importance.baseline() : importance.baseline()),
                    change)
            + " other: the mean of %s draws%s. Inputs that say the same"
                .formatted(findings.repeats, layout == null ? " and their standard deviation" : "")
            + " thing stand in for each other, and each then seems to matter little.";
    if (layout != null) {
      picture(html, findings, layout);
      html.remark(how);
      return;
    }
    int[] shown = findings.columns(MOST_COLUMNS);
    double[] strengths = strengths(findings);
    double strongest = Arrays.stream(strengths).max().orElse(1);
    double most = Arrays.stream(shown).mapToDouble(importance::mean).max().orElse(1);
    List<String> names = new RowTexts(report).names();
    List<String> sizes = List.of(change + " of the " + score, "size of its first weights");
    html.table("Columns by how much they matter", 2, "column", "importance", sizes);
    for (int g : shown) {
      double mean = importance.mean(g);
      double deviation = importance.deviation(g);
      String fall = Text.fixed(mean) + " \u00b1 " + Text.fixed(deviation);
      html.row(names.get(g), bar(mean, deviation, most), fall, bar(strengths[g], 0, strongest));
    }
    html.endTable();
    if (names.size() > shown.length) {
      html.remark(Text.count(names.size() - shown.length) + " more matter less.");
    }
    html.remark(how);
  }

  /** Returns a bar, of full length for the value {@code most}, with a line for the deviation. */
  private static Html bar(double value, double deviation, double most) {
    double length = most > 0 ? value / most : 0;
    double spread = most > 0 ? deviation / most : 0;
    String end = Text.fixed(100 * Math.max(0, Math.min(1, length)), 1);
    Html html = new Html().add("<span class=\"bar\"><i style=\"width:").add(end).add("%\"></i>");
    if (spread > 0) {
      double from = Math.max(0, length - spread);
      double to = Math.max(from, Math.min(1, length + spread));
      html.add("<s style=\"left:").add(Text.fixed(100 * from, 1)).add("%;width:");
      html.add(Text.fixed(100 * (to - from), 1)).add("%\"></s>");
    }
    return html.add("</span>");
  }

  /** Returns the root mean square of the first layer's weights for each group of inputs. */
  private static double[] strengths(Findings findings) {
    Reported report = findings.report;
    int[][] groups = findings.groups;
    int units = report.first.layers().get(0).outputs();
    float[] weights = report.first.weights(0); // [inputs][units]
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

  /** Draws the importance of each place in a picture. */
  private static void picture(Html html, Findings findings, ImageLayout layout) {
    double[] values = new double[layout.rows() * layout.columns()];
    for (int g = 0; g < findings.groups.length; g++) {
      for (int feature : findings.groups[g]) {
        values[layout.pixel(feature) / layout.channels()] = findings.importance.mean(g);
      }
    }
    html.image(240, "The places of a picture by how much they matter", image(values, layout));
  }

  /** Returns values as an image: blue above zero, orange below, darker with their size. */
  private static String image(double[] values, ImageLayout layout) {
    double most = Arrays.stream(values).map(Math::abs).max().orElse(0);
    return Diverging.image(layout.columns(), layout.rows(), values, most);
  }

  /** Draws the weights of each unit of the first layer, beginning with the largest weights. */
  private static void weights(Html html, Reported report, ImageLayout layout) {
    Layer first = report.first.layers().get(0);
    int units = first.outputs();
    float[] weights = report.first.weights(0); // [inputs][units]
    double[] squares = new double[units];
    int inputs = report.first.inputs();
    for (int i = 0; i < inputs * units; i++) {
      squares[i % units] += (double) weights[i] * weights[i];
    }
    int[] shown = Largest.of(units, MOST_UNITS, unit -> squares[unit]);
    String which = ", the %s of %s with the largest weights";
    html.heading("Weights of the first layer");
    html.remark(
        "One picture per unit%s: what increases its output is blue, what decreases it is orange.",
        units > shown.length ? which.formatted(shown.length, Text.count(units)) : "");
    html.add("<p class=\"units\">\n");
    for (int unit : shown) {
      double[] values = new double[layout.rows() * layout.columns()];
      for (int i = 0; i < inputs; i++) {
        values[layout.pixel(i) / layout.channels()] += weights[i * units + unit];
      }
      html.add("<img alt=\"Weights of unit ").add(Integer.toString(unit)).add("\" src=\"");
      html.add(image(values, layout)).add("\">\n");
    }
    html.add("</p>\n");
  }

  private static void units(Html html, Findings findings) {
    Reported report = findings.report;
    UnitActivity activity = findings.activity;
    if (activity == null || activity.layers() == 0) {
      return;
    }
    html.table("What the hidden units do", 2, "layer", "activation", "units", "dead", "active on");
    int layers = activity.layers();
    for (int l = 0; l < layers; l++) {
      if (layers > MOST_ROWS && l == MOST_ROWS / 2) {
        l = layers - MOST_ROWS / 2; // leaves out those in the middle
      }
      int layer = l;
      double share =
          IntStream.range(0, activity.units(l))
              .mapToDouble(u -> activity.share(layer, u))
              .average()
              .orElse(Double.NaN);
      html.row(
          Integer.toString(l + 1),
          report.first.architecture().activations().get(l).label(),
          Text.count(activity.units(l)),
          Text.count(activity.dead(l)),
          Text.percent(share));
    }
    html.endTable();
    html.remark(
        "A dead unit gives the same output for every row. A unit is active on a row where its"
            + " output is larger than for a sum of 0; the table shows the mean over the units of a"
            + " layer.");
  }

  private static void norms(Html html, Reported report) {
    if (report.norms.size() < 2) {
      return;
    }
    int layers = report.first.layers().size();
    // The keys count epochs; the last one of n epochs has the number n - 1.
    double[] epochs = report.norms.keySet().stream().mapToDouble(count -> count - 1).toArray();
    html.heading("How large weights and gradients were").grid();
    LineChart weights = LineChart.of("Norm of the weights", "Epoch", "norm");
    LineChart gradients = LineChart.of("Norm of the gradients", "Epoch", "norm").logarithmic();
    for (int l = 0; l < layers; l++) {
      if (layers <= MOST_LAYERS || l < 2 || l >= layers - 2) {
        String name = l == layers - 1 ? "Last layer" : "Layer " + (l + 1);
        weights = weights.with(name, epochs, norms(report, l));
        gradients = gradients.with(name, epochs, norms(report, layers + l));
      }
    }
    weights.withBounds(0, Double.NaN).write(html);
    gradients.write(html);
    html.add("</div>\n");
    html.remark(
        "Weights that grow without end, or gradients that vanish in the first layers, are a reason"
            + " why a network stops learning. Gradients are those of an epoch's last mini-batch.");
  }

  private static double[] norms(Reported report, int index) {
    return report.norms.values().stream().mapToDouble(each -> each[index]).toArray();
  }
}
