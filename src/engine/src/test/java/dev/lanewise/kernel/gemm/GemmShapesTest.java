package dev.lanewise.kernel.gemm;

import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.kernel.Matrix.Values;
import dev.lanewise.kernel.simd.KernelWarmUps;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shapes that are rarely drawn at random: large ones, and one for each edge of a loop. */
class GemmShapesTest {
  @ParameterizedTest(name = "{0}, {1}, {2}, {3}")
  @CsvSource({
    // 50x7x30: whole vectors reach into the start of the next row;
    // 2x7x30: too few values follow the rows;
    // 50x7x9000: a second pass of one vector, through the workspace;
    // 300x16x2100: blocks of rows and of terms
    "NN, BIAS, RELU, 50x7x30 2x7x30 51x8x600 9x1x5 50x7x2100 50x7x9000 300x16x2100 130x250x2100",
    // 1x300x2100: a single row; 2x191x60: few rows, in place
    "NN, BIAS, RELU, 300x256x600 20x80x2100 8x250x1024 1x300x2100 40x1000x200 2x191x60 5x19x60",
    // 1x7x40: a row shorter than a vector
    "NN, BIAS, RELU, 1x16x2304 1x7x40 4x90x3 50x300x200 34x5400x100 37x1x50",
    "NN, ZERO, NONE, 51x8x37 50x37x30 31x40x2048 6x3x2 170x80x790",
    "NN, BIAS, RELU_MASK, 40x6x20",
    "NN, RESULT, RELU_MASK, 50x7x30 29x1x37",
    "NN, BIAS, NONE, 12x2100x20 2x112x60 5x37x2100",
    "NN, RESULT, NONE, 64x60x67",
    "NN, ZERO, RELU, 3x96x60",
    // 50x60x7: transposed squares that are not full
    "NT, ZERO, RELU_MASK, 19x5x257 51x5x37 9x3x70 50x7x30 50x60x7 12x2100x20 54x60x32 40x300x3",
    // 12x200x150: C^T, from B in place
    "NT, ZERO, RELU_MASK, 60x44x1 12x200x150 16x2000x300 40x2050x20",
    // 40x1x50: matrix and vector
    "NT, BIAS, RELU, 3x57x2 40x1x50 1x61x37",
    "NT, RESULT, NONE, 1x5x3",
    "NT, ZERO, NONE, 70x520x300 34x12900x41",
    "NT, BIAS, RELU_MASK, 1x100x64",
    // 80x7x100: C^T; 80x16x2100: sums that are too long for C^T
    "TN, ZERO, NONE, 130x1000x300 80x16x103 80x7x100 80x16x2100 1x300x40 40x70x1030 1030x80x200",
    // 34x2100x1029: B in two blocks of columns
    "TN, ZERO, NONE, 5x448x13 34x2100x1029",
    // 60x44x1: one term
    "TN, BIAS, RELU, 80x200x103 6x192x9 80x7x100 15x200x600 300x250x64 60x44x1",
    // 130x2100x1029: B in two blocks of columns, A in blocks of rows
    "TN, RESULT, RELU_MASK, 80x7x100 130x2100x1029"
  })
  void everyWayGivesTheChain(
      Orientation orientation, Initial initial, Epilogue epilogue, String shapes) {
    for (String shape : shapes.split(" ")) {
      int[] sizes = Stream.of(shape.split("x")).mapToInt(Integer::parseInt).toArray();
      int m = sizes[0];
      int n = sizes[1];
      int k = sizes[2];
      for (Values values : new Values[] {Values.PLAIN, Values.SPECIAL}) {
        Product product = new Product(orientation, m, n, k, initial, epilogue, values, m * 31L + n);
        Workspace workspace = new Workspace();
        Gemm scalar = new Gemm(orientation, m, n, k, workspace, null);
        product.check("scalar, " + shape, scalar, workspace);
        if (KernelChoice.current().vector()) {
          Gemm vectors = new Gemm(orientation, m, n, k, workspace, new KernelWarmUps(false));
          product.check("vectors, " + shape, vectors, workspace);
        }
      }
    }
  }
}
