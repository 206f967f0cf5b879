package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.cli.JsonReader;
import dev.lanewise.format.internal.Bytes;
import java.nio.charset.StandardCharsets;
import java.text.Bidi;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.TextNode;

/** A page of a report, checked strictly and then parsed as by a browser. */
@SuppressWarnings("exports") // jsoup is on the class path of the tests
public record Page(String html, Document document) {
  private static final Pattern TAG =
      Pattern.compile(
          "<!DOCTYPE html>|<(/?)([a-z][a-zA-Z0-9]*)((?: [a-zA-Z-]+(?::[a-z]+)?=\"[^\"<>]*\")*)(/?)>");

  private static final Set<String> VOID = Set.of("meta", "link", "img", "br");

  /** Parses a page, which must be strictly well formed and complete. */
  public static Page of(String html) {
    checkTags(html);
    Document document = Jsoup.parse(html);
    document.outputSettings().prettyPrint(false);
    Page page = new Page(html, document);
    page.checkStructure();
    return page;
  }

  /** Checks that every {@code <} begins a tag, all elements are closed, and values are quoted. */
  private static void checkTags(String html) {
    Deque<String> open = new ArrayDeque<>();
    String script = script(html);
    html = html.replace(script, ""); // which may compare numbers
    for (int at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
      Matcher tag = TAG.matcher(html).region(at, html.length());
      String near = html.substring(at).lines().findFirst().orElseThrow();
      assertTrue(tag.lookingAt(), () -> "no tag: " + near);
      String name = tag.group(2);
      if (name == null || VOID.contains(name)) {
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
    assertEquals(0, all("iframe,object,embed,base,form").size());
    int charts =
        all("figure.chart > div + script[type=application/json] + details table").isEmpty() ? 0 : 1;
    assertEquals(charts, all("script:not([type])").size(), "the script of charts, and no other");
    String policy = one("meta[http-equiv]").attr("content");
    String allowed = charts == 0 ? "'none'" : hash(script(html));
    assertTrue(policy.endsWith("; script-src " + allowed), policy);
    assertEquals(
        charts == 1, html.contains("The MIT License (MIT)") && html.contains("Leon Sorokin"));
    assertEquals(charts, all("noscript").size());
    charts(); // can be read
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

  private static String script(String html) {
    int at = html.indexOf("<script>");
    return at < 0 ? "<>" : html.substring(at + 8, html.indexOf("</script>", at));
  }

  /** Returns a script as a content security policy names it. */
  public static String hash(String script) {
    byte[] digest = Bytes.sha256().digest(script.getBytes(StandardCharsets.UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
  }

  /** Returns the data of the charts by their titles. */
  Map<String, Map<String, Object>> charts() {
    Map<String, Map<String, Object>> charts = new LinkedHashMap<>();
    for (Element figure : all("figure.chart")) {
      Element data = figure.selectFirst("script");
      String title = figure.selectFirst("figcaption").wholeText();
      charts.put(title, data == null ? Map.of() : JsonReader.object(data.data()));
    }
    return charts;
  }

  /** Returns values of a curve of a chart: {@code x} or {@code y}. */
  @SuppressWarnings("unchecked")
  public List<Double> values(String title, int curve, String member) {
    List<Map<String, Object>> curves =
        (List<Map<String, Object>>) charts().get(title).get("curves");
    return (List<Double>) curves.get(curve).get(member);
  }

  /** Checks that right-to-left text is isolated by characters or elements. */
  void checkDirections() {
    for (Element element : document.getAllElements()) {
      boolean isolated = element.closest("bdi,title,desc,pre") != null || element.hasClass("name");
      for (TextNode text : element.textNodes()) {
        String rest = isolated ? "" : text.getWholeText().replaceAll("\u2068[^\u2069]*\u2069", "");
        char[] chars = rest.toCharArray();
        assertFalse(Bidi.requiresBidi(chars, 0, chars.length), () -> "not isolated: " + element);
      }
    }
  }

  List<Element> all(String query) {
    return document.select(query);
  }

  /** Returns the only element for a query. */
  public Element one(String query) {
    List<Element> found = all(query);
    assertEquals(1, found.size(), query);
    return found.get(0);
  }

  /** Returns all text, with single spaces. */
  public String text() {
    return document.text();
  }

  /** Returns the sentence at the top. */
  public String lead() {
    return document.select(".lead").text();
  }

  /** Returns the warnings without the word that precedes each of them. */
  public List<String> warnings() {
    return all(".warn").stream().map(e -> e.text().replace("Look at this: ", "")).toList();
  }

  public List<String> captions() {
    return all("caption").stream().map(Element::text).toList();
  }

  /** Returns the rows of the table with a caption; the first row has the headings. */
  public List<List<String>> table(String caption) {
    for (Element table : all("table")) {
      if (!table.select("caption").isEmpty()
          && table.select("caption").get(0).text().equals(caption)) {
        return rows(table);
      }
    }
    throw new AssertionError("no table " + caption + " in " + captions());
  }

  /** Returns the rows of a table. */
  public static List<List<String>> rows(Element table) {
    return table.select("tr").stream()
        .map(row -> row.children().stream().map(Element::wholeText).toList())
        .toList();
  }

  /** Returns the description of a term. */
  public String fact(String term) {
    for (Element dt : all("dt")) {
      if (dt.wholeText().equals(term)) {
        return dt.nextElementSibling().wholeText();
      }
    }
    throw new AssertionError("no " + term);
  }
}
