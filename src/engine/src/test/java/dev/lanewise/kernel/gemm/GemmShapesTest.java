package dev.lanewise.kernel.gemm;

import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.kernel.Matrix.Values;
import dev.lanewise.kernel.simd.WarmUps;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shapes that are rarely drawn at random: large ones, and one for each edge of a loop. */
class GemmShapesTest {
  @ParameterizedTest(name = "{0} {1} x {2} x {3}, {4}, {5}")
  @CsvSource({
    "NN, 50, 7, 30, BIAS, RELU", // whole vectors reach into the start of the next row
    "NN, 2, 7, 30, BIAS, RELU", // too few values follow the rows
    "NN, 51, 8, 37, ZERO, NONE",
    "NN, 51, 8, 600, BIAS, RELU",
    "NT, 19, 5, 257, ZERO, RELU_MASK",
    "NN, 9, 1, 5, BIAS, RELU",
    "NT, 51, 5, 37, ZERO, RELU_MASK",
    "NT, 9, 3, 70, ZERO, RELU_MASK",
    "NN, 40, 6, 20, BIAS, RELU_MASK",
    "NN, 50, 37, 30, ZERO, NONE",
    "NN, 50, 7, 2100, BIAS, RELU",
    "NN, 50, 7, 9000, BIAS, RELU", // a second pass of one vector, through the workspace
    "NN, 50, 7, 30, RESULT, RELU_MASK",
    "NT, 50, 7, 30, ZERO, RELU_MASK",
    "NT, 50, 60, 7, ZERO, RELU_MASK", // transposed squares that are not full
    "NN, 300, 16, 2100, BIAS, RELU", // blocks of rows and of terms
    "NN, 130, 250, 2100, BIAS, RELU",
    "NN, 300, 256, 600, BIAS, RELU",
    "NN, 20, 80, 2100, BIAS, RELU",
    "NN, 8, 250, 1024, BIAS, RELU",
    "NN, 1, 300, 2100, BIAS, RELU", // a single row
    "NN, 12, 2100, 20, BIAS, NONE",
    "NN, 40, 1000, 200, BIAS, RELU",
    "TN, 130, 1000, 300, ZERO, NONE",
    "NT, 12, 2100, 20, ZERO, RELU_MASK",
    "NT, 54, 60, 32, ZERO, RELU_MASK",
    "NN, 64, 60, 67, RESULT, NONE",
    "TN, 80, 200, 103, BIAS, RELU", // packed tiles of A^T
    "TN, 80, 16, 103, ZERO, NONE",
    "TN, 6, 192, 9, BIAS, RELU",
    "TN, 80, 7, 100, ZERO, NONE", // C^T
    "TN, 80, 16, 2100, ZERO, NONE", // sums that are too long for C^T
    "TN, 80, 7, 100, BIAS, RELU",
    "TN, 80, 7, 100, RESULT, RELU_MASK",
    "TN, 15, 200, 600, BIAS, RELU",
    "TN, 1, 300, 40, ZERO, NONE",
    "NN, 2, 191, 60, BIAS, RELU", // few rows, in place
    "NN, 2, 112, 60, BIAS, NONE",
    "NN, 3, 96, 60, ZERO, RELU",
    "NN, 5, 19, 60, BIAS, RELU",
    "NN, 31, 40, 2048, ZERO, NONE",
    "NN, 1, 16, 2304, BIAS, RELU",
    "NN, 5, 37, 2100, BIAS, NONE",
    "NN, 1, 7, 40, BIAS, RELU", // a row shorter than a vector
    "NN, 6, 3, 2, ZERO, NONE",
    "NN, 4, 90, 3, BIAS, RELU",
    "NT, 40, 300, 3, ZERO, RELU_MASK",
    "NT, 3, 57, 2, BIAS, RELU",
    "NN, 50, 300, 200, BIAS, RELU",
    "NN, 170, 80, 790, ZERO, NONE",
    "TN, 300, 250, 64, BIAS, RELU",
    "TN, 40, 70, 1030, ZERO, NONE",
    "TN, 1030, 80, 200, ZERO, NONE",
    "TN, 5, 448, 13, ZERO, NONE",
    "TN, 60, 44, 1, BIAS, RELU", // one term
    "NT, 60, 44, 1, ZERO, RELU_MASK",
    "NT, 40, 1, 50, BIAS, RELU", // matrix and vector
    "NN, 29, 1, 37, RESULT, RELU_MASK",
    "NT, 1, 61, 37, BIAS, RELU",
    "NT, 1, 5, 3, RESULT, NONE",
    "NT, 12, 200, 150, ZERO, RELU_MASK", // C^T, from B in place
    "NT, 70, 520, 300, ZERO, NONE",
    "NT, 16, 2000, 300, ZERO, RELU_MASK",
    "NT, 40, 2050, 20, ZERO, RELU_MASK",
    "NN, 34, 5400, 100, BIAS, RELU",
    "NT, 34, 12900, 41, ZERO, NONE",
    "TN, 34, 2100, 1029, ZERO, NONE", // B in two blocks of columns
    "TN, 130, 2100, 1029, RESULT, RELU_MASK", // and A in blocks of rows
    "NN, 37, 1, 50, BIAS, RELU",
    "NT, 1, 100, 64, BIAS, RELU_MASK"
  })
  void everyWayGivesTheChain(
      Orientation orientation, int m, int n, int k, Initial initial, Epilogue epilogue) {
    long seed = m * 31L + n;
    for (Values values : new Values[] {Values.PLAIN, Values.SPECIAL}) {
      Product product = new Product(orientation, m, n, k, initial, epilogue, values, seed);
      Workspace workspace = new Workspace();
      product.check("scalar", new Gemm(orientation, m, n, k, workspace, null), workspace);
      if (KernelChoice.current().vector()) {
        WarmUps none = new WarmUps(false);
        product.check("vectors", new Gemm(orientation, m, n, k, workspace, none), workspace);
      }
    }
  }
}
