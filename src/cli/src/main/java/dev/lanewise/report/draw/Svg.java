package dev.lanewise.report.draw;

import java.util.List;

/** The text of an SVG picture while it is written, and the style that all pictures share. */
public final class Svg {
  // Colours are set by class, because viewers outside browsers do not know CSS variables. Rules
  // begin with .lw, because a style inside an HTML page applies to the whole page. The colours of
  // series are those of Okabe and Ito (Color Universal Design, 2008), with a contrast of 4.5.
  public static final String STYLE =
      """
      <style>
      .lw{color-scheme:light dark;font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
      .lw text{fill:#1f2328;font-size:13px}
      .lw .title{font-size:17px;font-weight:600}
      .lw .strong{font-weight:600;fill:currentColor}
      .lw .name{unicode-bidi:plaintext}
      .lw .tick{font-size:12px;font-variant-numeric:tabular-nums}
      .lw .tick,.lw .muted{fill:#59636e}
      .lw .end{text-anchor:end}
      .lw .middle{text-anchor:middle}
      .lw .ground,.lw .hollow{fill:#fff}
      .lw .panel{fill:#f3f5f7}
      .lw .grid,.lw .axis,.lw .frame{fill:none;stroke:#e3e7eb}
      .lw .best{stroke-dasharray:4 3}
      .lw .axis,.lw .frame{stroke:#8c959f}
      .lw .line{fill:none;stroke:currentColor;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}
      .lw .dots{fill:none;stroke:currentColor;stroke-width:4;stroke-linecap:round;stroke-opacity:.55}
      .lw .d1{stroke-dasharray:9 4}
      .lw .d2{stroke-dasharray:1.5 4}
      .lw .thin{stroke-width:1.3}
      .lw .mark{stroke:currentColor;stroke-width:1.6}
      .lw .solid{fill:currentColor}
      .lw .s0{color:#0072b2}
      .lw .s1{color:#bd4f00}
      .lw .s2{color:#007a59}
      .lw .s3{color:#a0408f}
      .lw .right{color:#0072b2}
      .lw .wrong{color:#bd4f00}
      .lw .bar{fill:#0072b2}
      @media (prefers-color-scheme:dark){
      .lw text{fill:#e6edf3}
      .lw .tick,.lw .muted{fill:#9da7b1}
      .lw .ground,.lw .hollow{fill:#0f1318}
      .lw .panel{fill:#1a2027}
      .lw .grid{stroke:#272e36}
      .lw .axis,.lw .frame{stroke:#6b7580}
      .lw .s0{color:#56b4e9}
      .lw .s1{color:#f0a030}
      .lw .s2{color:#2fc797}
      .lw .s3{color:#e08fc7}
      .lw .right{color:#56b4e9}
      .lw .wrong{color:#f0a030}
      .lw .bar{fill:#56b4e9}
      }
      </style>
      """;

  private static final int TITLE_LINE = 34; // base line of the first line of a title
  private static final int TITLE_PITCH = 22;
  private static final double TITLE_SIZE = 17 * 1.1; // bold text is wider

  private final StringBuilder out = new StringBuilder();

  /** Appends markup as it is. */
  public Svg add(String markup) {
    out.append(markup);
    return this;
  }

  /** Appends text, escaped. */
  public Svg escaped(String text) {
    return add(Text.escape(text));
  }

  /** Appends a coordinate, to a tenth of a pixel. */
  public Svg number(double value) {
    long tenths = Math.round(value * 10);
    if (tenths < 0) {
      out.append('-');
    }
    long size = Math.abs(tenths);
    out.append(size / 10);
    if (size % 10 != 0) {
      out.append('.').append(size % 10);
    }
    return this;
  }

  public Svg point(double x, double y) {
    return number(x).add(" ").number(y);
  }

  public Svg text(double x, double y, String classes, String content) {
    add("<text x=\"").number(x).add("\" y=\"").number(y).add("\" class=\"").add(classes);
    return add("\">").escaped(content).add("</text>\n");
  }

  /** Draws a text. If it is shortened, the whole text becomes the tooltip. */
  public Svg text(double x, double y, String classes, String shown, String whole) {
    if (shown.equals(whole)) {
      return text(x, y, classes, shown);
    }
    add("<g><title>").escaped(whole).add("</title>");
    return text(x, y, classes, shown).add("</g>\n");
  }

  /**
   * Draws a title on one line or two, shortened if that is not enough.
   *
   * @return the height of its second line
   */
  public int title(String title, double x, double width) {
    List<String> lines = Label.lines(title, TITLE_SIZE, width, 2);
    for (int i = 0; i < lines.size(); i++) {
      text(x, TITLE_LINE + i * TITLE_PITCH, "title", lines.get(i));
    }
    return (lines.size() - 1) * TITLE_PITCH;
  }

  /** Opens a path before its first coordinates. */
  public Svg path(String classes) {
    return add("<path class=\"").add(classes).add("\" d=\"M");
  }

  /** Opens an element at a position and with a size. */
  public Svg box(String element, double x, double y, double width, double height) {
    add("<").add(element).add(" x=\"").number(x).add("\" y=\"").number(y).add("\" width=\"");
    return number(width).add("\" height=\"").number(height).add("\"");
  }

  /** Returns the whole picture. In a page that contains the style already, style is empty. */
  public String finish(
      double width, double height, String title, String description, String style) {
    Svg head = new Svg();
    head.add("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"lw\" role=\"img\" viewBox=\"0 0 ");
    head.point(width, height).add("\" width=\"").number(width).add("\" height=\"").number(height);
    head.add("\" style=\"max-width:100%;height:auto\">\n<title>").escaped(title);
    head.add("</title>\n<desc>").escaped(description).add("</desc>\n").add(style);
    head.add("<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n");
    return head.add(toString()).add("</svg>\n").toString();
  }

  /** Returns the text that has been written. */
  @Override
  public String toString() {
    return out.toString();
  }
}
