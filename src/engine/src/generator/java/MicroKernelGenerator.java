import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * Writes {@code MicroKernels.java}, the register tiles of the matrix product. A tile keeps each of
 * its sums in a local variable, because C2 keeps only local vectors in registers. The code is
 * therefore repetitive, and {@link #tile} writes it for every number of rows and vectors.
 *
 * <p>Tiles for rows of A take rows at any distance, whose terms are adjacent. Tiles for columns
 * take adjacent rows, as in A^T or in packed A.
 *
 * <p>A panel computes C = Z + A B for a few vectors of columns, tile by tile. Rows of B are at
 * bOffset + p bStep, and rows of the initial values Z at zOffset + i zRow. Z is C, or a bias or
 * zeros with zRow = 0. If overlap is allowed, a tile may also compute rows that are finished
 * already, whose values stay the same.
 *
 * <p>The build runs {@code java MicroKernelGenerator.java OUTPUT_DIRECTORY}.
 */
public final class MicroKernelGenerator {
  /**
   * The widths and heights of tiles. Other widths and rows that are left over take several tiles:
   * tiles for them gained no job 2%.
   */
  private static final int[] VECTORS = {1, 2, 4, 5};

  /** Returns heights: registers hold the sums of six rows of four vectors, and of four of five. */
  private static int[] heights(int vectors) {
    return vectors == 5 ? new int[] {4, 1} : new int[] {6, 4, 1};
  }

  private static final String REST =
      "float[] b, int bOffset, int bStep, float[] z, int zOffset, int zRow, "
          + "float[] c, int cOffset, int cRow";

  private static final String HEADER =
      """
      package dev.lanewise.kernel.gemm;

      import dev.lanewise.kernel.simd.Lanes;
      import dev.lanewise.kernel.simd.KernelWarmUp;
      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.IntVector;
      import jdk.incubator.vector.LongVector;
      import jdk.incubator.vector.VectorMask;
      import jdk.incubator.vector.VectorOperators;
      import jdk.incubator.vector.VectorShuffle;
      import jdk.incubator.vector.VectorSpecies;

      /** The register tiles of the matrix product, which MicroKernelGenerator writes and describes. */
      final class MicroKernels {
        private static final VectorSpecies<Float> S = Lanes.SPECIES;
        private static final Class<? extends FloatVector> VECTOR = Lanes.VECTOR;
        private static final Class<? extends LongVector> LONG_VECTOR = Lanes.LONG_VECTOR;
        private static final int L = Lanes.LENGTH;

        // Heights of the tiles, tallest first.
        static final int[] HEIGHTS = {6, 4, 1};

        // By these, the halves of blocks of lanes are exchanged in a transpose.
        private static final VectorShuffle<Float> SWAP_4 = swap(4);
        private static final VectorShuffle<Float> SWAP_2 = swap(2);

        // Values above 0 in the upper 8 of every 16 lanes. Comparing them with 0 makes the mask in a
        // register; JDK 17 would build a constant mask again for each use.
        private static final float[] UPPER_8 = upper(8);
        private static final float[] UPPER_4 = upper(4);
        private static final float[] UPPER_2 = upper(2);

        private static final long LOW = 0xFFFFFFFFL; // the lower float of a long

        private MicroKernels() {}

        private static VectorShuffle<Float> swap(int s) {
          int[] lanes = new int[L];
          for (int i = 0; i < L; i++) {
            lanes[i] = (i ^ s) % L; // a swap of more lanes than L is not used
          }
          return VectorShuffle.fromArray(S, lanes, 0);
        }

        private static float[] upper(int s) {
          float[] lanes = new float[L];
          for (int i = 0; i < L; i++) {
            lanes[i] = i & s;
          }
          return lanes;
        }
      """;

  private final StringBuilder out = new StringBuilder();

  private MicroKernelGenerator() {}

  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0], "dev", "lanewise", "kernel", "gemm", "MicroKernels.java");
    String text = new MicroKernelGenerator().generate();
    Files.createDirectories(file.getParent());
    // An unchanged file keeps its time, so that an incremental build does not compile it again.
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      Files.writeString(file, text);
    }
  }

  private String generate() {
    out.append(HEADER);
    panels(false, "Element (i, p) of A is at aOffset + i aRow + p.", "aOffset + i * aRow");
    panels(
        true,
        "Element (i, p) of A is at aOffset + i + p aStep; with aStep = 0, Packing has stored A tile"
            + " by tile and term by term.",
        "aOffset + (aStep == 0 ? i * k : i)");
    for (boolean columns : new boolean[] {false, true}) {
      for (int vectors : VECTORS) {
        for (int rows : heights(vectors)) {
          tile(columns, rows, vectors);
        }
      }
    }
    for (int lanes : new int[] {4, 8, 16}) {
      halfSquare(lanes);
    }
    line("}");
    return out.toString();
  }

  /** Writes the method that computes a panel of any width, tallest tiles first. */
  private void panels(boolean columns, String comment, String place) {
    String stride = stride(columns);
    String call =
        (columns ? "columns" : "rows")
            + "(%1$d, rows, overlap, k, a, aOffset, %2$s, b, bOffset%3$s, bStep, z, zOffset%3$s,"
            + " zRow, c, cOffset%3$s, cRow);";
    line("");
    line("  // %s", comment);
    line(
        "  static void %s(int vectors, int rows, boolean overlap, int k, float[] a, int aOffset,"
            + " int %s, %s) {",
        columns ? "columns" : "rows", stride, REST);
    line("    if (vectors == 3) {");
    line("      " + call, 2, stride, "");
    line("      " + call, 1, stride, " + 2 * L");
    line("      return;");
    line("    }");
    line("    int height = Plan.tallest(%b, vectors);", columns);
    line("    for (int i = 0; i < rows; i += height) {");
    line("      while (i + height > rows) {");
    line("        int few = height == 6 ? 4 : vectors > 3 ? 2 : 1; // for which others are better");
    line("        if (overlap && rows - i > few && rows >= height) {");
    line("          i = rows - height;");
    line("        } else {");
    line("          height = height == 6 ? 4 : 1;");
    line("        }");
    line("      }");
    line("      int aAt = %s;", place);
    line("      int zAt = zOffset + i * zRow;");
    line("      int cAt = cOffset + i * cRow;");
    if (columns) {
      line("      int step = aStep == 0 ? height : aStep;");
      stride = "step";
    }
    line("      switch (8 * height + vectors) {");
    for (int vectors : VECTORS) {
      for (int rows : heights(vectors)) {
        line(
            "        case %d -> %s(k, a, aAt, %s, b, bOffset, bStep, z, zAt, zRow, c, cAt, cRow);",
            8 * rows + vectors, name(columns, rows, vectors), stride);
      }
    }
    line("        default -> throw new AssertionError(vectors);");
    line("      }");
    line("    }");
    line("  }");
  }

  private static String name(boolean columns, int rows, int vectors) {
    return "tile" + rows + "x" + vectors + (columns ? "Columns" : "Rows");
  }

  private static String stride(boolean columns) {
    return columns ? "aStep" : "aRow";
  }

  private void tile(boolean columns, int rows, int vectors) {
    line("");
    line(
        "  static void %s(int k, float[] a, int aOffset, int %s, %s) {",
        name(columns, rows, vectors), stride(columns), REST);
    line("    if (k < 0) {");
    line("      if (k == KernelWarmUp.AGAIN) {");
    line("        return; // a path that never ran before, so C2 discards its code");
    line("      }");
    line("      return; // an empty call of a warm-up, which only raises the JVM's counters");
    line("    }");
    // Most tiles have one initial row for all their rows, which is loaded once.
    for (int i = 0; i < rows; i++) {
      String value = i == 0 ? "FloatVector.fromArray(S, z, zOffset%3$s)" : "s0_%1$d";
      row("    ", vectors, "FloatVector s%2$d_%1$d = " + value + ";", i);
    }
    if (rows > 1) {
      line("    if (zRow != 0) {");
      for (int i = 1; i < rows; i++) {
        String place = "zOffset" + times(i, "zRow") + "%3$s";
        row("      ", vectors, "s%2$d_%1$d = FloatVector.fromArray(S, z, " + place + ");", i);
      }
      line("    }");
    }
    terms(columns, rows, vectors);
    for (int i = 0; i < rows; i++) {
      row("    ", vectors, "s%2$d_%1$d.intoArray(c, cOffset" + times(i, "cRow") + "%3$s);", i);
    }
    line("  }");
  }

  private void terms(boolean columns, int rows, int vectors) {
    line(
        columns
            ? "    for (int p = 0, aAt = aOffset, bAt = bOffset; p < k; p++, aAt += aStep, bAt += bStep) {"
            : "    for (int p = 0, bAt = bOffset; p < k; p++, bAt += bStep) {");
    row("      ", vectors, "FloatVector b%1$d = FloatVector.fromArray(S, b, bAt%3$s);", 0);
    for (int i = 0; i < rows; i++) {
      if (vectors == 2 && rows > 4 && i > 0 && i % 3 == 0) {
        keepOrder(columns ? "aAt" : "bAt", i);
      }
      String from = columns ? "aAt + " + i : "aOffset" + times(i, "aRow") + " + p";
      String element =
          (i == 0 ? "FloatVector x = " : "x = ") + broadcast("a[" + from + "]", vectors);
      row("      " + element + "; ", vectors, "s%2$d_%1$d = x.fma(b%1$d, s%2$d_%1$d);", i);
    }
    line("    }");
  }

  /** Writes a row of a tile as one line: a statement for each vector, whose place is given. */
  private void row(String before, int vectors, String each, int i) {
    StringJoiner row = new StringJoiner(" ", before, "");
    for (int j = 0; j < vectors; j++) {
      row.add(each.formatted(j, i, times(j, "L")));
    }
    line("%s", row);
  }

  /** Returns what follows the beginning of an index that many strides further on. */
  private static String times(int count, String stride) {
    return count == 0 ? "" : " + " + (count == 1 ? "" : count + " * ") + stride;
  }

  /**
   * Returns the expression for an element of A in all lanes. A tile of one vector loads the element
   * as an integer, because AMD's Zen 4 broadcasts more integers than floats per cycle. Wider tiles
   * have fewer such loads, and integers would make C2 order their loops worse.
   */
  private static String broadcast(String value, int vectors) {
    return vectors == 1
        ? "IntVector.broadcast(Lanes.INTS, Float.floatToRawIntBits("
            + value
            + ")).reinterpretAsFloats()"
        : "FloatVector.broadcast(S, " + value + ")";
  }

  /**
   * Writes an exit that is never taken into a loop that fills 16 registers. C2 must compute the
   * code before the exit first, because the interpreter might continue there. Without the exit, C2
   * loads all elements of A first and has to spill vectors.
   */
  private void keepOrder(String place, int which) {
    line("      if (Lanes.REGISTERS == 16 && %s == -%d) {", place, which);
    line("        return;");
    line("      }");
  }

  /**
   * Writes the method that transposes half of the columns of a square in registers, as {@code
   * Transpose} describes. A whole square is too large for C2 of JDK 17 to inline, which would
   * sometimes leave a vector on the heap.
   *
   * <p>The first step needs no shuffle, because the lower rows are loaded into their final lanes.
   * The last step swaps neighbours by shifts of 64 bits, without shuffles and masks.
   */
  private void halfSquare(int lanes) {
    line("");
    line(
        "  static void halfSquare%d(float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {",
        lanes);
    line("    if (ldx < 0) {");
    line("      return; // an empty call of a warm-up");
    line("    }");
    int half = lanes / 2;
    String[] row = new String[half];
    upper(half);
    for (int i = 0; i < half; i++) {
      row[i] = "r" + i;
      line(
          "    FloatVector r%1$d = FloatVector.fromArray(S, x, xOffset + %1$d * ldx)"
              + ".blend(FloatVector.fromArray(S, x, xOffset + %2$d * ldx - %3$d), upper%3$d);",
          i, i + half, half);
    }
    for (int s = half / 2; s > 0; s /= 2) {
      if (s > 1) {
        upper(s);
      }
      for (int i = 0; i < half; i++) {
        if ((i & s) == 0) {
          String a = row[i];
          String b = row[i + s];
          row[i] = "r%d_%d".formatted(i, s);
          row[i + s] = "r%d_%d".formatted(i + s, s);
          if (s == 1) {
            line("    LongVector u%d = %s;", i, longs(a));
            line("    LongVector v%d = %s;", i, longs(b));
            line(
                "    FloatVector %s = u%2$d.and(LOW)"
                    + ".or(v%2$d.lanewise(VectorOperators.LSHL, 32)).reinterpretAsFloats();",
                row[i], i);
            line(
                "    FloatVector %s = v%2$d.and(~LOW)"
                    + ".or(u%2$d.lanewise(VectorOperators.LSHR, 32)).reinterpretAsFloats();",
                row[i + s], i);
            continue;
          }
          line(
              "    FloatVector %s = %s.blend(%s.rearrange(SWAP_%d), upper%d);", row[i], a, b, s, s);
          line(
              "    FloatVector %s = %s.rearrange(SWAP_%d).blend(%s, upper%d);",
              row[i + s], a, s, b, s);
        }
      }
    }
    for (int j = 0; j < row.length; j++) {
      line("    %s.intoArray(y, yOffset + %d * ldy);", row[j], j);
    }
    line("  }");
  }

  /**
   * Returns the expression for a vector as longs, with casts that tell C2 both classes. Otherwise
   * C2 of JDK 17 needs a profile, and without one it leaves vectors on the heap permanently.
   */
  private static String longs(String floats) {
    return "LONG_VECTOR.cast(VECTOR.cast(%s).reinterpretAsLongs())".formatted(floats);
  }

  private void upper(int s) {
    line(
        "    VectorMask<Float> upper%1$d = FloatVector.fromArray(S, UPPER_%1$d, 0)"
            + ".compare(VectorOperators.GT, 0);",
        s);
  }

  private void line(String format, Object... arguments) {
    out.append(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments));
    out.append('\n');
  }
}
