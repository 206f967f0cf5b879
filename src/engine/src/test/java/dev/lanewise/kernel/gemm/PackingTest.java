package dev.lanewise.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.kernel.simd.Lanes;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Packs operands that end with their arrays, so that vectors must not read beyond them. */
class PackingTest {
  private static final int[] SIZES = {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 70, 81};

  @BeforeEach
  void vectors() {
    assumeTrue(KernelChoice.current().vector(), "only the vector kernels pack");
  }

  /** Returns a matrix of different numbers, with NaN between its rows. */
  private static float[] matrix(int rows, int columns, int ld) {
    float[] x = new float[(rows - 1) * ld + columns];
    for (int i = 0; i < x.length; i++) {
      x[i] = i % ld < columns ? 1 + i : Float.NaN;
    }
    return x;
  }

  @Test
  void columnsAndTransposedRowsBecomePanels() {
    for (int vectors = 1; vectors <= Plan.MOST_VECTORS; vectors++) {
      int nr = vectors * Lanes.LENGTH;
      for (int columns : SIZES) {
        for (int depth : SIZES) {
          for (int gap : new int[] {0, 5}) {
            float[] panels = new float[3 + (columns + nr) * depth];
            float[] b = matrix(depth, columns, columns + gap);
            Packing.columns(columns, depth, b, 0, columns + gap, panels, 3, nr);
            assertPanels(columns, depth, nr, panels, b, columns + gap, 1);
            Arrays.fill(panels, Float.NaN);
            b = matrix(columns, depth, depth + gap);
            Packing.transposed(columns, depth, b, 0, depth + gap, panels, 3, nr);
            assertPanels(columns, depth, nr, panels, b, 1, depth + gap);
          }
        }
      }
    }
  }

  private static void assertPanels(
      int columns, int depth, int nr, float[] panels, float[] b, int row, int column) {
    for (int j = 0; j < columns; j++) {
      int first = j / nr * nr;
      int width = Math.min(nr, columns - first);
      int step = (width + Lanes.LENGTH - 1) / Lanes.LENGTH * Lanes.LENGTH;
      for (int p = 0; p < depth; p++) {
        assertEquals(b[p * row + j * column], panels[3 + first * depth + p * step + j - first]);
      }
    }
  }

  @Test
  void rowsBecomeTiles() {
    for (int vectors = 1; vectors <= Plan.MOST_VECTORS; vectors++) {
      for (int rows : SIZES) {
        for (int depth : SIZES) {
          int lda = rows + depth % 3;
          float[] a = matrix(depth, rows, lda);
          float[] tiles = new float[2 + rows * depth + Plan.SLACK];
          Packing.tiles(vectors, rows, depth, a, 0, lda, tiles, 2);
          int i = 0;
          for (int height : MicroKernels.HEIGHTS) {
            for (; height <= Plan.tallest(true, vectors) && i + height <= rows; i += height) {
              for (int p = 0; p < depth; p++) {
                for (int r = 0; r < height; r++) {
                  assertEquals(a[p * lda + i + r], tiles[2 + i * depth + p * height + r]);
                }
              }
            }
          }
          assertEquals(rows, i);
        }
      }
    }
  }

  @Test
  void packedMatricesConsistOfPanels() {
    for (int n : SIZES) {
      for (int k : SIZES) {
        float[] b = new float[4 + n * k];
        for (int i = 0; i < b.length; i++) {
          b[i] = i + 1;
        }
        for (boolean panels : new boolean[] {false, true}) {
          PackedMatrix packed = panels ? Gemm.panels(n, k, b, 4) : PackedMatrix.ofRows(n, k, b, 4);
          assertEquals(panels ? Plan.vectors(n) * Lanes.LENGTH : n, packed.panel);
          float sum = 0;
          for (int j = 0; j < n; j++) {
            int first = j / packed.panel * packed.panel;
            int at = packed.offset(first) + j - first;
            assertTrue(packed.step(first) % (panels ? Lanes.LENGTH : 1) == 0);
            for (int p = 0; p < k; p++) {
              assertEquals(b[4 + p * n + j], packed.values[at + p * packed.step(first)]);
              sum += b[4 + p * n + j];
            }
          }
          float all = 0;
          for (float value : packed.values) {
            all += value;
          }
          assertEquals(sum, all, sum * 1e-3, "padding of zeros");
        }
      }
    }
  }

  @Test
  void tooLargeAMatrixIsNotCopied() {
    assertEquals(null, Gemm.panels(1 << 16, 1 << 15, new float[1], 0));
    assertEquals(null, PackedMatrix.ofRows(1 << 16, 1 << 15, new float[1], 0));
    // The values would fit into an array, but not with the padding.
    assertEquals(null, Gemm.panels(1, 1 << 30, new float[1], 0));
  }
}
