package dev.lanewise.source;

import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.Mutator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class JsonScannerProperties {
  /** Writes a text as JSON, with and without escapes that are not necessary. */
  private static void text(String value, StringBuilder out, Random random) {
    out.append('"');
    for (char c : value.toCharArray()) {
      int which = "\"\\/\b\f\n\r\t".indexOf(c);
      boolean pair = Character.isSurrogate(c);
      if (which >= 0 && (which != 2 || random.nextBoolean()) && random.nextInt(4) > 0) {
        out.append('\\').append("\"\\/bfnrt".charAt(which));
      } else if (c < ' ' || c == '"' || c == '\\' || !pair && random.nextInt(6) == 0) {
        String digits = "%04x".formatted((int) c);
        out.append("\\u").append(random.nextBoolean() ? digits.toUpperCase() : digits);
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  private static void blanks(StringBuilder out, Random random) {
    for (int i = random.nextInt(6); i > 3; i--) {
      out.append(" \n\r\t".charAt(random.nextInt(4)));
    }
  }

  /** Writes a random value, and returns it. */
  private static Object write(StringBuilder out, Random random, int depth) {
    blanks(out, random);
    Object value;
    switch (random.nextInt(depth > 5 ? 5 : 8)) {
      case 0 -> out.append(value = null);
      case 1 -> out.append(value = random.nextBoolean());
      case 2, 3 -> {
        String number = number(random);
        out.append(number);
        value = Double.parseDouble(number);
      }
      case 4 -> {
        String string = string(random);
        text(string, out, random);
        value = string;
      }
      case 5, 6 -> {
        List<Object> list = new ArrayList<>();
        out.append('[');
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(write(out, random, depth + 1));
          out.append(i > 1 ? "," : "");
        }
        blanks(out, random);
        out.append(']');
        value = list;
      }
      default -> {
        Map<String, Object> map = new LinkedHashMap<>();
        out.append('{');
        for (int i = random.nextInt(4); i > 0; i--) {
          String name = map.size() + string(random);
          blanks(out, random);
          text(name, out, random);
          blanks(out, random);
          out.append(':');
          map.put(name, write(out, random, depth + 1));
          out.append(i > 1 ? "," : "");
        }
        blanks(out, random);
        out.append('}');
        value = map;
      }
    }
    blanks(out, random);
    return value;
  }

  private static String number(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Long.toString(random.nextLong() >> random.nextInt(64));
      case 1 -> Double.toString(random.nextGaussian() * 1e3);
      case 2 -> random.nextInt(100) + "e" + (random.nextInt(80) - 40);
      default -> "-0." + random.nextInt(1 << random.nextInt(30)) + "E+" + random.nextInt(9);
    };
  }

  private static String string(Random random) {
    StringBuilder string = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      string.appendCodePoint("ab\"\\/\n\t\u0000\u00fc\u2028,:]}".codePointAt(random.nextInt(14)));
      string.append(random.nextInt(9) == 0 ? "\ud83d\ude00" : "");
    }
    return string.toString();
  }

  /** Names, some of which occur and some of which only look similar in bytes. */
  private static final List<String> LIKELY = List.of("", "a", "b", "/", "\\", "\"", "\n", "\u00fc");

  private static JsonScanner scanner(byte[] bytes) throws FormatException {
    return new JsonScanner(bytes, bytes.length, "text");
  }

  private static Object read(JsonScanner json) throws FormatException {
    char kind = json.kind();
    switch (kind) {
      case '[' -> {
        List<Object> list = new ArrayList<>();
        json.begin(kind);
        while (json.more()) {
          list.add(read(json));
        }
        return list;
      }
      case '{' -> {
        Map<String, Object> map = new LinkedHashMap<>();
        json.begin(kind);
        while (json.more()) {
          String name = json.member(LIKELY.get(map.size() % LIKELY.size()));
          map.put(name, read(json));
        }
        return map;
      }
      case '"' -> {
        return json.text();
      }
      case '0' -> {
        return json.number();
      }
      default -> {
        return json.word();
      }
    }
  }

  private static Object read(String text) throws FormatException {
    JsonScanner json = scanner(text.getBytes(StandardCharsets.UTF_8));
    Object value = read(json);
    json.finish();
    return value;
  }

  @Property(tries = 1000)
  void whatIsWrittenIsRead(@ForAll Random random) throws IOException {
    StringBuilder out = new StringBuilder(random.nextInt(9) == 0 ? "\ufeff" : "");
    Object value = write(out, random, 0);
    String text = out.toString();
    assertEquals(value, read(text), text);

    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] more = Arrays.copyOf(bytes, bytes.length + 3);
    JsonScanner json =
        new JsonScanner(more, bytes.length, "text"); // the zeros after it are not read
    json.skip();
    json.finish();

    // A text that breaks off is refused, unless it is a number.
    String bare = text.strip();
    String part = bare.substring(0, random.nextInt(bare.length()));
    if (!(value instanceof Double)) {
      assertThrows(FormatException.class, () -> read(part), part);
      byte[] cut = part.getBytes(StandardCharsets.UTF_8);
      assertThrows(FormatException.class, () -> scanner(cut).skip(), part);
    }
  }

  @Example
  void aSecondMemberOfANameIsRefused() throws FormatException {
    read("{'n':{'n':1,'m':[{'n':1},{'n':2}]},'m':{'n':1},'N':3}".replace('\'', '"'));
    for (String wrong : List.of("{'n':1,'n':1}", "[{'m':{'k':1},'n':2,'\\u006e':3}]")) {
      byte[] bytes = wrong.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
      String read = refusal(bytes, false);
      assertEquals(read, refusal(bytes, true));
      assertTrue(read.endsWith(" is one of two members n, expected each name once"), read);
    }
    assertEquals(
        "text: line 2, byte 2 is one of two members n, expected each name once",
        refusal("{\"n\":1,\n \"n\":1}".getBytes(StandardCharsets.UTF_8), false));
  }

  @Property(tries = 1000)
  void readingAndSkippingRefuseTheSame(@ForAll Random random) throws IOException {
    StringBuilder out = new StringBuilder();
    write(out, random, 0);
    byte[] bytes =
        new Mutator(random.nextLong()).mutate(out.toString().getBytes(StandardCharsets.UTF_8));
    String read = refusal(bytes, false);
    assertEquals(read, refusal(bytes, true));
    assertTrue(read.isEmpty() || read.startsWith("text: line "), read);
  }

  private static String refusal(byte[] bytes, boolean skips) {
    try {
      JsonScanner json = scanner(bytes);
      if (skips) {
        json.skip();
      } else {
        read(json);
      }
      json.finish();
      return "";
    } catch (FormatException e) {
      return e.getMessage();
    }
  }

  private static final String[] WRONG = {
    "", " ", "[", "]", "[1", "[1,",
    "[1,]", "[,1]", "[1 2]", "[1]]", "{", "{\"a\"}",
    "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "{1:1}", "{\"a\":1 \"b\":2}",
    "{\"a\":1]", "[1}", "+1", "01", "-", "-a",
    ".5", "5.", "1e", "1e+", "0x1", "1_0",
    "1e999", "-1e400", "NaN", "Infinity", "nul", "nulll",
    "True", "tru", "\"", "\"\\\"", "\"\\x\"", "\"\\u12\"",
    "\"\\u12g4\"", "\"\n\"", "\"\u0000\"", "\"a\" \"b\"", "\ufeff\ufeff1", "/**/1",
    "1//", "1\u00e9", "[]\ud83d\ude00", "1\u0000", "[1\u00a0]", "\u00a01",
    "\u000b1"
  };

  @Example
  void whatBreaksARuleIsRefused() throws IOException {
    for (String text : WRONG) {
      FormatException e = assertThrows(FormatException.class, () -> read(text), text);
      assertTrue(
          e.getMessage().matches("text: line [0-9]+, byte [0-9]+ is .*, expected .*"), text + e);
    }
    assertThrows(FormatException.class, () -> scanner(new byte[] {'"', (byte) 0xc0, '"'}));
    assertEquals(-0.0, read("-0"));
    assertEquals("\ud800", read("\"\\ud800\"")); // JSON allows half of a surrogate pair
    unreadable(() -> read("[1,\n2,\n x]"), "text: line 3, byte 2 is x, expected a value");
    for (String text : List.of("[1 \u0001]", "[1 \u00e9]", "[1 ~]")) {
      int c = text.getBytes(StandardCharsets.UTF_8)[3] & 0xff;
      unreadable(
          () -> read(text),
          "text: line 1, byte 4 is %s, expected a comma or ]"
              .formatted(c == '~' ? "~" : "byte " + c));
    }
    unreadable(
        () -> read("\"a"),
        "text: line 1, byte 3 is the end, expected a closing quote (\\n stands for the end of a line)");
    unreadable(
        () -> scanner(new byte[] {-1}),
        "text: line 1, byte 1 is not UTF-8, expected JSON in UTF-8");
  }

  @Example
  void kindsOfValues() throws IOException {
    JsonScanner json = scanner("[-1, 0, 9, true, false, null, \" \", [], {}]".getBytes());
    StringBuilder kinds = new StringBuilder();
    kinds.append(json.kind());
    json.begin('[');
    while (json.more()) {
      kinds.append(json.kind());
      json.skip();
    }
    assertEquals("[000ttn\"[{", kinds.toString());
  }

  /** Deep nesting causes neither a stack overflow nor a large use of memory. */
  @Example
  void deepBracketsAreRefused() throws IOException {
    assertTrue(read("[".repeat(64) + "]".repeat(64)) instanceof List);
    for (String open : List.of("[", "{\"a\":")) {
      byte[] deep = open.repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
      unreadable(
          () -> scanner(deep).skip(),
          "is too many brackets within each other, expected at most 64");
    }
  }

  @Example
  void misuseIsTold() throws IOException {
    assertThrows(IllegalStateException.class, () -> scanner(new byte[1]).more());
    assertThrows(IndexOutOfBoundsException.class, () -> new JsonScanner(new byte[1], 2, "text"));
  }
}
