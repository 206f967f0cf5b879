package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SvgTest {
  @Test
  void numbersAreRoundedToTenths() {
    assertEquals("0", number(0));
    assertEquals("0", number(-0.04));
    assertEquals("-0.1", number(-0.06));
    assertEquals("-12", number(-12.01));
    assertEquals("3.5", number(3.46));
    assertEquals("100", number(99.96));
    assertEquals("1234567.8", Parsed.in("de-DE", () -> number(1234567.8)));
  }

  private static String number(double value) {
    String whole = new Svg().number(value).finish(1, 1, "t", "d");
    return whole.substring(whole.lastIndexOf("/>\n") + 3, whole.lastIndexOf("</svg>"));
  }
}
