import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Writes {@code MicroKernels.java}, the register tiles of the matrix product. A tile keeps each of
 * its sums in a local variable, because C2 keeps only local vectors in registers. The code is
 * therefore repetitive, and {@link #tile} writes it for every number of rows and vectors.
 *
 * <p>The build runs {@code java MicroKernelGenerator.java OUTPUT_DIRECTORY}.
 */
public final class MicroKernelGenerator {
  /** The layout of A, with the heights of its tiles per number of vectors, tallest first. */
  private enum Kind {
    /**
     * Rows of A are at any distance, and the terms of a row are adjacent. General registers hold
     * the addresses of 6 rows with one vector and of 4 rows with five.
     */
    ROWS(new int[][] {{}, {6, 4, 2, 1}, {6, 4, 2, 1}, {4, 2, 1}, {6, 4, 2, 1}, {4, 2, 1}}),

    /** Rows of A are adjacent, as in A^T or in packed A. */
    COLUMNS(new int[][] {{}, {6, 4, 2, 1}, {6, 4, 2, 1}, {8, 4, 2, 1}, {6, 4, 2, 1}, {4, 2, 1}});

    private final int[][] heights; // [vectors], tallest first

    Kind(int[][] heights) {
      this.heights = heights;
    }

    /** Returns the name of this kind in the names of methods. */
    private String title() {
      return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
  }

  /** Vectors of the widest tile. */
  private static final int MOST_VECTORS = 5;

  private static final String REST =
      "float[] b, int bOffset, int bStep, float[] z, int zOffset, int zRow, "
          + "float[] c, int cOffset, int cRow";

  private final StringBuilder out = new StringBuilder();

  private MicroKernelGenerator() {}

  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      throw new IllegalArgumentException("usage: java MicroKernelGenerator.java OUTPUT_DIRECTORY");
    }
    Path file = Path.of(args[0], "dev", "lanewise", "kernel", "gemm", "MicroKernels.java");
    String text = new MicroKernelGenerator().generate();
    Files.createDirectories(file.getParent());
    // An unchanged file keeps its time, so that an incremental build does not compile it again.
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      Files.writeString(file, text);
    }
  }

  private String generate() {
    line("package dev.lanewise.kernel.gemm;");
    line("");

    line("import dev.lanewise.kernel.simd.Lanes;");
    line("import dev.lanewise.kernel.simd.WarmUp;");
    line("import jdk.incubator.vector.FloatVector;");
    line("import jdk.incubator.vector.IntVector;");
    line("import jdk.incubator.vector.LongVector;");
    line("import jdk.incubator.vector.VectorMask;");
    line("import jdk.incubator.vector.VectorOperators;");
    line("import jdk.incubator.vector.VectorSpecies;");
    line("");
    line("/**");
    line(" * The register tiles of the matrix product; written by MicroKernelGenerator.");
    line(" *");
    line(
        " * <p>A panel computes C = Z + A B for a few vectors of columns, tile by tile. Rows of B are");
    line(
        " * at bOffset + p bStep, and rows of the initial values Z at zOffset + i zRow. Z is C, or a");
    line(
        " * bias or zeros with zRow = 0. If overlap is allowed, a tile may also compute rows that are");
    line(" * finished already, whose values stay the same.");
    line(" */");
    line("final class MicroKernels {");
    line("  private static final VectorSpecies<Float> S = Lanes.SPECIES;");
    line("  private static final Class<? extends FloatVector> VECTOR = Lanes.VECTOR;");
    line("  private static final Class<? extends LongVector> LONG_VECTOR = Lanes.LONG_VECTOR;");
    line("  private static final int L = Lanes.LENGTH;");
    line("");
    for (Kind kind : Kind.values()) {
      line("");
      line("  // Heights of the tiles, [vectors], tallest first.");
      String heights = Arrays.deepToString(kind.heights);
      line("  static final int[][] %s = %s;", kind, heights.replace('[', '{').replace(']', '}'));
    }
    line("");
    line("  private MicroKernels() {}");
    panels(Kind.ROWS, "aRow", "Element (i, p) of A is at aOffset + i aRow + p.");
    panels(
        Kind.COLUMNS,
        "aStep",
        "Element (i, p) of A is at aOffset + i + p aStep; with aStep = 0, Packing has stored A tile"
            + " by tile and term by term.");
    for (Kind kind : Kind.values()) {
      for (int vectors = 1; vectors < kind.heights.length; vectors++) {
        for (int rows : kind.heights[vectors]) {
          tile(kind, rows, vectors);
        }
      }
    }
    for (int lanes : new int[] {4, 8, 16}) {
      halfSquare(lanes);
    }
    line("}");
    return out.toString();
  }

  /** Writes the method that computes a panel of any width. */
  private void panels(Kind kind, String stride, String comment) {
    String name = kind.name().toLowerCase(Locale.ROOT);
    String parameters =
        "int rows, boolean overlap, int k, float[] a, int aOffset, int " + stride + ", " + REST;
    line("");
    line("  // %s", comment);
    line("  static void %s(int vectors, %s) {", name, parameters);
    line("    int i = 0;");
    line("    switch (vectors) {");
    for (int vectors = 1; vectors <= MOST_VECTORS; vectors++) {
      line("      case %d -> {", vectors);
      heights(kind, vectors);
      line("      }");
    }
    line("      default -> throw new AssertionError(vectors);");
    line("    }");
    line("  }");
  }

  /** Writes the calls of a panel's tiles from row i on, tallest first. */
  private void heights(Kind kind, int vectors) {
    int[] heights = kind.heights[vectors];
    for (int h = 0; h < heights.length; h++) {
      int rows = heights[h];
      int next = h + 1 < heights.length ? heights[h + 1] : 0;
      // C2 of JDK 25 cannot keep twelve sums and their operands in 16 registers.
      boolean spills = kind == Kind.COLUMNS && rows * vectors == 12 && vectors == 2;
      if (spills) {
        line("    if (!C2.SPILLS_COLUMNS) {");
      }
      line("    for (; i + %d <= rows; i += %1$d) {", rows);
      call(kind, rows, vectors);
      line("    }");
      if (rows - next > 1) {
        line("    if (overlap && rows - i > %d && rows >= %d) {", next, rows);
        line("      i = rows - %d;", rows);
        call(kind, rows, vectors);
        line("      return;");
        line("    }");
      }
      if (spills) {
        line("    }");
      }
    }
  }

  private void call(Kind kind, int rows, int vectors) {
    line(
        kind == Kind.ROWS
            ? "      %s(k, a, aOffset + i * aRow, aRow, b, bOffset, bStep, z, zOffset + i * zRow, zRow,"
                + " c, cOffset + i * cRow, cRow);"
            : "      %s(k, a, aOffset + (aStep == 0 ? i * k : i), aStep == 0 ? %d : aStep, b, bOffset,"
                + " bStep, z, zOffset + i * zRow, zRow, c, cOffset + i * cRow, cRow);",
        name(kind, rows, vectors),
        rows);
  }

  private static String name(Kind kind, int rows, int vectors) {
    return "tile" + rows + "x" + vectors + kind.title();
  }

  private void tile(Kind kind, int rows, int vectors) {
    line("");
    line(
        "  static void %s(int k, float[] a, int aOffset, int %s, %s) {",
        name(kind, rows, vectors), kind == Kind.COLUMNS ? "aStep" : "aRow", REST);
    line("    if (k < 0) {");
    line("      if (k == WarmUp.AGAIN) {");
    line("        return; // a path that never ran before, so C2 discards its code");
    line("      }");
    line("      return; // an empty call of a warm-up, which only raises the JVM's counters");
    line("    }");
    // Most tiles have one initial row for all their rows, which is loaded once.
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors; j++) {
        line(
            "    FloatVector s%d_%d = %s;",
            i,
            j,
            i == 0 ? "FloatVector.fromArray(S, z, zOffset + %d * L)".formatted(j) : "s0_" + j);
      }
    }
    if (rows > 1) {
      line("    if (zRow != 0) {");
      for (int i = 1; i < rows; i++) {
        for (int j = 0; j < vectors; j++) {
          line(
              "      s%d_%d = FloatVector.fromArray(S, z, zOffset + %d * zRow + %d * L);",
              i, j, i, j);
        }
      }
      line("    }");
    }
    terms(kind, rows, vectors);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors; j++) {
        line("    s%d_%d.intoArray(c, cOffset + %d * cRow + %d * L);", i, j, i, j);
      }
    }
    line("  }");
  }

  private void terms(Kind kind, int rows, int vectors) {
    boolean columns = kind == Kind.COLUMNS;
    line(
        columns
            ? "    for (int p = 0, aAt = aOffset, bAt = bOffset; p < k; p++, aAt += aStep, bAt += bStep) {"
            : "    for (int p = 0, bAt = bOffset; p < k; p++, bAt += bStep) {");
    for (int j = 0; j < vectors; j++) {
      line("      FloatVector b%1$d = FloatVector.fromArray(S, b, bAt + %1$d * L);", j);
    }
    for (int i = 0; i < rows; i++) {
      if (vectors == 2 && rows > 4 && i > 0 && i % 3 == 0) {
        keepOrder(columns ? "aAt" : "bAt", i);
      }
      String from = columns ? "aAt + " + i : "aOffset + %d * aRow + p".formatted(i);
      line("      FloatVector a%d = %s;", i, broadcast("a[" + from + "]", vectors));
      for (int j = 0; j < vectors; j++) {
        line("      s%1$d_%2$d = a%1$d.fma(b%2$d, s%1$d_%2$d);", i, j);
      }
    }
    line("    }");
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
                "    FloatVector %s = u%2$d.and(Halves.LOW)"
                    + ".or(v%2$d.lanewise(VectorOperators.LSHL, 32)).reinterpretAsFloats();",
                row[i], i);
            line(
                "    FloatVector %s = v%2$d.and(Halves.HIGH)"
                    + ".or(u%2$d.lanewise(VectorOperators.LSHR, 32)).reinterpretAsFloats();",
                row[i + s], i);
            continue;
          }
          line(
              "    FloatVector %s = %s.blend(%s.rearrange(Halves.SWAP_%d), upper%d);",
              row[i], a, b, s, s);
          line(
              "    FloatVector %s = %s.rearrange(Halves.SWAP_%d).blend(%s, upper%d);",
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
        "    VectorMask<Float> upper%1$d = FloatVector.fromArray(S, Halves.UPPER_%1$d, 0)"
            + ".compare(VectorOperators.GT, 0);",
        s);
  }

  private void line(String format, Object... arguments) {
    out.append(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments));
    out.append('\n');
  }
}
