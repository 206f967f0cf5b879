import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Writes {@code MicroKernels.java}: the register tiles of the matrix product, rows x vectors, all
 * by one rule. A tile keeps each of its sums in a local variable, because vectors stay in registers
 * only there; that is why the code repeats and why a program writes it. Whoever has read {@link
 * #tile} has read every tile.
 *
 * <p>The build runs it: {@code java MicroKernelGenerator.java OUTPUT_DIRECTORY}.
 */
public final class MicroKernelGenerator {
  /**
   * How a tile reads its operands. Each stride that is a constant, and each that there is not,
   * frees a general register: with strides of A and B that may be anything, C2 keeps addresses in
   * vector registers, and fetching them back takes the units of the multiply-adds (100 to 83
   * GFLOP/s).
   */
  private enum Kind {
    /**
     * Rows of A anywhere, terms side by side; B packed. Where places of rows and of the rest take
     * all general registers, C2 keeps some in vector registers in some forks and not in others: on
     * a Zen 4 and 17 100 x 16 x 2304 ran at 105 GFLOP/s and less with 8 rows and runs at 113 with 6
     * (but 100 x 16 x 100 at 84 to 102, and at 70 to 92 with 6), 100 x 32 x 100 at 86 or 109 with 6
     * and 109 with 4, 100 x 64 x 100 at 102 or 112 with 5 and 112 with 4. Five vectors keep 4 rows:
     * 100 x 80 x 16 runs at 84 or 94 on 17, with 3 rows at 92, but on 25 at 99, with 3 rows at 93.
     */
    ROWS("Rows", new int[][] {{}, {8, 6, 4}, {4}, {4}, {4}, {4}}, Epilogue.values()),

    /**
     * The same for what is left, and for B where it stands; up to 8 vectors for the few rows of
     * {@code InPlaceGemm}: whole lines of B. 6 rows are for 16 registers: of one vector they run on
     * a Zen 3 at 46, 53, 55 GFLOP/s (17, 21, 25), 4 at 32, 24, 35, 8 at 27, 27, 49. 6 rows of 4
     * vectors are the tall tile, with packed B, too: as {@link #ROWS} they run on an Intel at 109
     * GFLOP/s on 17 and 137 on 25, so at 137 on both; 8 x 3 135 to 138.
     */
    STRIDED(
        "Strided",
        new int[][] {
          {},
          {6, 4, 3, 2, 1},
          {6, 4, 3, 2, 1},
          {4, 3, 2, 1},
          {6, 4, 3, 2, 1},
          {4, 3, 2, 1},
          {3, 2, 1},
          {2, 1},
          {2, 1}
        },
        Epilogue.values()),

    /**
     * Rows of A side by side, as A^T stands or is packed: for gradients, which end as they are. 16
     * rows of one vector, a whole line of A, run on the heap when C2 has seen little of them; with
     * 12, 2304 x 16 x 100 runs at 105 GFLOP/s. 8 rows of 3 vectors are a tall tile.
     */
    COLUMNS(
        "Columns",
        new int[][] {
          {},
          {12, 6, 5, 4, 3, 2, 1},
          {6, 5, 4, 3, 2, 1},
          {8, 6, 5, 4, 3, 2, 1},
          {6, 5, 4, 3, 2, 1},
          {4, 3, 2, 1}
        },
        Epilogue.FLOOR),

    /** The same with B packed, for 16 registers: see {@code C2}. */
    COLUMNS_PANEL("ColumnsPanel", new int[][] {{}, {}, {6}}, Epilogue.FLOOR),

    /** The same with A packed, too, tile after tile. */
    PACKED_COLUMNS("PackedColumns", new int[][] {{}, {}, {6}}, Epilogue.FLOOR),

    /**
     * Columns of A that stands in blocks of {@link #BLOCK}, half a block at a time: 4 x 2 sums and
     * few instructions beat 6 x 2 across blocks (2304 x 16 x 100 on a Zen 3: 62 and 66 GFLOP/s on
     * 17 and 25, 59 and 70; in place 43 and 40).
     */
    BLOCK_COLUMNS("BlockColumns", new int[][] {{}, {}, {4}}, Epilogue.FLOOR),

    /**
     * Rows of A that stands in blocks of {@link #BLOCK} terms, so that each place is a constant
     * away from the last without any transposing; B packed; for 16 registers.
     */
    BLOCK_ROWS("BlockRows", new int[][] {{}, {6, 4, 2, 1}, {6, 4, 2, 1}}, Epilogue.FLOOR),

    /**
     * Rows of A and packed B as {@link #ROWS}, several terms a turn, for tall tiles of one vector:
     * places of rows are reckoned once a turn (100 x 16 x 2304 on an Intel: with one term 91
     * GFLOP/s, with four 124 on 17 and 25, with eight 121 or 131 and 130; twelve are too many to
     * inline, 63 and 81). Four rows run at 106, a term at a time at 50.
     */
    ROWS_BY_TERMS("RowsByTerms", new int[][] {{}, {8, 4}}, Epilogue.FLOOR);

    private final String infix;
    private final int[][] heights; // [vectors], tallest first
    private final List<Epilogue> epilogues;

    Kind(String infix, int[][] heights, Epilogue... epilogues) {
      this.infix = infix;
      this.heights = heights;
      this.epilogues = List.of(epilogues);
    }

    /** The heights as a Java initializer, an empty row where there is no such tile. */
    private String table() {
      int[][] table = new int[MOST_VECTORS + 1][];
      for (int vectors = 0; vectors <= MOST_VECTORS; vectors++) {
        table[vectors] = heights(vectors, Epilogue.FLOOR);
      }
      return initializer(table);
    }

    /** Terms a turn. */
    private int terms() {
      return switch (this) {
        case ROWS, STRIDED, COLUMNS -> 1;
        case COLUMNS_PANEL, PACKED_COLUMNS, BLOCK_COLUMNS -> TERMS;
        case BLOCK_ROWS, ROWS_BY_TERMS -> BLOCK;
      };
    }

    private int[] heights(int vectors, Epilogue epilogue) {
      boolean none = vectors >= heights.length || !epilogues.contains(epilogue);
      if (none || (epilogue == Epilogue.RELU_MASK && vectors > WIDEST_MASKED)) {
        return new int[0];
      } else if (epilogue == Epilogue.RELU_MASK && this == STRIDED && vectors == TALL_VECTORS) {
        return Arrays.stream(heights[vectors]).filter(rows -> rows <= TALLEST_STRIDED).toArray();
      }
      return heights[vectors];
    }
  }

  /** Rows that {@link #turned} takes, as many as its vectors have lanes. */
  private static final int TURNED_ROWS = 16;

  /** Terms from which on 8 rows of one vector are too many. */
  private static final int LONG_SUMS = 1024;

  /** Rows of the tallest tile of {@link Kind#STRIDED} for 32 registers. */
  private static final int TALLEST_STRIDED = 4;

  /** Vectors of the tall tile of {@link Kind#STRIDED}, which has no mask. */
  private static final int TALL_VECTORS = 4;

  /** Its rows. */
  private static final int TALL_ROWS = 6;

  /** Vectors of the widest tile that masks: {@code InPlaceGemm} has no masks. */
  private static final int WIDEST_MASKED = 5;

  /** Vectors of the widest tile that loads elements of A as integers. */
  private static final int MOST_INTS = 1;

  /** Terms a turn of the tiles for columns of A and packed B. */
  private static final int TERMS = 4;

  /** Terms of a block of packed rows, and of a turn of their tiles. */
  private static final int BLOCK = 8;

  /** Rows of the tallest tile that takes packed columns of A, {@code GemmPlan.MR}. */
  private static final int MR = 6;

  /** Vectors of panels for sums of few terms, by terms: as much of B as registers hold. */
  private static final int[][] THIN = {
    {}, {4, 2, 1}, {4, 2, 1}, {4, 2, 1}, {4, 2, 1}, {2, 1}, {2, 1}
  };

  /** Vectors of the widest tile, that for one row or two. */
  private static final int MOST_VECTORS = 8;

  /**
   * A method with the mask and one without, because size matters. C1 gives up on tiles of 8 x 3 and
   * 5 x 5 with the mask ("out of virtual registers"), and what C1 has not profiled C2 compiles on
   * 17 with vectors on the heap: 100 x 80 x 7 at 1.4 GFLOP/s, with 4 x 5 at 50. Applying the mask
   * to what the tiles have stored costs more: 33. No epilogue is ReLU with a floor of -infinity.
   */
  private enum Epilogue {
    FLOOR(""),
    RELU_MASK("Mask");

    private final String suffix;

    Epilogue(String suffix) {
      this.suffix = suffix;
    }
  }

  private final StringBuilder out = new StringBuilder();

  private MicroKernelGenerator() {}

  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      throw new IllegalArgumentException("usage: java MicroKernelGenerator.java OUTPUT_DIRECTORY");
    }
    Path file = Path.of(args[0], "dev", "lanewise", "kernel", "MicroKernels.java");
    String text = new MicroKernelGenerator().generate();
    Files.createDirectories(file.getParent());
    // An unchanged file keeps its time, so that an incremental build compiles nothing anew.
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      Files.writeString(file, text);
    }
  }

  private String generate() {
    line("package dev.lanewise.kernel;");
    line("");
    line("import java.lang.invoke.VarHandle;");
    line("import jdk.incubator.vector.FloatVector;");
    line("import jdk.incubator.vector.IntVector;");
    line("import jdk.incubator.vector.LongVector;");
    line("import jdk.incubator.vector.VectorMask;");
    line("import jdk.incubator.vector.VectorOperators;");
    line("import jdk.incubator.vector.VectorSpecies;");
    line("");
    line("/** The register tiles of the matrix product; written by MicroKernelGenerator. */");
    line("final class MicroKernels {");
    line("  private static final VectorSpecies<Float> S = Lanes.SPECIES;");
    line("  private static final VectorSpecies<Integer> I = Lanes.INTS;");
    line("  private static final Class<? extends FloatVector> VECTOR = Lanes.VECTOR;");
    line("  private static final Class<? extends LongVector> LONG_VECTOR = Lanes.LONG_VECTOR;");
    line("  private static final int L = Lanes.LENGTH;");
    line("");
    line("  // Heights of the tiles, [vectors], tallest first; ROWS come before STRIDED.");
    for (Kind kind : Kind.values()) {
      line("  static final int[][] %s = %s;", kind, kind.table());
    }
    line("");
    line("  // Vectors of panels for sums of few terms, [terms], widest first.");
    line("  static final int[][] THIN = %s;", initializer(THIN));
    line("  static final int MOST_THIN = %d;", THIN[1][0]);
    line("");
    line("  // Terms a turn of COLUMNS_PANEL and PACKED_COLUMNS, and of PACKED_ROWS.");
    line("  static final int TERMS = %d;", TERMS);
    line("  static final int BLOCK = %d;", BLOCK);
    line("");
    line(
        "  // Terms of a call that C2 has not seen before, for which it gives up the code that it made.");
    line("  static final int AGAIN = -2;");
    line("");
    line("  private MicroKernels() {}");
    end();
    dispatch();
    for (Epilogue epilogue : Epilogue.values()) {
      for (int vectors = 1; vectors <= MOST_VECTORS; vectors++) {
        if (Kind.STRIDED.heights(vectors, epilogue).length > 0) {
          panel(vectors, epilogue);
        }
        for (Kind kind : Kind.values()) {
          for (int rows : kind.heights(vectors, epilogue)) {
            tile(kind, rows, vectors, epilogue);
          }
        }
      }
    }
    relu();
    thin();
    weave();
    pairs(8);
    pairs(4);
    turned();
    for (int lanes : new int[] {4, 8, 16}) {
      halfSquare(lanes);
    }
    line("}");
    return out.toString();
  }

  private static String initializer(int[][] table) {
    return Arrays.deepToString(table).replace('[', '{').replace(']', '}');
  }

  private static String parameters(Epilogue epilogue) {
    return "int k, float[] a, int aOffset, int aRow, int aStep, float[] b, int bOffset, int bStep, "
        + "float[] z, int zOffset, int zRow, float[] c, int cOffset, int cRow"
        + (epilogue == Epilogue.RELU_MASK
            ? ", float[] mask, int maskOffset, int maskRow"
            : ", float floor");
  }

  private static String arguments(Epilogue epilogue) {
    return "k, a, aOffset, aRow, aStep, b, bOffset, bStep, z, zOffset, zRow, c, cOffset, cRow"
        + (epilogue == Epilogue.RELU_MASK ? ", mask, maskOffset, maskRow" : ", floor");
  }

  /**
   * Where tiles of a height end, none of which leave one row alone, that waits for its loads of B
   * (41 x 512 x 784: 94 and 98): 4 and 3 rows, or three times 3, come after them. Nor do tall tiles
   * leave two; what they leave is for 4 rows, and for 3.
   */
  private void end() {
    line("");
    line("  // Where tiles of ROWS of a height end, or tall ones.");
    line("  static int end(int vectors, int height, int k, int rows) {");
    line("    if (height == 8) {");
    line("      return C2.TAKES_EIGHT && k < %d ? rows : 0;", LONG_SUMS);
    line("    }");
    line("    if (Lanes.TALL && vectors == %d) {", TALL_VECTORS);
    line("      int left = rows %% %d;", TALL_ROWS);
    line("      left += left == 1 || left == 2 || left == 5 ? %d : 0;", TALL_ROWS);
    line("      return height == %d && left <= rows ? rows - left : rows;", TALL_ROWS);
    line("    }");
    line("    int left = height == 4 ? 9 : 7;");
    line("    boolean alone = rows % height == 1 && rows >= left;");
    line("    return alone && (vectors > 1 || height > 4) ? rows - left : rows;");
    line("  }");
  }

  /** One entrance, so that the loops around the panels are written once. */
  private void dispatch() {
    line("");
    line("  /**");
    line(
        "   * C = epilogue(Z + A B) for a panel of so many vectors, tile by tile. Element (i, p) of A");
    line(
        "   * stands at aOffset + i aRow + p aStep, where aRow or aStep is 1; with aRow = 0 where");
    line(
        "   * packing has put it, tile after tile, term by term. A negative stride is the distance of");
    line(
        "   * blocks of BLOCK: with aStep < 0 it stands at aOffset + p / BLOCK (-aStep) + i aRow + p %%");
    line(
        "   * BLOCK, with aRow < 0 at aOffset + i / BLOCK (-aRow) + p aStep + i %% BLOCK, where the other");
    line(
        "   * stride is BLOCK. Columns of A have no masks. Rows of B stand at bOffset + p bStep, rows of");
    line("   * the initial values Z at zOffset + i zRow: C itself, or a");
    line("   * bias or zeros with zRow = 0.");
    line("   */");
    line(
        "  static void panel(int vectors, Epilogue epilogue, int rows, %s) {",
        parameters(Epilogue.RELU_MASK));
    line("    if (epilogue == Epilogue.RELU_MASK) {");
    cases(Epilogue.RELU_MASK);
    line("    } else {");
    line("      float floor = epilogue == Epilogue.RELU ? 0 : Float.NEGATIVE_INFINITY;");
    cases(Epilogue.FLOOR);
    line("    }");
    line("  }");
  }

  private void cases(Epilogue epilogue) {
    line("      switch (vectors) {");
    for (int vectors = 1; vectors <= MOST_VECTORS; vectors++) {
      if (Kind.STRIDED.heights(vectors, epilogue).length > 0) {
        line(
            "        case %d -> panel%d%s(rows, %s);",
            vectors, vectors, epilogue.suffix, arguments(epilogue));
      }
    }
    line("        default -> throw new AssertionError(vectors);");
    line("      }");
  }

  /**
   * The tiles of a panel. The choice of a tile is made here, once a height, and not once a tile,
   * where it cost as much as 70 multiply-adds.
   */
  private void panel(int vectors, Epilogue epilogue) {
    line("");
    line(
        "  private static void panel%d%s(int rows, %s) {",
        vectors, epilogue.suffix, parameters(epilogue));
    line("    int i = 0;");
    if (Kind.COLUMNS.heights(vectors, epilogue).length > 0) {
      line("    if (aRow == 0) {");
      columns(vectors, epilogue, true);
      line("    }");
      if (vectors < Kind.BLOCK_COLUMNS.heights.length) {
        line("    if (aRow < 0) {");
        blockColumns(vectors, epilogue);
        line("    }");
      }
      line("    if (aStep > 1) {");
      columns(vectors, epilogue, false);
      line("    }");
    }
    int[] heights = Kind.BLOCK_ROWS.heights(vectors, epilogue);
    if (heights.length > 0) {
      line("    if (aStep < 0) {");
      for (int rows : heights) {
        turnCalls(Kind.BLOCK_ROWS, rows, vectors);
        line("      }");
      }
      line("    }");
    }
    if (epilogue == Epilogue.FLOOR && vectors < Kind.ROWS_BY_TERMS.heights.length) {
      for (int rows : Kind.ROWS_BY_TERMS.heights(vectors, epilogue)) {
        turnCalls(Kind.ROWS_BY_TERMS, rows, vectors);
        line("      }");
      }
    }
    if (epilogue == Epilogue.FLOOR && vectors == TALL_VECTORS) {
      line("    if (Lanes.TALL) {");
      line("      int end = end(%d, %d, k, rows);", vectors, TALL_ROWS);
      calls(Kind.STRIDED, TALL_ROWS, vectors, epilogue, "i * aRow", "aStep", "end");
      line("    }");
    }
    if (Kind.ROWS.heights(vectors, epilogue).length > 0) {
      line("    if (bStep == %d * L && Lanes.REGISTERS >= 32) {", vectors);
      for (int rows : Kind.ROWS.heights(vectors, epilogue)) {
        line("      int end%d = end(%d, %1$d, k, rows);", rows, vectors);
        calls(Kind.ROWS, rows, vectors, epilogue, "i * aRow", "aStep", "end" + rows);
      }
      if (vectors > 1) {
        line("      if (end4 < rows) {");
        calls(Kind.STRIDED, 3, vectors, epilogue, "i * aRow", "aStep", "rows");
        line("      }");
      }
      line("    }");
    }
    for (int rows : Kind.STRIDED.heights(vectors, epilogue)) {
      if (vectors == TALL_VECTORS && rows == TALL_ROWS) {
        continue;
      }
      if (rows > TALLEST_STRIDED) {
        line("    if (Lanes.REGISTERS == 16) {");
      }
      calls(Kind.STRIDED, rows, vectors, epilogue, "i * aRow", "aStep", "rows");
      if (rows > TALLEST_STRIDED) {
        line("    }");
      }
    }
    line("  }");
  }

  /**
   * A^T packed, tile after tile, or where it stands, with {@code aStep}. Tiles of several terms a
   * turn leave the last terms to others: with a loop of their own for them, C2 of 21 and 25 spills
   * in both (100 x 200 x 103: 43 GFLOP/s).
   */
  private void columns(int vectors, Epilogue epilogue, boolean packed) {
    Kind panel = packed ? Kind.PACKED_COLUMNS : Kind.COLUMNS_PANEL;
    line("      int done = 0;");
    for (int rows : panel.heights(vectors, epilogue)) {
      turnCalls(panel, rows, vectors);
      if (packed) {
        line("        done = rest == 0 ? i : 0;");
      }
      line("      }");
    }
    for (int rows : Kind.COLUMNS.heights(vectors, epilogue)) {
      if (packed && rows > MR) {
        continue;
      }
      boolean spills = rows == 6 && vectors == 2 && !packed;
      boolean tall = rows > MR && vectors > 1;
      if (spills) {
        line("      if (Lanes.REGISTERS == 32 || !C2.SPILLS_COLUMNS) {");
      } else if (tall) {
        line("      if (Lanes.TALL) {");
      }
      calls(
          Kind.COLUMNS,
          rows,
          vectors,
          epilogue,
          packed ? "i * k" : "i",
          packed ? Integer.toString(rows) : "aStep",
          "rows");
      if (spills || tall) {
        line("      }");
      }
    }
    line("      relu(rows - done, %d, c, cOffset + done * cRow, cRow, floor);", vectors);
    line("      return;");
  }

  /** A^T in blocks, of which no tile takes from two. */
  private void blockColumns(int vectors, Epilogue epilogue) {
    int tallest = BLOCK / 2;
    line("      int done = 0;");
    for (int rows : Kind.BLOCK_COLUMNS.heights(vectors, epilogue)) {
      turnCalls(Kind.BLOCK_COLUMNS, rows, vectors);
      line("        done = rest == 0 ? i : 0;");
      line("      }");
    }
    for (int rows : Kind.COLUMNS.heights(vectors, epilogue)) {
      if (rows <= tallest) {
        calls(
            Kind.COLUMNS, rows, vectors, epilogue, blockColumn(), Integer.toString(BLOCK), "rows");
      }
    }
    line("      relu(rows - done, %d, c, cOffset + done * cRow, cRow, floor);", vectors);
    line("      return;");
  }

  /** The tiles of several terms a turn, and those that bring the terms left. */
  private void turnCalls(Kind kind, int rows, int vectors) {
    String aFrom;
    String step; // from a term to the next, or from a block of them
    String whole = "whole";
    switch (kind) {
      case PACKED_COLUMNS -> {
        aFrom = "i * k";
        step = Integer.toString(rows);
      }
      case BLOCK_COLUMNS -> {
        aFrom = blockColumn();
        step = Integer.toString(BLOCK);
      }
      case BLOCK_ROWS -> {
        aFrom = "i * aRow";
        step = "-aStep";
        whole = "whole / " + BLOCK;
      }
      case ROWS_BY_TERMS -> {
        aFrom = "i * aRow";
        step = "1";
      }
      default -> {
        aFrom = "i";
        step = "aStep";
      }
    }
    line(
        "      if (%s && bStep == %d * L) {",
        kind == Kind.ROWS_BY_TERMS ? "Lanes.TALL && C2.TAKES_TURNS" : "Lanes.REGISTERS == 16",
        vectors);
    line("        // k < 0 is a rehearsal");
    line("        int whole = k < 0 ? k : k / %d * %1$d;", kind.terms());
    line(
        "        int rest = %s;",
        kind == Kind.ROWS_BY_TERMS ? "k < 0 ? k : k - whole" : "k - whole");
    line("        float last = rest == 0 ? floor : Float.NEGATIVE_INFINITY;");
    line("        for (; i + %d <= rows; i += %d) {", rows, rows);
    line("          int cAt = cOffset + i * cRow;");
    line(
        "          %s(whole, a, aOffset + %s, aRow, %s, b, bOffset, bStep, "
            + "z, zOffset + i * zRow, zRow, c, cAt, cRow, last);",
        name(kind, rows, vectors, Epilogue.FLOOR), aFrom, step);
    line("          if (rest > 0%s) {", kind == Kind.ROWS_BY_TERMS ? " || k < 0" : "");
    Kind last =
        switch (kind) {
          case ROWS_BY_TERMS -> Kind.ROWS;
          case BLOCK_ROWS -> Kind.STRIDED;
          default -> Kind.COLUMNS;
        };
    line(
        "            %s(rest, a, aOffset + %s + %s * %s, aRow, %s, b, bOffset + whole * bStep, "
            + "bStep, c, cAt, cRow, c, cAt, cRow, floor);",
        name(last, rows, vectors, Epilogue.FLOOR),
        aFrom,
        whole,
        step,
        kind == Kind.BLOCK_ROWS ? "1" : step);
    line("          }");
    line("        }");
  }

  /** Where column i of A stands, which stands in blocks. */
  private static String blockColumn() {
    return "i / %1$d * -aRow + i %% %1$d".formatted(BLOCK);
  }

  private void calls(
      Kind kind, int rows, int vectors, Epilogue epilogue, String aFrom, String aStep, String end) {
    line("    for (; i + %d <= %s; i += %d) {", rows, end, rows);
    line(
        "      %s(k, a, aOffset + %s, aRow, %s, b, bOffset, bStep, z, zOffset + i * zRow, zRow, "
            + "c, cOffset + i * cRow, cRow%s);",
        name(kind, rows, vectors, epilogue),
        aFrom,
        aStep,
        epilogue == Epilogue.RELU_MASK ? ", mask, maskOffset + i * maskRow, maskRow" : ", floor");
    line("    }");
  }

  private static String name(Kind kind, int rows, int vectors, Epilogue epilogue) {
    return "tile" + rows + "x" + vectors + kind.infix + epilogue.suffix;
  }

  private void tile(Kind kind, int rows, int vectors, Epilogue epilogue) {
    line("");
    line("  static void %s(%s) {", name(kind, rows, vectors, epilogue), parameters(epilogue));
    line("    if (k < 0) {");
    line("      if (k == AGAIN) {");
    line(
        "        return; // a rehearsal that begins again: C2 takes this for a mistake of its own");
    line("      }");
    line("      return; // a rehearsal: to be counted");
    line("    }");
    // Most tiles start from one row for all: loading it once saves 30 cycles of a short tile.
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
    if (kind.terms() > 1) {
      turns(kind, rows, vectors);
    } else {
      terms(kind, rows, vectors);
    }
    for (int i = 0; i < rows && isFirst(kind, rows, vectors); i++) {
      exact("s" + i + "_0");
    }
    boolean columns = kind == Kind.COLUMNS || kind == Kind.COLUMNS_PANEL;
    if (!columns) {
      line(
          epilogue == Epilogue.FLOOR
              ? "    FloatVector floors = FloatVector.broadcast(S, floor);"
              : "    FloatVector zero = FloatVector.zero(S);");
    }
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors; j++) {
        String sum = "s" + i + "_" + j;
        String result =
            switch (epilogue) {
              case FLOOR ->
                  columns
                      ? sum
                      : sum + ".blend(floors, " + sum + ".compare(VectorOperators.LT, floors))";
              case RELU_MASK ->
                  String.format(
                      Locale.ROOT,
                      "zero.blend(%s, FloatVector.fromArray(S, mask, maskOffset + %d * maskRow + %d * L)"
                          + ".compare(VectorOperators.GT, zero))",
                      sum,
                      i,
                      j);
            };
        line("    %s.intoArray(c, cOffset + %d * cRow + %d * L);", result, i, j);
      }
    }
    line("  }");
  }

  /** The sums of a tile, term by term. */
  private void terms(Kind kind, int rows, int vectors) {
    boolean columns = kind == Kind.COLUMNS;
    line(
        switch (kind) {
          case ROWS -> "    for (int p = 0; p < k; p++) {";
          case STRIDED -> "    for (int p = 0, bAt = bOffset; p < k; p++, bAt += bStep) {";
          default ->
              "    for (int p = 0, aAt = aOffset, bAt = bOffset; p < k; "
                  + "p++, aAt += aStep, bAt += bStep) {";
        });
    String bAt = kind == Kind.ROWS ? "bOffset + p * (%d * L)".formatted(vectors) : "bAt";
    for (int j = 0; j < vectors; j++) {
      line("      FloatVector b%d = FloatVector.fromArray(S, b, %s + %d * L);", j, bAt, j);
    }
    for (int i = 0; i < rows; i++) {
      if (vectors == 2 && rows > 4 && i > 0 && kind != Kind.ROWS && i % 3 == 0) {
        keepOrder(columns ? "aAt" : "bAt", i);
      }
      String from = columns ? "aAt + " + i : "aOffset + %d * aRow + p".formatted(i);
      line("      FloatVector a%d = %s;", i, broadcast("a[" + from + "]", vectors));
      for (int j = 0; j < vectors; j++) {
        line("      s%d_%d = a%d.fma(b%d, s%d_%d);", i, j, i, j, i, j);
      }
    }
    line("    }");
  }

  /** The same several terms a turn, for B packed; with fences for 16 registers. */
  private void turns(Kind kind, int rows, int vectors) {
    boolean packed = kind != Kind.COLUMNS_PANEL;
    boolean fences = kind != Kind.ROWS_BY_TERMS;
    int terms = kind.terms();
    line("    int aAt = aOffset;");
    String step =
        switch (kind) {
          case PACKED_COLUMNS -> terms + " * (C2.CONSTANT_STEP ? %d : aStep)".formatted(rows);
          case BLOCK_COLUMNS -> terms + " * (C2.CONSTANT_STEP ? %d : aStep)".formatted(BLOCK);
          case ROWS_BY_TERMS -> Integer.toString(terms);
          case BLOCK_ROWS -> "(C2.CONSTANT_STEP ? GemmPlan.MC * %d : aStep)".formatted(BLOCK);
          default -> terms + " * aStep";
        };
    line("    for (int p = 0; p < k; p += %d, aAt += %s) {", terms, step);
    line("      int bAt = bOffset + p * (%d * L);", vectors);
    for (int i = 0; i < rows && kind == Kind.ROWS_BY_TERMS; i++) {
      line("      int at%d = aOffset + %1$d * aRow + p;", i);
    }
    for (int u = 0; u < terms; u++) {
      if (u > 0 && fences) {
        line("      VarHandle.acquireFence();");
        if (packed) {
          line("      if (!C2.FENCES && aAt == -%d) {", u);
          line("        return;");
          line("      }");
        }
      }
      for (int j = 0; j < vectors; j++) {
        line(
            "      FloatVector b%d_%d = FloatVector.fromArray(S, b, bAt + %d * L);",
            u, j, u * vectors + j);
      }
      for (int i = 0; i < rows; i++) {
        if (vectors > 1 && i > 0 && i % 2 == 0 && fences) {
          fence(packed ? "C2.FENCES" : "C2.FENCES_IN_COLUMNS");
        }
        String from =
            switch (kind) {
              case PACKED_COLUMNS -> "aAt + %d".formatted(u * rows + i);
              case BLOCK_COLUMNS -> "aAt + %d".formatted(u * BLOCK + i);
              case BLOCK_ROWS -> "aAt + %d".formatted(i * BLOCK + u);
              case ROWS_BY_TERMS -> "at%d + %d".formatted(i, u);
              default -> "aAt + %d * aStep + %d".formatted(u, i);
            };
        line("      FloatVector a%d_%d = %s;", u, i, broadcast("a[" + from + "]", MOST_INTS + 1));
        for (int j = 0; j < vectors; j++) {
          line("      s%d_%d = a%d_%d.fma(b%d_%d, s%d_%d);", i, j, u, i, u, j, i, j);
        }
      }
    }
    line("    }");
  }

  private void fence(String where) {
    line("      if (%s) {", where);
    line("        VarHandle.acquireFence();");
    line("      }");
  }

  /**
   * A way out that is never taken, in the midst of a loop that fills 16 registers: see {@code C2}.
   * For that C2 must not know that a place is not negative: one of the strides is no constant. On a
   * Zen 3 of 100 GFLOP/s, k = 512, on 17, 21 and 25: A in columns and B where it stands, 6 x 2, 94,
   * 94, 42, without this 38 to 93, 67 to 93, 42; A in rows, 6 x 2, 80, 92, 95, without this 39 to
   * 84, 58 to 92, 67 to 98. Others do worse: {@link Kind#ROWS} 6 x 2 38, 40 and 37 to 98; all of 4
   * x 3 on 25 43 and less; two and four terms a turn of A in rows, with ways out or fences, 88 and
   * less on 17, 58 and less on 21 and 25.
   */
  private void keepOrder(String place, int which) {
    line("      if (Lanes.REGISTERS == 16 && %s == -%d) {", place, which);
    line("        return;");
    line("      }");
  }

  /**
   * An element of A in all lanes. As an integer, because Zen 4 loads 0.9 integers a cycle into all
   * lanes and 0.7 floats (vpbroadcastd, vbroadcastss): in assembler twelve multiply-adds, each with
   * its broadcast, run at 106 and 85 GFLOP/s. Where a broadcast serves several vectors it hardly
   * counts, and C2 of 17 orders the loop worse for it (784 x 512 x 128 TN: 103 to 87; with 16
   * registers and two vectors it spills, 512^3: 92 to 46). An Intel loads either as fast, and eight
   * rows with four terms a turn are then so much to inline that sums stayed on the heap.
   */
  private static String broadcast(String value, int vectors) {
    return vectors <= MOST_INTS
        ? "IntVector.broadcast(I, Float.floatToRawIntBits(" + value + ")).reinterpretAsFloats()"
        : "FloatVector.broadcast(S, " + value + ")";
  }

  /** ReLU of what tiles that end as they are have stored: seldom, for gradients have none. */
  private void relu() {
    line("");
    line(
        "  private static void relu(int rows, int vectors, float[] c, int cOffset, int cRow, "
            + "float floor) {");
    line("    if (floor != 0) {");
    line("      return;");
    line("    }");
    line("    FloatVector floors = FloatVector.zero(S);");
    line("    for (int i = 0; i < rows; i++) {");
    line("      for (int j = 0; j < vectors; j++) {");
    line("        FloatVector s = FloatVector.fromArray(S, c, cOffset + i * cRow + j * L);");
    line("        s.blend(floors, s.compare(VectorOperators.LT, floors))");
    line("            .intoArray(c, cOffset + i * cRow + j * L);");
    line("      }");
    line("    }");
    line("  }");
  }

  /**
   * Panels of C whose sums have few terms: B stays in registers, row after row of A goes by. A tile
   * would load B anew for every few rows, and start and end with each for a handful of terms (321 x
   * 32 x 3: 33 GFLOP/s, so 55).
   */
  private void thin() {
    String parameters =
        "int rows, float[] a, int aOffset, int aRow, int aStep, float[] b, int bOffset, int bStep, "
            + "float[] z, int zOffset, float[] c, int cOffset, int cRow, float floor, "
            + "float[] mask, int maskOffset, int maskRow";
    line("");
    line("  // A mask of null is none.");
    line("  static void thin(int vectors, int k, %s) {", parameters);
    line("    switch (k * (MOST_THIN + 1) + vectors) {");
    for (int k = 1; k < THIN.length; k++) {
      for (int vectors : THIN[k]) {
        line(
            "      case %d * (MOST_THIN + 1) + %d -> thin%dx%d(rows, a, aOffset, aRow, aStep, b, "
                + "bOffset, bStep, z, zOffset, c, cOffset, cRow, floor, mask, maskOffset, maskRow);",
            k, vectors, k, vectors);
      }
    }
    line("      default -> throw new AssertionError(k);");
    line("    }");
    line("  }");
    for (int k = 1; k < THIN.length; k++) {
      for (int vectors : THIN[k]) {
        thin(k, vectors, parameters);
      }
    }
  }

  private void thin(int k, int vectors, String parameters) {
    line("");
    line("  static void thin%dx%d(%s) {", k, vectors, parameters);
    line("    if (rows == 0) {");
    line("      return;");
    line("    }");
    line("    FloatVector floors = FloatVector.broadcast(S, floor);");
    for (int j = 0; j < vectors; j++) {
      line("    FloatVector z%1$d = FloatVector.fromArray(S, z, zOffset + %1$d * L);", j);
      for (int p = 0; p < k; p++) {
        line(
            "    FloatVector b%1$d_%2$d = FloatVector.fromArray(S, b, bOffset + %1$d * bStep + %2$d * L);",
            p, j);
      }
    }
    line("    FloatVector zero = FloatVector.zero(S);");
    line(
        "    for (int i = 0, aAt = aOffset, cAt = cOffset; i < rows; i++, aAt += aRow, cAt += cRow) {");
    for (int p = 0; p < k; p++) {
      line("      FloatVector a%d = %s;", p, broadcast("a[aAt + %d * aStep]".formatted(p), 1));
    }
    for (int j = 0; j < vectors; j++) {
      String sum = "z" + j;
      for (int p = 0; p < k; p++) {
        sum = "a%d.fma(b%d_%d, %s)".formatted(p, p, j, sum);
      }
      line("      FloatVector s%d = %s;", j, sum);
    }
    // C2 takes such a loop apart, and no vector comes from two branches.
    line("      if (mask == null) {");
    for (int j = 0; j < vectors; j++) {
      line(
          "        s%1$d.blend(floors, s%1$d.compare(VectorOperators.LT, floors)).intoArray(c, cAt + %1$d * L);",
          j);
    }
    line("      } else {");
    line("        int maskAt = maskOffset + i * maskRow;");
    for (int j = 0; j < vectors; j++) {
      line(
          "        zero.blend(s%1$d, FloatVector.fromArray(S, mask, maskAt + %1$d * L)"
              + ".compare(VectorOperators.GT, zero)).intoArray(c, cAt + %1$d * L);",
          j);
    }
    line("      }");
    line("    }");
    line("  }");
  }

  /**
   * C of at most half a vector of columns, by pairs of rows that {@code RowPairs} has woven: the
   * same term of both rows side by side, the even terms before the odd ones. A broadcast of 64 bits
   * brings a term of two rows, where a tile of one vector loads one for each and leaves more than
   * half its lanes idle.
   */
  private void pairs(int pairs) {
    line("");
    line(
        "  static void pairs%d(int k, long[] woven, float[] b, int bOffset, float[] z, int zOffset, "
            + "int zRow, float[] sums, int sumsOffset) {",
        pairs);
    line("    if (k < 0) {");
    line("      return;");
    line("    }");
    for (int i = 0; i < pairs; i++) {
      line("    FloatVector s%1$d = FloatVector.fromArray(S, z, zOffset + %1$d * zRow);", i);
    }
    line("    int half = k / 2;");
    line("    for (int q = 0; q < half; q++) {");
    for (int odd = 0; odd < 2; odd++) {
      line(
          "      FloatVector b%1$d = FloatVector.fromArray(S, b, bOffset + q * (2 * L) + %1$d * L);",
          odd);
      for (int i = 0; i < pairs; i++) {
        line("      s%1$d = %2$s.fma(b%3$d, s%1$d);", i, pair(i, odd, "q"), odd);
      }
    }
    line("    }");
    for (int i = 0; i < pairs; i++) {
      exact("s" + i);
    }
    for (int i = 0; i < pairs; i++) {
      line("    s%1$d.intoArray(sums, sumsOffset + %1$d * L);", i);
    }
    line("    if (2 * half < k) {");
    line("      lastOfPairs%d(half, woven, b, bOffset + half * (2 * L), sums, sumsOffset);", pairs);
    line("    }");
    line("  }");
    // By itself, or pairs would be more to inline than C2 does at once.
    line("");
    line(
        "  private static void lastOfPairs%d(int half, long[] woven, float[] b, int bOffset, "
            + "float[] sums, int sumsOffset) {",
        pairs);
    line("    FloatVector b0 = FloatVector.fromArray(S, b, bOffset);");
    for (int i = 0; i < pairs; i++) {
      line("    FloatVector s%1$d = FloatVector.fromArray(S, sums, sumsOffset + %1$d * L);", i);
      line("    %s.fma(b0, s%2$d).intoArray(sums, sumsOffset + %2$d * L);", pair(i, 0, "half"), i);
    }
    line("  }");
  }

  /**
   * Four rows into two woven pairs, sixteen terms at a time: C2 of 17 inlines that in one go, where
   * of eight rows it now and then left the last vector on the heap.
   */
  private void weave() {
    line("");
    line(
        "  static void weave(int k, float[] a, int aOffset, int aRow, long[] woven, int wovenOffset) {");
    line("    for (int p = 0; p < k; p += 16) {");
    line("      int to = wovenOffset + p / 2;");
    for (int i = 0; i < 2; i++) {
      for (int lower = 0; lower < 2; lower++) {
        line(
            "      LongVector %s%d = FloatVector.fromArray(S, a, aOffset + %d * aRow + p).reinterpretAsLongs();",
            lower == 0 ? "u" : "v", i, 2 * i + lower);
      }
      line("      %s.intoArray(woven, to + %d * RowPairs.HALF);", evenLanes(i), 2 * i);
      line("      %s.intoArray(woven, to + %d * RowPairs.HALF);", oddLanes(i), 2 * i + 1);
    }
    line("    }");
    line("  }");
  }

  /** The even lanes of rows u and v, as longs, side by side. */
  private static String evenLanes(int row) {
    return "u%1$d.and(RowPairs.LOW).or(v%1$d.lanewise(VectorOperators.LSHL, 32))".formatted(row);
  }

  private static String oddLanes(int row) {
    return "v%1$d.and(RowPairs.HIGH).or(u%1$d.lanewise(VectorOperators.LSHR, 32))".formatted(row);
  }

  private static String pair(int pair, int odd, String place) {
    return "LongVector.broadcast(Lanes.LONGS, woven[(%d + %d) * RowPairs.HALF + %s]).reinterpretAsFloats()"
        .formatted(2 * pair, odd, place);
  }

  /**
   * Half of the columns of a square of as many rows as a vector has lanes, transposed in registers:
   * {@code VectorTranspose} says how. A whole square is so much for C2 of 17 to inline that it lays
   * a part of it by, and now and then takes it up again with a vector on the heap.
   */
  private void halfSquare(int lanes) {
    line("");
    line(
        "  static void halfSquare%d(float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {",
        lanes);
    line("    if (ldx < 0) {");
    line("      return;");
    line("    }");
    String[] column = exchange(lanes, "xOffset + %d * ldx");
    for (int j = 0; j < column.length; j++) {
      line("    %s.intoArray(y, yOffset + %d * ldy);", column[j], j);
    }
    line("  }");
  }

  /**
   * The first half of a square's columns; gives their names. The first step takes no shuffle: the
   * lower rows are loaded where they have to stand. Neighbours, the last step, change places by
   * shifts of 64 bits, which takes no shuffles and no masks.
   */
  private String[] exchange(int lanes, String place) {
    int half = lanes / 2;
    String[] row = new String[half];
    upper(half);
    for (int i = 0; i < half; i++) {
      row[i] = "r" + i;
      line(
          "    FloatVector r%1$d = FloatVector.fromArray(S, x, %2$s)"
              + ".blend(FloatVector.fromArray(S, x, %3$s - %4$d), upper%4$d);",
          i, place.formatted(i), place.formatted(i + half), half);
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
            line("    FloatVector %s = %s.reinterpretAsFloats();", row[i], evenLanes(i));
            line("    FloatVector %s = %s.reinterpretAsFloats();", row[i + s], oddLanes(i));
            continue;
          }
          line(
              "    FloatVector %s = %s.blend(%s.rearrange(VectorTranspose.SWAP_%d), upper%d);",
              row[i], a, b, s, s);
          line(
              "    FloatVector %s = %s.rearrange(VectorTranspose.SWAP_%d).blend(%s, upper%d);",
              row[i + s], a, s, b, s);
        }
      }
    }
    return row;
  }

  /**
   * A vector as longs, both of known class, for the reasons of {@link #exact}. Without a profile
   * {@code reinterpretAsLongs} of what blends stayed a call, as did {@code or} of what a shift
   * gave: half a square took 2 us in place of 0.04, for good, and was not used in most trainings.
   */
  private static String longs(String floats) {
    return "LONG_VECTOR.cast(VECTOR.cast(%s).reinterpretAsLongs())".formatted(floats);
  }

  private void upper(int s) {
    line(
        "    VectorMask<Float> upper%1$d = FloatVector.fromArray(S, VectorTranspose.UPPER_%1$d, 0)"
            + ".compare(VectorOperators.GT, 0);",
        s);
  }

  /**
   * Sixteen rows of X, of eight terms or more, times a vector y: a lane for each row. Terms of the
   * rows are turned in registers, eight at a time, and go from there into the sums; the last turn
   * goes back to terms that were there before, and leaves them out.
   */
  private void turned() {
    int terms = TURNED_ROWS / 2;
    line("");
    line(
        "  static void turned(int k, float[] x, int xOffset, int ldx, float[] y, int yOffset, "
            + "float[] sums) {");
    line("    FloatVector s = FloatVector.fromArray(S, sums, 0);");
    line("    for (int next = 0; next < k; next += %d) {", terms);
    line("    int p = Math.min(next, k - %d);", terms);
    line("    int done = next - p;");
    line("    int yAt = yOffset + p;");
    String[] column = exchange(TURNED_ROWS, "xOffset + %d * ldx + p");
    for (int q = 0; q < terms; q++) {
      line("    if (done <= %1$d) {", q);
      line("      s = %s.fma(%s, s);", column[q], broadcast("y[yAt + %d]".formatted(q), 1));
      line("    }");
    }
    line("    }");
    line("    s.intoArray(sums, 0);");
    line("  }");
  }

  /** Whether a tile is the one of {@code NarrowGemm}, which a process has compiled first of all. */
  private static boolean isFirst(Kind kind, int rows, int vectors) {
    return kind == Kind.COLUMNS && rows == 4 && vectors == 1;
  }

  /**
   * Says of what class a sum is that comes out of a loop. While C2 of 17 parses, it knows the
   * declared class alone, and goes by a profile of {@code intoArray} that is one for all kernels;
   * where there was none yet, the stores stayed calls and the sums on the heap, for good (in three
   * of six processes). Of the tiles for the first only: all others, told the same, were kept on the
   * heap in their turn in some processes (NT 128 x 512 x 512 with AVX2: 0.7 GFLOP/s). The first
   * tile for rows is, too, in some processes, but gains nothing by this (three of 14, without it
   * none). Pairs of rows are helped: the stores of {@link #pairs} had failed in 7 of 24 processes
   * on an Intel and 17, which took 8.0 to 9.1 ms for an epoch of 2304-16-80-7, and now in none of
   * 12, which take 7.0 to 7.7.
   */
  private void exact(String sum) {
    line("    %1$s = VECTOR.cast(%1$s);", sum);
  }

  private void line(String format, Object... arguments) {
    out.append(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments));
    out.append('\n');
  }
}
