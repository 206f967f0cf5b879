package dev.lanewise.report;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
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

  /** Returns all elements with a name and a class; empty for none. */
  List<Element> elements(String name, String look) {
    NodeList nodes = document.getElementsByTagName(name);
    return IntStream.range(0, nodes.getLength())
        .mapToObj(i -> (Element) nodes.item(i))
        .filter(element -> element.getAttribute("class").equals(look))
        .toList();
  }

  List<String> texts(String look) {
    return elements("text", look).stream().map(Element::getTextContent).toList();
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
