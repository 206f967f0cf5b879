package dev.lanewise.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares p-values with those that scipy 1.15 prints. */
class FisherTestTest {
  private static void assertClose(double expected, double found) {
    assertEquals(expected, found, 1e-7 * expected);
  }

  /**
   * Twice {@code scipy.stats.hypergeom.sf(b - 1, n + m, a + b, m)} or {@code cdf(b, ...)}, at most
   * 1.
   */
  @ParameterizedTest
  @CsvSource({
    "0, 1000, 5, 1000, 0.0621875785163488", "3, 50, 40, 60, 2.3504514031642923e-11",
    "10, 65536, 9, 500, 1.3150249512988437e-14", "100, 300, 330, 1000, 0.9665677065061683",
    "0, 300, 0, 1000, 1", "20, 40, 500, 1000000, 3.938987922325559e-55",
    "7, 7, 50, 100, 0.02027811891070243"
  })
  void twiceTheTail(double a, double n, double b, double m, double p) {
    assertClose(p, FisherTest.p(a, n, b, m));
    assertClose(p, FisherTest.p(b, m, a, n));
    assertClose(p, FisherTest.p(n - a, n, m - b, m));
  }
}
