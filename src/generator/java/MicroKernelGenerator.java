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
  /** Tiles have 1 to this many rows; VectorGemm says which it uses and why. */
  private static final int MOST_ROWS = 8;

  /** And 1 to this many vectors: 8 x 3 sums, 3 of B and a broadcast fit 32 registers. */
  private static final int MOST_VECTORS = 3;

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
    for (int rows = 1; rows <= MOST_ROWS; rows++) {
      for (int vectors = 1; vectors <= MOST_VECTORS; vectors++) {
        tile(rows, vectors);
      }
    }
    line("}");
    return out.toString();
  }

  private static final String PARAMETERS =
      "int k, float[] a, int aOffset, int aRow, int aStep, float[] b, int bOffset, int bStep, "
          + "float[] z, int zOffset, int zRow, float[] c, int cOffset, int cRow, "
          + "Epilogue epilogue, float[] mask, int maskOffset, int maskRow";

  private static final String ARGUMENTS =
      "k, a, aOffset, aRow, aStep, b, bOffset, bStep, z, zOffset, zRow, c, cOffset, cRow, "
          + "epilogue, mask, maskOffset, maskRow";

  /** One switch, so that the loops around the tiles are written once. */
  private void dispatch() {
    line("");
    line("  /**");
    line("   * C = epilogue(Z + A B) for a tile of rows x vectors. Element (i, p) of A stands at");
    line(
        "   * aOffset + i aRow + p aStep, rows of B at bOffset + p bStep, rows of the initial values Z at");
    line("   * zOffset + i zRow: C itself, or a bias or zeros with zRow = 0.");
    line("   */");
    line("  static void tile(int rows, int vectors, %s) {", PARAMETERS);
    line("    switch (vectors * %d + rows) {", MOST_ROWS + 1);
    for (int vectors = 1; vectors <= MOST_VECTORS; vectors++) {
      for (int rows = 1; rows <= MOST_ROWS; rows++) {
        line(
            "      case %d -> tile%dx%d(%s);",
            vectors * (MOST_ROWS + 1) + rows, rows, vectors, ARGUMENTS);
      }
    }
    line("      default -> throw new AssertionError(rows + \" x \" + vectors);");
    line("    }");
    line("  }");
  }

  private void tile(int rows, int vectors) {
    line("");
    line("  static void tile%dx%d(%s) {", rows, vectors, PARAMETERS);
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
    line("    if (epilogue == Epilogue.RELU) {");
    line("      FloatVector zero = FloatVector.zero(S);");
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors; j++) {
        line(
            "      s%d_%d = s%d_%d.blend(zero, s%d_%d.compare(VectorOperators.LT, zero));",
            i, j, i, j, i, j);
      }
    }
    line("    } else if (epilogue == Epilogue.RELU_MASK) {");
    line("      FloatVector zero = FloatVector.zero(S);");
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors; j++) {
        line(
            "      s%d_%d = zero.blend(s%d_%d, FloatVector.fromArray(S, mask, maskOffset + %d * maskRow + %d * L).compare(VectorOperators.GT, zero));",
            i, j, i, j, i, j);
      }
    }
    line("    }");
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors; j++) {
        line("    s%d_%d.intoArray(c, cOffset + %d * cRow + %d * L);", i, j, i, j);
      }
    }
    line("  }");
  }

  private void line(String format, Object... arguments) {
    out.append(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments));
    out.append('\n');
  }
}
