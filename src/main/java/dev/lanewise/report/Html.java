package dev.lanewise.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The text of an HTML page while it is written: one file with its style and pictures inside, which
 * needs no scripts and asks for nothing else.
 */
final class Html {
  private static final int REPLACEMENT = 0xFFFD;

  private final StringBuilder out = new StringBuilder();

  /** Appends markup as it is. */
  Html add(String markup) {
    out.append(markup);
    return this;
  }

  /** Appends text. */
  Html text(String text) {
    return add(escape(text));
  }

  /** Appends a name that somebody else chose, which may be written from right to left. */
  Html name(String name) {
    return add("<bdi>").text(name).add("</bdi>");
  }

  /** Begins a part of the page; {@link #end} ends it. */
  Html section(String id, String title) {
    add("<section aria-labelledby=\"").add(id).add("\">\n<h2 id=\"").add(id).add("\">");
    return text(title).add("</h2>\n");
  }

  Html end() {
    return add("</section>\n");
  }

  Html heading(String title) {
    return add("<h3>").text(title).add("</h3>\n");
  }

  Html paragraph(String text) {
    return add("<p>").text(text).add("</p>\n");
  }

  /** A remark in a smaller type. */
  Html remark(String text) {
    return add("<p class=\"soft\">").text(text).add("</p>\n");
  }

  /** A pair of a list between {@code <dl>} and {@code </dl>}. */
  Html pair(String term, String description) {
    add("<dt>").name(term).add("</dt><dd>").name(description);
    return add("</dd>\n");
  }

  /**
   * A table whose first column names its rows.
   *
   * @param caption stands above it
   * @param words how many columns, the first included, are words; those behind are numbers
   * @param heads of the columns
   * @param rows their cells: text, or markup as {@link Html}
   */
  Html table(String caption, int words, List<String> heads, List<? extends List<?>> rows) {
    // What is scrolled must be reachable by the keyboard, and then have a name.
    add("<section class=\"scroll\" tabindex=\"0\" aria-label=\"").text(caption);
    add("\"><table><caption>").text(caption).add("</caption>\n<thead><tr>");
    for (int i = 0; i < heads.size(); i++) {
      add(i < words ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"n\">");
      name(heads.get(i)).add("</th>");
    }
    add("</tr></thead>\n<tbody>\n");
    for (List<?> row : rows) {
      add("<tr>");
      for (int i = 0; i < row.size(); i++) {
        add(i == 0 ? "<th scope=\"row\">" : i < words ? "<td>" : "<td class=\"n\">");
        cell(row.get(i)).add(i == 0 ? "</th>" : "</td>");
      }
      add("</tr>\n");
    }
    return add("</tbody></table></section>\n");
  }

  private Html cell(Object cell) {
    return cell instanceof Html markup ? add(markup.toString()) : name(cell.toString());
  }

  /**
   * The whole page.
   *
   * @param title of the window
   */
  String page(String title) {
    try (InputStream in = Html.class.getResourceAsStream("page.html")) {
      String page = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      // Backwards, as the body may hold any text.
      int body = page.indexOf("{{body}}");
      String head = page.substring(0, body).replace("{{style}}", Svg.STYLE);
      head = head.replace("{{title}}", escape(title));
      return head + out + page.substring(body + "{{body}}".length());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was written so far. */
  @Override
  public String toString() {
    return out.toString();
  }

  /**
   * Text as XML 1.0 and HTML, for element content and attribute values alike. Characters that XML
   * cannot hold, not even as references, become U+FFFD: most controls, lone surrogates, U+FFFE and
   * U+FFFF.
   */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      boolean plain = c >= 0x20 && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000;
      // A parser would turn white space into spaces in attributes, and "]]>" is forbidden.
      if ("<>&\"'\t\n\r".indexOf(c) >= 0) {
        escaped.append("&#").append(c).append(';');
      } else {
        escaped.appendCodePoint(plain ? c : REPLACEMENT);
      }
    }
    return escaped.toString();
  }
}
