package dev.lanewise.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lanewise.format.internal.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * The text of an HTML page while it is written: one file that contains its style and pictures, and
 * needs no other files. A page with charts has one script, uPlot and its use, which alone the
 * page's policy allows.
 */
final class Html {
  private static final String CHART = "<div></div><script type=\"application/json\">";
  private static final String NO_SCRIPT =
      "<noscript><p class=\"soft\">The charts need JavaScript. Without it, the numbers of each chart"
          + " stand in a table in its place.</p></noscript>\n";

  private final StringBuilder out = new StringBuilder();
  private int words; // number of columns with words in the table that is being written

  /** Appends markup as it is. */
  public Html add(String markup) {
    out.append(markup);
    return this;
  }

  /** Appends text, escaped. */
  public Html text(String text) {
    return add(Text.escape(text));
  }

  /** Appends a name that a user chose, which may be written from right to left. */
  public Html name(String name) {
    return add("<bdi>").text(name).add("</bdi>");
  }

  /** Opens a section of the page, which {@link #end} closes. */
  public Html section(String id, String title) {
    add("<section aria-labelledby=\"").add(id).add("\">\n<h2 id=\"").add(id).add("\">");
    return text(title).add("</h2>\n");
  }

  public Html end() {
    return add("</section>\n");
  }

  public Html heading(String title) {
    return add("<h3>").text(title).add("</h3>\n");
  }

  public Html paragraph(String text, Object... parts) {
    return add("<p>").text(parts.length == 0 ? text : text.formatted(parts)).add("</p>\n");
  }

  /** Appends a paragraph in smaller type. */
  public Html remark(String text, Object... parts) {
    return add("<p class=\"soft\">")
        .text(parts.length == 0 ? text : text.formatted(parts))
        .add("</p>\n");
  }

  public Html warning(String text) {
    return add("<p class=\"warn\"><b>Look at this:</b> ").text(text).add("</p>\n");
  }

  /**
   * Opens a group of elements that stand side by side if there is room; {@code </div>} closes it.
   */
  public Html grid() {
    return add("<div class=\"grid\">\n");
  }

  /** Appends the place of a chart and its data, an object of JSON without {@code <}. */
  public Html chart(String json) {
    return add(CHART).add(json).add("</script>\n");
  }

  /** Appends a term and its description to a list between {@code <dl>} and {@code </dl>}. */
  public Html pair(String term, String description) {
    return add("<dt>").name(term).add("</dt><dd>").name(description).add("</dd>\n");
  }

  /**
   * Opens a table whose first column names its rows; {@link #endTable} closes it.
   *
   * @param caption the text above the table
   * @param words number of leading columns with words; the columns after them have numbers
   * @param heads titles of the columns, or lists of these
   */
  public Html table(String caption, int words, Object... heads) {
    this.words = words;
    openScroll(caption).add("<table><caption>").text(caption).add("</caption>\n<thead><tr>");
    List<?> cells = cells(heads);
    for (int i = 0; i < cells.size(); i++) {
      add(i < words ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"n\">");
      name(cells.get(i).toString()).add("</th>");
    }
    return add("</tr></thead>\n<tbody>\n");
  }

  /** Appends a table: the titles of its columns, then its rows. */
  public Html table(String caption, int words, List<List<String>> cells) {
    table(caption, words, cells.get(0).stream().map(head -> head.replace('_', ' ')).toList());
    cells.stream().skip(1).forEach(this::row);
    return endTable();
  }

  /** Returns single cells; a list among them stands for the cells that it contains. */
  private static List<?> cells(Object... cells) {
    return Stream.of(cells)
        .flatMap(cell -> cell instanceof List<?> list ? list.stream() : Stream.of(cell))
        .toList();
  }

  /** Opens a part that can be scrolled. The keyboard must reach it, so it needs a name. */
  public Html openScroll(String name) {
    return add("<section class=\"scroll\" tabindex=\"0\" aria-label=\"").text(name).add("\">");
  }

  /** Appends a row of a table, whose cells are text, markup as {@link Html}, or lists of these. */
  public Html row(Object... row) {
    add("<tr>");
    List<?> cells = cells(row);
    for (int i = 0; i < cells.size(); i++) {
      add(i == 0 ? "<th scope=\"row\">" : i < words ? "<td>" : "<td class=\"n\">");
      String text = cells.get(i).toString();
      if (cells.get(i) instanceof Html) {
        add(text);
      } else {
        name(text);
      }
      add(i == 0 ? "</th>" : "</td>");
    }
    return add("</tr>\n");
  }

  public Html endTable() {
    return add("</tbody></table></section>\n");
  }

  /** Returns the whole page, whose window has a title. */
  public String page(String title) {
    boolean hasCharts = out.indexOf(CHART) >= 0;
    String script = "/*\n" + read("uPlot.license.txt") + "\n*/\n" + read("uPlot.iife.min.js");
    script += read("charts.js");
    byte[] digest = Bytes.sha256().digest(script.getBytes(UTF_8));
    String policy = "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    String page = read("page.html");
    // The body is inserted last, because it may contain any text.
    int body = page.indexOf("{{body}}");
    String head = page.substring(0, body).replace("{{title}}", Text.escape(title));
    head = head.replace("{{style}}", hasCharts ? read("uPlot.min.css") : "");
    head = head.replace("{{policy}}", hasCharts ? policy : "'none'");
    return head
        + (hasCharts ? NO_SCRIPT : "")
        + out
        + (hasCharts ? "<script>" + script + "</script>" : "")
        + page.substring(body + "{{body}}".length());
  }

  private static String read(String name) {
    try (InputStream in = Html.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the text that has been written. */
  @Override
  public String toString() {
    return out.toString();
  }
}
