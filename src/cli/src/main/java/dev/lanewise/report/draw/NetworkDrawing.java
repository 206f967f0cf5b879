package dev.lanewise.report.draw;

import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictive;
import java.util.ArrayList;
import java.util.List;

/** A drawing of a network as columns of units, with its layers from left to right. */
public final class NetworkDrawing {
  private static final int WIDTH = 480;
  private static final int HEIGHT = 216;
  private static final int MIDDLE = 84;
  private static final int PITCH = 18;
  private static final int MOST_UNITS = 8;
  private static final int MOST_LAYERS = 7; // with more, those in the middle are left out
  private static final int LEFT_OUT = -1;
  private static final int WIDEST_NAME = 60; // ems

  private final String name;
  private final List<Integer> sizes = new ArrayList<>();
  private final List<String> names = new ArrayList<>();

  public NetworkDrawing(Mlp model) {
    name = name(model);
    Architecture network = model.architecture();
    int hidden = network.hidden().size();
    add(network.inputs(), "inputs");
    for (int l = 0; l < hidden; l++) {
      boolean shown = hidden + 2 <= MOST_LAYERS || l < 2 || l >= hidden - 2;
      if (shown) {
        add(network.hidden().get(l), network.activations().get(l).label());
      } else if (l == 2) {
        add(LEFT_OUT, hidden - 4 + " more");
      }
    }
    add(network.outputs(), model.loss().task().hasNumbers() ? "outputs" : model.loss().label());
  }

  private void add(int size, String name) {
    sizes.add(size);
    names.add(name);
  }

  /**
   * Returns the sizes of the layers. If there are very many, the layers in the middle are left out.
   */
  public static String name(Predictive model) {
    return Label.fitMiddle(model.sizes(), 1, WIDEST_NAME);
  }

  /** Draws a network for a page that contains the style already. */
  public String inPage() {
    Svg svg = new Svg();
    svg.path("grid");
    for (int l = 0; l + 1 < sizes.size(); l++) {
      for (int i = 0; i < units(l); i++) {
        for (int j = 0; j < units(l + 1); j++) {
          String between = l + i + j == 0 ? "" : "M";
          svg.add(between).point(x(l) + 5, y(l, i)).add("L").point(x(l + 1) - 5, y(l + 1, j));
        }
      }
    }
    svg.add("\"/>\n");
    for (int l = 0; l < sizes.size(); l++) {
      svg.add(l == sizes.size() - 1 ? "<g class=\"s1\">" : "<g class=\"s0\">");
      for (int i = 0; i < units(l); i++) {
        svg.add("<circle class=\"solid\" r=\"4.5\" cx=\"").number(x(l)).add("\" cy=\"");
        svg.number(y(l, i)).add("\"/>");
      }
      svg.add("</g>\n");
      int size = sizes.get(l);
      String text = size == LEFT_OUT ? "\u2026" : Text.count(size);
      svg.text(x(l), HEIGHT - 36, "middle", text)
          .text(x(l), HEIGHT - 18, "tick middle", names.get(l));
    }
    return svg.finish(WIDTH, HEIGHT, "Network " + name, "", "");
  }

  private int units(int layer) {
    return Math.min(sizes.get(layer) == LEFT_OUT ? 0 : sizes.get(layer), MOST_UNITS);
  }

  private double x(int layer) {
    return 44 + layer * (WIDTH - 88.0) / (sizes.size() - 1);
  }

  /** A layer has a gap in its middle if not all of its units are shown. */
  private double y(int layer, int unit) {
    int units = units(layer);
    double gap = sizes.get(layer) > units ? PITCH * 0.7 : 0;
    double y = MIDDLE + (unit - (units - 1) / 2.0) * PITCH;
    return y + (unit < units / 2.0 ? -gap / 2 : gap / 2);
  }
}
