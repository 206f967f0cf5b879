package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.text.Bidi;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.TextNode;

/** A report as its readers have it: checked strictly, then parsed as a browser would. */
@SuppressWarnings("exports") // jsoup is on the class path of the tests
public record Page(String html, Document document) {
  private static final Pattern TAG =
      Pattern.compile(
          "<!DOCTYPE html>|<(/?)([a-z][a-zA-Z0-9]*)((?: [a-zA-Z-]+(?::[a-z]+)?=\"[^\"<>]*\")*)(/?)>");

  private static final Set<String> VOID = Set.of("meta", "link", "img", "br");

  /** What the page leaves to the parser to begin or to end. */
  private static final Set<String> OPTIONAL = Set.of();

  /** Parses a page, which must be strictly well formed and hold all it shows. */
  public static Page of(String html) {
    checkTags(html);
    Document document = Jsoup.parse(html);
    document.outputSettings().prettyPrint(false);
    Page page = new Page(html, document);
    page.checkStructure();
    return page;
  }

  /** Every sign that could begin a tag does, what is opened is closed, and values are quoted. */
  private static void checkTags(String html) {
    Deque<String> open = new ArrayDeque<>();
    for (int at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
      Matcher tag = TAG.matcher(html).region(at, html.length());
      String near = html.substring(at, Math.min(html.length(), at + 120));
      assertTrue(tag.lookingAt(), () -> "no tag: " + near);
      String name = tag.group(2);
      if (name == null || VOID.contains(name) || OPTIONAL.contains(name)) {
        continue;
      } else if (tag.group(1).equals("/")) {
        assertEquals(open.poll(), name, () -> "closed: " + near);
      } else if (tag.group(4).isEmpty()) {
        open.push(name);
      }
    }
    assertTrue(open.isEmpty(), () -> "open at the end: " + open);
  }

  private void checkStructure() {
    assertEquals(1, all("h1").size());
    assertEquals(0, all("script,iframe,object,embed,base,form").size());
    Set<String> ids = new HashSet<>();
    int level = 1;
    for (Element element : document.getAllElements()) {
      if (element.hasAttr("id")) {
        assertTrue(ids.add(element.id()), () -> "twice: id " + element.id());
      }
      if (element.tagName().matches("h[1-6]")) {
        int next = element.tagName().charAt(1) - '0';
        int before = level;
        assertTrue(next <= before + 1, () -> "h" + before + " before " + element);
        level = next;
      }
      element
          .attributes()
          .forEach(
              attribute -> {
                String key = attribute.getKey();
                assertFalse(key.startsWith("on"), () -> "a script: " + element);
                if (Set.of("src", "href", "xlink:href").contains(key)) {
                  assertTrue(attribute.getValue().startsWith("data:"), () -> "asks: " + element);
                }
              });
    }
    for (Element image : all("img")) {
      assertFalse(image.attr("alt").isEmpty(), image::toString);
    }
    for (Element labelled : all("[aria-labelledby]")) {
      assertTrue(ids.contains(labelled.attr("aria-labelledby")), labelled::toString);
    }
    assertFalse(html.contains("url("), "styles ask for files");
    assertFalse(html.contains("NaN") && document.text().contains("NaN"), "NaN is shown");
    assertFalse(html.contains("null") && document.text().matches("(?s).*\\bnull\\b.*"), "null");
  }

  /**
   * What is written from right to left stands by itself, between isolating signs, or in an element
   * that isolates it: it moves nothing that stands beside it.
   */
  void checkDirections() {
    for (Element element : document.getAllElements()) {
      boolean isolated = element.closest("bdi,title,desc,pre") != null || element.hasClass("name");
      for (TextNode text : element.textNodes()) {
        String rest = isolated ? "" : text.getWholeText().replaceAll("\u2068[^\u2069]*\u2069", "");
        char[] chars = rest.toCharArray();
        assertFalse(Bidi.requiresBidi(chars, 0, chars.length), () -> "not by itself: " + element);
      }
    }
  }

  List<Element> all(String query) {
    return document.select(query);
  }

  /** The only element that a query finds. */
  public Element one(String query) {
    List<Element> found = all(query);
    assertEquals(1, found.size(), query);
    return found.get(0);
  }

  /** All that a reader sees, with single spaces. */
  public String text() {
    return document.text();
  }

  /** The sentence at the top. */
  public String lead() {
    return document.select(".lead").text();
  }

  /** The warnings, without the words before each. */
  public List<String> warnings() {
    return all(".warn").stream().map(e -> e.text().replace("Look at this: ", "")).toList();
  }

  public List<String> captions() {
    return all("caption").stream().map(Element::text).toList();
  }

  /** The table under a caption: its rows, the heads first, as they are written. */
  public List<List<String>> table(String caption) {
    for (Element table : all("table")) {
      if (!table.select("caption").isEmpty()
          && table.select("caption").get(0).text().equals(caption)) {
        return rows(table);
      }
    }
    throw new AssertionError("no table " + caption + " in " + captions());
  }

  /** The rows of a table. */
  public static List<List<String>> rows(Element table) {
    List<List<String>> rows = new ArrayList<>();
    for (Element row : table.select("tr")) {
      rows.add(row.children().stream().map(Element::wholeText).toList());
    }
    return rows;
  }

  /** The descriptions of a list. */
  public String fact(String term) {
    for (Element dt : all("dt")) {
      if (dt.wholeText().equals(term)) {
        return dt.nextElementSibling().wholeText();
      }
    }
    throw new AssertionError("no " + term);
  }
}
