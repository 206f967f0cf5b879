package dev.lanewise.report;

import java.util.Arrays;
import java.util.List;

/**
 * Features as bars one below another, each beside its name or the case's own text for it, left and
 * right from a zero line. Of many features a case shows the largest.
 */
final class NamedBars implements CasePicture {
  private static final int MOST_BARS = 30;

  private static final int LABEL_SIZE = 12;
  private static final int WIDEST_LABEL = 180;
  private static final int LABEL_GAP = 8;
  private static final int BARS_WIDTH = 130;
  private static final int PADDING = 6;
  private static final int PITCH = 17;
  private static final int THICKNESS = 10;

  private final List<CaseGallery.Case> cases;
  private final List<String> names; // none, or one a feature
  private final Range range;
  private final int[][] shown; // [case][feature], indices
  private final double labelWidth;

  /**
   * Bars.
   *
   * @param cases at least one
   * @param names one a feature, or none
   * @param range the values at the ends; null: of all values and zero
   */
  NamedBars(List<CaseGallery.Case> cases, List<String> names, Range range) {
    this.cases = cases;
    this.names = names;
    float[][] features = new float[cases.size()][];
    shown = new int[cases.size()][];
    double widest = 0;
    for (int k = 0; k < features.length; k++) {
      features[k] = cases.get(k).features();
      shown[k] = largest(features[k]);
      for (int feature : shown[k]) {
        widest = Math.max(widest, Label.width(label(k, feature), LABEL_SIZE));
      }
    }
    this.range = range != null ? range : Range.of(features).including(0);
    double note = hidden() == 0 ? 0 : Label.width(note(), LABEL_SIZE) - LABEL_GAP - BARS_WIDTH;
    labelWidth = Math.ceil(Math.max(Math.min(widest, WIDEST_LABEL), note));
  }

  /** The indices, ascending, of the features that are farthest from zero; the first wins a tie. */
  private static int[] largest(float[] features) {
    int[] kept = new int[Math.min(features.length, MOST_BARS)]; // the largest first
    for (int i = 0; i < features.length; i++) {
      int place = Math.min(i, kept.length);
      while (place > 0 && size(features[i]) > size(features[kept[place - 1]])) {
        place--;
      }
      if (place < kept.length) {
        System.arraycopy(kept, place, kept, place + 1, Math.min(i, kept.length - 1) - place);
        kept[place] = i;
      }
    }
    Arrays.sort(kept);
    return kept;
  }

  private static float size(float value) {
    return Float.isNaN(value) ? -1 : Math.abs(value);
  }

  private String label(int index, int feature) {
    List<String> texts = cases.get(index).texts();
    String text = texts.isEmpty() ? "" : texts.get(feature);
    return text.isEmpty() && !names.isEmpty() ? names.get(feature) : text;
  }

  private int hidden() {
    return cases.get(0).features().length - shown[0].length;
  }

  private String note() {
    return hidden() + " not shown, none larger";
  }

  @Override
  public double width() {
    return labelWidth + LABEL_GAP + BARS_WIDTH;
  }

  @Override
  public double height() {
    return barsHeight() + (hidden() == 0 ? 0 : PITCH);
  }

  private double barsHeight() {
    return 2 * PADDING + shown[0].length * PITCH;
  }

  @Override
  public void draw(Svg svg, int index, double x, double y) {
    double left = x + labelWidth + LABEL_GAP;
    svg.box("rect", left, y, BARS_WIDTH, barsHeight()).add(" class=\"panel\"/>\n");
    float[] features = cases.get(index).features();
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
      String whole = label(index, feature);
      String label = Label.fitMiddle(whole, LABEL_SIZE, WIDEST_LABEL);
      svg.text(x + labelWidth, middle + 4.3, "tick name end", label, whole);
      middle += PITCH;
    }
    if (hidden() > 0) {
      svg.text(left + BARS_WIDTH, y + barsHeight() + 13, "tick end", note());
    }
  }

  private double end(float value, double left) {
    return left + PADDING + (BARS_WIDTH - 2 * PADDING) * range.fraction(value);
  }
}
