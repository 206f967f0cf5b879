package dev.lanewise.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernel.KernelChoice;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests matrices that fill their arrays, because squares also read values next to their rows. */
class TransposeTest {
  private static final int MOST = 35;

  @BeforeEach
  void vectors() {
    assumeTrue(KernelChoice.current().vector(), "the squares are those of the vector kernels");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void everyShape(int gap) {
    for (int rows = 1; rows <= MOST; rows++) {
      for (int columns = 1; columns <= MOST; columns++) {
        check(rows, columns, gap, 0);
        check(rows, columns, 0, gap);
      }
    }
  }

  /** Checks that values between the rows of X are not used, and that those of Y do not change. */
  private static void check(int rows, int columns, int xGap, int yGap) {
    int ldx = columns + xGap;
    int ldy = rows + yGap;
    float[] x = new float[rows * ldx - xGap];
    for (int i = 0; i < x.length; i++) {
      x[i] = i % ldx < columns ? i + 1 : Float.NaN;
    }
    float[] y = new float[columns * ldy - yGap];
    Arrays.fill(y, -1);
    float[] expected = y.clone();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        expected[j * ldy + i] = x[i * ldx + j];
      }
    }
    Transpose.transpose(rows, columns, x, 0, ldx, y, 0, ldy);
    assertArrayEquals(expected, y, () -> rows + " x " + columns + ", " + xGap + ", " + yGap);
  }
}
