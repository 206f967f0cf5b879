import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  /** The heights of tiles; what is left below is made of lower ones. */
  private static final int[] ROWS = {1, 2, 4, 6};

  /** Tiles have 1 to this many vectors: 6 x 3 sums, 3 of B and a broadcast fit 32 registers. */
  private static final int MOST_VECTORS = 3;

  /**
   * A method for each epilogue, because size matters. C1 gives up on a tile of 8 x 3 with the mask
   * ("out of virtual registers"), and what C1 has not profiled C2 compiles on 17 with vectors on
   * the heap: 5 MB an epoch of the bundled digits, and three times their time.
   */
  private enum Epilogue {
    NONE(""),
    RELU("Relu"),
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
    line("import jdk.incubator.vector.FloatVector;");
    line("import jdk.incubator.vector.VectorOperators;");
    line("import jdk.incubator.vector.VectorSpecies;");
    line("");
    line("/** The register tiles of the matrix product; written by MicroKernelGenerator. */");
    line("final class MicroKernels {");
    line("  private static final VectorSpecies<Float> S = Lanes.SPECIES;");
    line("  private static final int L = Lanes.LENGTH;");
    line("");
    line("  private MicroKernels() {}");
    dispatch();
    for (Epilogue epilogue : Epilogue.values()) {
      for (int vectors = 1; vectors <= MOST_VECTORS; vectors++) {
        for (int rows : ROWS) {
          tile(rows, vectors, epilogue);
        }
      }
    }
    line("}");
    return out.toString();
  }

  private static String parameters(Epilogue epilogue) {
    return "int k, float[] a, int aOffset, int aRow, int aStep, float[] b, int bOffset, int bStep, "
        + "float[] z, int zOffset, int zRow, float[] c, int cOffset, int cRow"
        + (epilogue == Epilogue.RELU_MASK ? ", float[] mask, int maskOffset, int maskRow" : "");
  }

  private static String arguments(Epilogue epilogue) {
    return "k, a, aOffset, aRow, aStep, b, bOffset, bStep, z, zOffset, zRow, c, cOffset, cRow"
        + (epilogue == Epilogue.RELU_MASK ? ", mask, maskOffset, maskRow" : "");
  }

  /** One entrance, so that the loops around the tiles are written once. */
  private void dispatch() {
    line("");
    line("  /**");
    line("   * C = epilogue(Z + A B) for a tile of rows x vectors. Element (i, p) of A stands at");
    line(
        "   * aOffset + i aRow + p aStep, rows of B at bOffset + p bStep, rows of the initial values");
    line("   * Z at zOffset + i zRow: C itself, or a bias or zeros with zRow = 0.");
    line("   */");
    line(
        "  static void tile(int rows, int vectors, Epilogue epilogue, %s) {",
        parameters(Epilogue.RELU_MASK));
    line("    switch (epilogue) {");
    for (Epilogue epilogue : Epilogue.values()) {
      line(
          "      case %s -> tile%s(rows, vectors, %s);",
          epilogue, epilogue.suffix, arguments(epilogue));
    }
    line("    }");
    line("  }");
    for (Epilogue epilogue : Epilogue.values()) {
      line("");
      line(
          "  private static void tile%s(int rows, int vectors, %s) {",
          epilogue.suffix, parameters(epilogue));
      line("    switch (10 * rows + vectors) {");
      for (int vectors = 1; vectors <= MOST_VECTORS; vectors++) {
        for (int rows : ROWS) {
          line(
              "      case %d%d -> tile%dx%d%s(%s);",
              rows, vectors, rows, vectors, epilogue.suffix, arguments(epilogue));
        }
      }
      line("      default -> throw new AssertionError(rows + \" x \" + vectors);");
      line("    }");
      line("  }");
    }
  }

  private void tile(int rows, int vectors, Epilogue epilogue) {
    line("");
    line(
        "  private static void tile%dx%d%s(%s) {",
        rows, vectors, epilogue.suffix, parameters(epilogue));
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors; j++) {
        line(
            "    FloatVector s%d_%d = FloatVector.fromArray(S, z, zOffset + %d * zRow + %d * L);",
            i, j, i, j);
      }
    }
    line("    for (int p = 0; p < k; p++) {");
    for (int j = 0; j < vectors; j++) {
      line(
          "      FloatVector b%d = FloatVector.fromArray(S, b, bOffset + p * bStep + %d * L);",
          j, j);
    }
    for (int i = 0; i < rows; i++) {
      line(
          "      FloatVector a%d = FloatVector.broadcast(S, a[aOffset + %d * aRow + p * aStep]);",
          i, i);
      for (int j = 0; j < vectors; j++) {
        line("      s%d_%d = a%d.fma(b%d, s%d_%d);", i, j, i, j, i, j);
      }
    }
    line("    }");
    if (epilogue != Epilogue.NONE) {
      line("    FloatVector zero = FloatVector.zero(S);");
    }
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors; j++) {
        String sum = "s" + i + "_" + j;
        String result =
            switch (epilogue) {
              case NONE -> sum;
              case RELU -> sum + ".blend(zero, " + sum + ".compare(VectorOperators.LT, zero))";
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

  private void line(String format, Object... arguments) {
    out.append(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments));
    out.append('\n');
  }
}
