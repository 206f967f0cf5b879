package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.report.draw.Label;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.w3c.dom.Element;

/** The ends of a text in a picture, and the position of its line; rotated text runs upwards. */
record TextBox(String text, boolean turned, double left, double right, double across) {
  /** Returns all texts, with estimated widths. */
  static List<TextBox> of(Parsed picture) {
    List<TextBox> boxes = new ArrayList<>();
    for (Element text : picture.elements("text")) {
      List<String> classes = Arrays.asList(text.getAttribute("class").split(" "));
      double size = classes.contains("title") ? 17 : classes.contains("tick") ? 12 : 13;
      boolean bold = classes.contains("title") || classes.contains("strong");
      double width = Label.width(text.getTextContent(), bold ? size * 1.1 : size);
      double x = Double.parseDouble(text.getAttribute("x"));
      double y = Double.parseDouble(text.getAttribute("y"));
      boolean turned = false;
      for (Element e = (Element) text.getParentNode();
          !e.getTagName().equals("svg");
          e = (Element) e.getParentNode()) {
        String[] move = e.getAttribute("transform").split("[() ]+");
        if (move[0].equals("translate")) {
          x += turned ? -Double.parseDouble(move[2]) : Double.parseDouble(move[1]);
          y += turned ? Double.parseDouble(move[1]) : Double.parseDouble(move[2]);
          if (e.getAttribute("transform").endsWith(" rotate(-90)")) {
            turned = true; // x now counts upwards
            double column = Double.parseDouble(move[1]);
            x = -Double.parseDouble(move[2]);
            y = column;
          }
        }
      }
      double left =
          classes.contains("end") ? x - width : classes.contains("middle") ? x - width / 2 : x;
      boxes.add(new TextBox(text.getTextContent(), turned, left, left + width, y));
    }
    return boxes;
  }

  /** Checks that all texts are inside the picture, and that none overlaps another. */
  static void check(Parsed picture) {
    double width = Double.parseDouble(picture.root().getAttribute("width"));
    double height = Double.parseDouble(picture.root().getAttribute("height"));
    List<TextBox> boxes = of(picture);
    for (TextBox box : boxes) {
      boolean inside =
          box.turned
              ? box.left >= -height && box.right <= 0 && box.across > 0 && box.across < width
              : box.left >= 0 && box.right <= width && box.across > 0 && box.across < height;
      assertTrue(inside, box + " leaves " + width + " x " + height);
      for (TextBox other : boxes) {
        boolean isBeside =
            other == box
                || other.turned != box.turned
                || Math.abs(other.across - box.across) >= 12
                || other.left >= box.right
                || other.right <= box.left;
        assertTrue(isBeside, box + " and " + other);
      }
    }
  }
}
