package dev.lanewise.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Numbers are parsed to the same bits as by the JDK. */
class DecimalsProperties {
  private static Arbitrary<Double> doubles() {
    return Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite);
  }

  /** Creates texts of up to 24 digits that contain a decimal point. */
  private static Arbitrary<String> digits() {
    return Combinators.combine(
            Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(24),
            Arbitraries.integers().between(0, 24))
        .as((text, point) -> new StringBuilder(text).insert(Math.min(point, text.length()), '.'))
        .map(Object::toString);
  }

  /** Returns the middle between two neighbouring doubles, exactly or rounded to some digits. */
  private static String halfway(double below, int digits) {
    BigDecimal step = new BigDecimal(Math.ulp(below)).divide(BigDecimal.valueOf(2));
    BigDecimal middle = new BigDecimal(below).add(step);
    return (digits == 0 ? middle : middle.round(new MathContext(digits))).toString();
  }

  @Provide
  Arbitrary<String> numbers() {
    Arbitrary<Integer> exponents = Arbitraries.integers().between(-345, 310);
    Arbitrary<String> table =
        Combinators.combine(doubles(), Arbitraries.integers().between(1, 8))
            .as((x, n) -> new BigDecimal(x % 1e4).round(new MathContext(n)).toPlainString());
    return Arbitraries.oneOf(
        table,
        digits(),
        digits().map(text -> "-" + text),
        Combinators.combine(digits(), exponents).as((text, e) -> text + "e" + e),
        Combinators.combine(Arbitraries.longs(), exponents).as((n, e) -> n + "E" + e),
        doubles().map(Object::toString),
        Arbitraries.floats().filter(Float::isFinite).map(Object::toString),
        Combinators.combine(doubles(), Arbitraries.integers().between(1, 25))
            .as((x, n) -> new BigDecimal(x).round(new MathContext(n)).toString()),
        Combinators.combine(doubles(), Arbitraries.of(0, 16, 17, 18, 19, 20, 30))
            .as(DecimalsProperties::halfway));
  }

  @Property(tries = 12_000, edgeCases = EdgeCasesMode.NONE)
  void numbersAreTheNearestDoubles(@ForAll("numbers") String text) {
    long expected = Double.doubleToRawLongBits(Double.parseDouble(text));
    int length = text.length();
    byte[] bytes = Arrays.copyOf((text + ",1,2").getBytes(StandardCharsets.US_ASCII), length + 40);
    double parsed = Decimals.parse(bytes, 0, length, '.');
    assertEquals(expected, Double.doubleToRawLongBits(parsed), text);
    double[] out = new double[1];
    long[] marks = new long[1];
    int end = Decimals.pass(bytes, 0, '.', out, marks, 0);
    boolean isShort =
        text.matches("-?(?=[0-9.]{1,9}$)([0-9]{1,8}|[0-9]{0,7}\\.[0-9]+|[0-9]{1,7}\\.)")
            && text.replaceAll("[^0-9]", "").length() <= 8;
    assertEquals(isShort, end == length, text);
    if (isShort) {
      assertEquals(expected, Double.doubleToRawLongBits(out[0]), text);
      assertEquals(MarkedNumber.of(bytes, 0, length, '.'), marks[0], text);
    } else {
      assertTrue(end == 0 && Double.isNaN(out[0]) || "eE".indexOf(text.charAt(end)) >= 0, text);
    }
  }
}
