package dev.lanewise.report;

import java.util.List;

/**
 * Curves as a picture in SVG, for the files of a run; colours follow the reader's light or dark
 * mode. The first curve is solid, others are dashed.
 */
final class CurveSvg {
  private static final int LEFT = 84;
  private static final int RIGHT = 696;
  private static final int TOP = 82;
  private static final int BOTTOM = 358;
  private static final int INTERVALS = 6; // between the marks of the y axis

  private static final String HEAD =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"lw\" role=\"img\" viewBox=\"0 0 720 420\""
          + " width=\"720\" height=\"420\" style=\"max-width:100%;height:auto\">\n<title>";

  // Colours are set by class, because viewers outside browsers do not know CSS variables. The
  // colours of curves are those of Okabe and Ito (Color Universal Design, 2008), with a contrast of
  // 4.5.
  private static final String STYLE =
      """
      <style>
      .lw{color-scheme:light dark;font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:#1f2328}
      .lw .title{font-size:17px;font-weight:600}
      .lw .tick{font-size:12px;fill:#59636e}
      .lw .ground{fill:#fff}
      .lw path{fill:none;stroke:#e3e7eb}
      .lw .axis{stroke:#8c959f}
      .lw .c0,.lw .c1{stroke:#0072b2;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}
      .lw .c1{stroke:#bd4f00;stroke-dasharray:7 5}
      @media (prefers-color-scheme:dark){
      .lw{fill:#e6edf3}
      .lw .tick{fill:#9da7b1}
      .lw .ground{fill:#0f1318}
      .lw path{stroke:#272e36}
      .lw .axis{stroke:#6b7580}
      .lw .c0{stroke:#56b4e9}
      .lw .c1{stroke:#f0a030}
      }
      </style>
      """;

  private final StringBuilder out = new StringBuilder();
  private final Axes axes;

  private CurveSvg(Axes axes) {
    this.axes = axes;
  }

  /**
   * Draws curves.
   *
   * @param low the lower bound of the possible y values, or NaN
   * @param high the upper bound, or NaN
   */
  public static String of(
      String title, String xLabel, String yLabel, List<Curve> curves, double low, double high) {
    Axes axes = new Axes(curves, low, high, INTERVALS, RIGHT - LEFT);
    return new CurveSvg(axes).draw(title, xLabel, yLabel, curves);
  }

  private String draw(String title, String xLabel, String yLabel, List<Curve> curves) {
    add(HEAD).add(Text.escape(title)).add("</title>\n").add(STYLE);
    add("<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n");
    text(LEFT, 34, "title", "start", title);
    axes();
    text((LEFT + RIGHT) / 2.0, BOTTOM + 42, "name", "middle", xLabel);
    add("<g transform=\"translate(26 220) rotate(-90)\">");
    text(0, 0, "name", "middle", yLabel);
    add("</g>\n");
    for (int i = 0; i < curves.size(); i++) {
      Curve curve = curves.get(i);
      String from = "<path class=\"c" + Math.min(i, 1) + "\" d=\"";
      add(from).add("M%s 57h30\"/>\n".formatted(LEFT + 200 * i));
      text(LEFT + 38 + 200 * i, 61.5, "name", "start", curve.name);
      add(from);
      for (int[] run : curve.runs(this::x)) {
        for (int k = 0; k < run.length; k++) {
          add(k == 0 ? "M" : " ").point(x(curve.x[run[k]]), y(curve.y[run[k]]));
        }
        add(run.length == 1 ? "h0" : ""); // a dot
      }
      add("\"/>\n");
    }
    if (curves.stream().allMatch(curve -> curve.points.length == 0)) {
      text((LEFT + RIGHT) / 2.0, 220, "tick", "middle", Curve.NOTHING);
    }
    return add("</svg>\n").out.toString();
  }

  private void axes() {
    String[] labels = axes.yTicks.labels();
    for (int i = 0; i < labels.length; i++) {
      double y = y(axes.yTicks.value(i));
      add("<path d=\"M").point(LEFT, Math.floor(y) + 0.5).add("H" + RIGHT + "\"/>\n");
      text(LEFT - 8, y + 4.3, "tick", "end", labels[i]);
    }
    add("<path class=\"axis\" d=\"M").point(LEFT, BOTTOM + 0.5).add("H" + RIGHT + "\"/>\n");
    labels = axes.xTicks.labels();
    for (int i = 0; i < labels.length; i++) {
      double x = axes.xTicks.value(i);
      if (axes.isShown(x)) {
        add("<path class=\"axis\" d=\"M").point(Math.floor(x(x)) + 0.5, BOTTOM).add("v5\"/>\n");
        text(x(x), BOTTOM + 20, "tick", "middle", labels[i]);
      }
    }
  }

  private double x(double value) {
    return LEFT + 8 + axes.along(value) * (RIGHT - LEFT - 16);
  }

  private double y(double value) {
    return BOTTOM - axes.height(value) * (BOTTOM - TOP);
  }

  private CurveSvg add(String markup) {
    out.append(markup);
    return this;
  }

  private CurveSvg point(double x, double y) {
    out.append(Math.round(10 * x) / 10.0).append(' ').append(Math.round(10 * y) / 10.0);
    return this;
  }

  private void text(double x, double y, String look, String anchor, String content) {
    add("<text class=\"" + look + "\" text-anchor=\"" + anchor + "\" transform=\"translate(");
    point(x, y).add(")\">").add(Text.escape(content)).add("</text>\n");
  }
}
