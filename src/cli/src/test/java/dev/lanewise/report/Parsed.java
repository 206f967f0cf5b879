package dev.lanewise.report;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.helpers.DefaultHandler;

/** A picture, parsed as XML. */
public record Parsed(Document document) {
  /** Parses a picture, which must be well formed. */
  public static Parsed of(String xml) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setNamespaceAware(true);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(new DefaultHandler()); // throws, and prints nothing
      byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
      return new Parsed(builder.parse(new ByteArrayInputStream(bytes)));
    } catch (Exception e) {
      throw new AssertionError(e.getMessage() + " in\n" + xml, e);
    }
  }

  public Element root() {
    return document.getDocumentElement();
  }

  /** Returns all elements with a name and all the classes. */
  List<Element> elements(String name, String... classes) {
    NodeList nodes = document.getElementsByTagName(name);
    List<Element> found = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      Element element = (Element) nodes.item(i);
      if (Arrays.asList(element.getAttribute("class").split(" "))
          .containsAll(Arrays.asList(classes))) {
        found.add(element);
      }
    }
    return found;
  }

  List<String> texts(String... classes) {
    return elements("text", classes).stream().map(Element::getTextContent).toList();
  }

  String title() {
    return childText("title");
  }

  private String childText(String name) {
    NodeList children = root().getChildNodes();
    return IntStream.range(0, children.getLength())
        .mapToObj(children::item)
        .filter(node -> name.equals(node.getNodeName()))
        .map(Node::getTextContent)
        .findFirst()
        .orElseThrow();
  }

  /** Returns all numbers of paths and coordinates. */
  List<Double> numbers() {
    List<Double> numbers = new ArrayList<>();
    NodeList nodes = document.getElementsByTagName("*");
    for (int i = 0; i < nodes.getLength(); i++) {
      for (String name : new String[] {"width", "height", "d", "viewBox", "transform"}) {
        String value = ((Element) nodes.item(i)).getAttribute(name);
        for (String part : value.replace("100%", "").replace("-", " -").split("[ a-zA-Z()]+")) {
          if (!part.isEmpty()) {
            numbers.add(Double.valueOf(part));
          }
        }
      }
    }
    return numbers;
  }

  /** Returns the result of a supplier under another default locale. */
  public static String in(String languageTag, Supplier<String> supplier) {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag(languageTag));
    try {
      return supplier.get();
    } finally {
      Locale.setDefault(before);
    }
  }
}
