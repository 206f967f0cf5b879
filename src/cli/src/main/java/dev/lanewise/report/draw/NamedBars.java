package dev.lanewise.report.draw;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The largest features as bars one below another, beside their names, around a zero line. */
public final class NamedBars extends CasePicture {
  private static final int MOST_BARS = 30;

  private static final int LABEL_SIZE = 12;
  private static final int WIDEST_LABEL = 180;
  private static final int LABEL_GAP = 8;
  private static final int BARS_WIDTH = 130;
  private static final int PADDING = 6;
  private static final int PITCH = 17;
  private static final int THICKNESS = 10;

  private final List<String> names; // [feature]
  private final int[][] shown; // [case][bar], the index of the feature
  private final double labelWidth;

  public NamedBars(float[][] cases, List<String> names) {
    super(cases);
    this.names = names;
    include(0);
    shown = Arrays.stream(cases).map(NamedBars::largest).toArray(int[][]::new);
    List<String> all =
        Arrays.stream(shown).flatMapToInt(IntStream::of).mapToObj(names::get).toList();
    double widest = Label.widest(all, LABEL_SIZE);
    double note = hidden() == 0 ? 0 : Label.width(note(), LABEL_SIZE) - LABEL_GAP - BARS_WIDTH;
    labelWidth = Math.ceil(Math.max(Math.min(widest, WIDEST_LABEL), note));
    width = labelWidth + LABEL_GAP + BARS_WIDTH;
    height = barsHeight() + (hidden() == 0 ? 0 : PITCH);
  }

  /** Returns the features that are farthest from zero, in ascending order of their indices. */
  private static int[] largest(float[] features) {
    int[] kept =
        Largest.of(
            features.length, MOST_BARS, i -> Float.isNaN(features[i]) ? -1 : Math.abs(features[i]));
    Arrays.sort(kept);
    return kept;
  }

  private int hidden() {
    return names.size() - shown[0].length;
  }

  private String note() {
    return hidden() + " not shown, none larger";
  }

  private double barsHeight() {
    return 2 * PADDING + shown[0].length * PITCH;
  }

  @Override
  public void draw(Svg svg, int index, double x, double y) {
    double left = x + labelWidth + LABEL_GAP;
    svg.box("rect", left, y, BARS_WIDTH, barsHeight()).add(" class=\"panel\"/>\n");
    float[] features = cases[index];
    double zero = end(0, left);
    svg.path("bar").point(zero, y);
    double middle = y + PADDING + PITCH / 2.0;
    for (int feature : shown[index]) {
      double end = Float.isNaN(features[feature]) ? zero : end(features[feature], left);
      svg.add("M").point(Math.min(zero, end), middle - THICKNESS / 2.0).add("h");
      svg.number(Math.abs(end - zero)).add("v").number(THICKNESS).add("h");
      svg.number(-Math.abs(end - zero)).add("z");
      middle += PITCH;
    }
    svg.add("\"/>\n").path("frame").point(zero, y).add("v").number(barsHeight()).add("\"/>\n");
    middle = y + PADDING + PITCH / 2.0;
    for (int feature : shown[index]) {
      String whole = names.get(feature);
      String label = Label.fitMiddle(whole, LABEL_SIZE, WIDEST_LABEL);
      svg.text(x + labelWidth, middle + 4.3, "tick name end", label, whole);
      middle += PITCH;
    }
    if (hidden() > 0) {
      svg.text(left + BARS_WIDTH, y + barsHeight() + 13, "tick end", note());
    }
  }

  private double end(float value, double left) {
    return left + PADDING + (BARS_WIDTH - 2 * PADDING) * fraction(value);
  }
}
