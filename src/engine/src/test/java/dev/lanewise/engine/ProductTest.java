package dev.lanewise.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products of arrays have the bits of three loops, and operands that do not fit are refused. */
class ProductTest {
  private static float[] draw(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static Product product(int form, int m, int n, int k) {
    return form == 0 ? Product.nn(m, n, k) : form == 1 ? Product.nt(m, n, k) : Product.tn(m, n, k);
  }

  @Property
  void productsAreThoseOfThreeLoops(
      @ForAll @IntRange(max = 2) int form,
      @ForAll @IntRange(min = 1, max = 40) int m,
      @ForAll @IntRange(min = 1, max = 70) int n,
      @ForAll @IntRange(min = 1, max = 50) int k,
      @ForAll @IntRange(max = 2) int initial,
      @ForAll @IntRange(max = 2) int last,
      @ForAll @IntRange(max = 5) int gap,
      @ForAll long seed) {
    Random random = new Random(seed);
    int lda = (form == 2 ? m : k) + gap;
    float[] a = draw(random, gap + lda * Math.max(m, k));
    float[] b = draw(random, gap + n * k);
    float[] c = draw(random, gap + m * n);
    float[] bias = draw(random, gap + n);
    float[] mask = draw(random, gap + m * n);
    float[] expected = c.clone();
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        int at = gap + i * n + j;
        float sum = initial == 0 ? 0 : initial == 1 ? bias[gap + j] : c[at];
        for (int p = 0; p < k; p++) {
          float x = a[gap + (form == 2 ? p * lda + i : i * lda + p)];
          sum = Math.fma(x, b[gap + (form == 1 ? j * k + p : p * n + j)], sum);
        }
        boolean isZero = last == 1 && sum < 0 || last == 2 && !(mask[at] > 0);
        expected[at] = isZero ? 0 : sum;
      }
    }
    Product product = product(form, m, n, k).a(a, gap, lda).b(b, gap).c(c, gap);
    product = initial == 0 ? product : initial == 1 ? product.bias(bias, gap) : product.add();
    product = last == 0 ? product : last == 1 ? product.relu() : product.mask(mask, gap);
    product.multiply(m, k);
    assertArrayEquals(expected, c);
  }

  @Test
  void onceIsTheSame() {
    assertArrayEquals(
        new float[] {19, 22, 43, 50},
        Product.of(new float[] {1, 2, 3, 4}, new float[] {5, 6, 7, 8}, 2, 2, 2));
    assertTrue(Product.kernels().matches("(vector|scalar) kernels.*: .*"), Product.kernels());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0 3 | 0 | 0 | 2 | A is 2x3 from index 0 on, with 3 from row to row: expected rows that do not overlap, in an array of 5",
        "6 | 0 2 | 0 | 0 | 2 | A is 2x3 from index 0 on, with 2 from row to row: expected rows that do not overlap, in an array of 6",
        "6 | 1 3 | 0 | 0 | 2 | A is 2x3 from index 1 on, with 3 from row to row: expected rows that do not overlap, in an array of 6",
        "6 | 0 3 | -1 | 0 | 2 | B is 3x4 from index -1 on, with 4 from row to row: expected rows that do not overlap, in an array of 12",
        "6 | 0 3 | 0 | 1 | 2 | C is 2x4 from index 1 on, with 4 from row to row: expected rows that do not overlap, in an array of 8",
      })
  void operandsMustFit(int length, String a, int b, int c, int m, String expected) {
    String[] place = a.split(" ");
    float[] values = new float[length == 0 ? 5 : length];
    Product product =
        Product.nn(2, 4, 3)
            .a(values, Integer.parseInt(place[0]), Integer.parseInt(place[1]))
            .b(new float[12], b)
            .c(new float[8], c);
    assertRefuses(product, m, 3, "product: " + expected);
  }

  private static void assertRefuses(Product product, int m, int k, String expected) {
    Exception refusal = assertThrows(IllegalArgumentException.class, () -> product.multiply(m, k));
    assertEquals(expected, refusal.getMessage());
  }

  @Test
  void shapesAndPlacesMustFit() {
    float[] values = new float[40];
    Product product = Product.nn(2, 4, 3).a(values, 0, 3).c(values, 18);
    assertRefuses(product, 2, 3, "product: B is missing");
    assertRefuses(
        product.b(values, 10), 2, 3, "product: C overlaps B: expected places of their own");
    product.b(values, 6).c(values, 17);
    assertRefuses(product, 2, 3, "product: C overlaps B: expected places of their own");
    product.c(values, 18).bias(values, 25);
    assertRefuses(product, 2, 3, "product: C overlaps the bias: expected places of their own");
    product.bias(values, 26).mask(new float[7], 0);
    assertRefuses(
        product,
        2,
        3,
        "product: the mask is 2x4 from index 0 on, with 4 from row to row: expected rows that do not overlap, in an array of 7");
    for (int wrong : new int[] {0, 4}) {
      String said =
          "product of 2 rows with sums of %d terms: at least 1 and at most 2 rows and 3 terms";
      assertRefuses(product, 2, wrong, said.formatted(wrong));
    }
    assertEquals(
        "product of 2x0 with sums of 3 terms: each must be at least 1",
        assertThrows(IllegalArgumentException.class, () -> Product.tn(2, 0, 3)).getMessage());
    product.relu().multiply(2, 3);
    Arrays.fill(values, 1);
    product.multiply(2, 3);
    assertEquals(4, values[18]); // a bias and three products
  }
}
