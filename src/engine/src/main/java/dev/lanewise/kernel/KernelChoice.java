package dev.lanewise.kernel;

import dev.lanewise.kernel.simd.Fma;
import dev.lanewise.kernel.simd.KernelWarmUps;
import dev.lanewise.kernel.simd.Lanes;
import java.util.Locale;

/**
 * The kernels that this JVM uses, and the reason.
 *
 * <p>The vector kernels need the module {@code jdk.incubator.vector}, HotSpot's C2 (elsewhere the
 * Vector API runs as plain Java, a hundred times slower than a loop) and a fused multiply-add in
 * hardware. Every other JVM gets the scalar kernels, which compute the same bits. Every JVM begins
 * with them, because a vector kernel is used only once it is compiled and has given their bits.
 * {@code -Dlanewise.kernels=scalar} or {@code vector} forces one kind from the first call on,
 * without a comparison; {@code -Dlanewise.lanes=128}, {@code 256} or {@code 512} forces the width
 * of the vectors.
 *
 * @param vector whether the vector kernels are used
 * @param laneBits bits of a vector, 0 for the scalar kernels
 * @param reason why these kernels were chosen, in a few words
 * @param hint how to get faster kernels, or empty
 */
public record KernelChoice(boolean vector, int laneBits, String reason, String hint) {
  /** Forces the kernels: auto, scalar or vector. */
  public static final String KERNELS_PROPERTY = "lanewise.kernels";

  /** Forces the width of the vectors: 128, 256 or 512 bits. */
  public static final String LANES_PROPERTY = Lanes.PROPERTY;

  /** Any value keeps the line about scalar kernels out of the log; the commands print their own. */
  public static final String QUIET_PROPERTY = "lanewise.kernels.quiet";

  private static final String NO_FMA = "no fused multiply-add in hardware";

  /** The hint for a machine on which every kernel has to emulate the multiply-add. */
  private static final String SLOW =
      "results are the same, but training takes many times as long; run java without -XX:-UseFMA"
          + " and -XX:UseAVX, or on a processor with FMA";

  private static final String MODULE = "jdk.incubator.vector";

  /** A module that is present at start-up if a compiler other than C2 may be in use. */
  private static final String OTHER_COMPILERS = "jdk.internal.vm.ci";

  static final KernelChoice CURRENT = choose();
  private static final KernelWarmUps WARM_UP =
      new KernelWarmUps(!"vector".equalsIgnoreCase(System.getProperty(KERNELS_PROPERTY)));
  static final KernelSet ACTIVE = CURRENT.vector ? new VectorKernels(WARM_UP) : new ScalarKernels();

  static {
    if (!CURRENT.vector && System.getProperty(QUIET_PROPERTY) == null) {
      System.getLogger("dev.lanewise.kernel").log(System.Logger.Level.INFO, CURRENT.line());
    }
  }

  /** {@return the choice for this JVM, which is made once} */
  public static KernelChoice current() {
    return CURRENT;
  }

  /** Describes the choice in a few words, such as {@code vector (512-bit lanes)}. */
  public String describe() {
    return vector ? "vector (" + laneBits + "-bit lanes)" : "scalar";
  }

  /** {@return one line: the kernels, why these, how to get faster ones, and which are wrong} */
  public String line() {
    return (vector ? "vector kernels, " + laneBits + "-bit lanes" : "scalar kernels")
        + ": "
        + reason
        + (hint.isEmpty() ? "" : "; " + hint)
        + (wrong().isEmpty() ? "" : "; " + wrong());
  }

  /**
   * Describes the kernels that have been in use up to now. These are the scalar kernels until the
   * first vector code is compiled.
   *
   * @return the text of {@link #describe}, with the kernels that {@link #wrong} names, or that it
   *     was scalar because no vector code is compiled yet
   */
  public String served() {
    return !vector
        ? describe()
        : (WARM_UP.isAnyReady() ? describe() : "scalar (vector code was not compiled in time)")
            + (WARM_UP.wrong().isEmpty() ? "" : ", scalar for " + WARM_UP.wrong());
  }

  /**
   * {@return a line that names the vector code that gave other bits than the scalar code, and the
   * JDK that compiled it, or an empty text} Such code is not used.
   */
  public String wrong() {
    return WARM_UP.wrong().isEmpty()
        ? ""
        : "vector code for "
            + WARM_UP.wrong()
            + ", compiled by "
            + System.getProperty("java.vm.name")
            + " "
            + System.getProperty("java.vm.version")
            + ", gave other bits than the scalar code, which is used instead; please report this line"
            + " at https://github.com/lanewise/lanewise/issues";
  }

  private static KernelChoice choose() {
    String wish = System.getProperty(KERNELS_PROPERTY, "auto").toLowerCase(Locale.ROOT);
    if (!wish.equals("auto") && !wish.equals("scalar") && !wish.equals("vector")) {
      throw new IllegalArgumentException(
          "-D" + KERNELS_PROPERTY + "=" + wish + ", expected auto, scalar or vector");
    }
    if (wish.equals("scalar")) {
      return scalar("-D" + KERNELS_PROPERTY + "=scalar" + withoutFma(), slow());
    }
    boolean forced = wish.equals("vector");
    if (!forced && !Fma.HARDWARE) { // first, because without it no other hint would help
      return scalar(NO_FMA, SLOW);
    }
    if (!hasVectorModule()) {
      return scalar(
          "the module " + MODULE + " is not loaded",
          "run java with --add-modules " + MODULE + " for the vector kernels");
    }
    if (!forced) {
      String vm = System.getProperty("java.vm.name", "");
      String mode = System.getProperty("java.vm.info", "");
      if (!vm.contains("HotSpot") && !vm.contains("OpenJDK")) {
        return scalar("the JVM is " + vm + ", not HotSpot", "run a JVM with HotSpot's C2 compiler");
      }
      if (mode.contains("interpreted") || mode.contains("emulated-client")) {
        return scalar(
            "the C2 compiler is off (" + mode + ")",
            "run java without -Xint or -XX:TieredStopAtLevel");
      }
      if (System.getProperty("java.vm.version", "").contains("jvmci")
          || ModuleLayer.boot().findModule(OTHER_COMPILERS).isPresent()) {
        return scalar(
            "the JVM's compiler may be another than C2",
            "run java with -D" + KERNELS_PROPERTY + "=vector if it is C2");
      }
    }
    int preferred = Lanes.PREFERRED_BITS;
    if (preferred < 128 && !forced) {
      return scalar("vectors of " + preferred + " bits are too narrow", "");
    }
    String lanes = System.getProperty(LANES_PROPERTY, "");
    if (lanes.isEmpty()) {
      return new KernelChoice(
          true,
          Lanes.LENGTH * Float.SIZE,
          forced
              ? "-D" + KERNELS_PROPERTY + "=vector" + withoutFma()
              : "C2 and " + preferred + "-bit vectors; scalar until C2 has compiled them",
          slow());
    }
    if (!lanes.equals("128") && !lanes.equals("256") && !lanes.equals("512")) {
      throw new IllegalArgumentException(
          "-D" + LANES_PROPERTY + "=" + lanes + ", expected 128, 256 or 512");
    }
    return new KernelChoice(
        true,
        Lanes.LENGTH * Float.SIZE,
        "-D" + LANES_PROPERTY + "=" + lanes + withoutFma(),
        slow());
  }

  /**
   * Returns whether the vector module is present, or can be loaded now.
   *
   * <p>With {@code --add-modules} the JVM computes its graph of modules at every start, and warns
   * of an incubating module. Without that option it maps a stored graph. The JDK's own method,
   * which loads one more module for agents, then loads this one. The method is accessible only
   * where the jar's manifest or {@code --add-exports java.base/jdk.internal.module} says so.
   */
  private static boolean hasVectorModule() {
    try {
      if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
        Class.forName("jdk.internal.module.Modules")
            .getMethod("loadModule", String.class)
            .invoke(null, MODULE);
      }
      ClassLoader loader = KernelChoice.class.getClassLoader();
      Class<?> vector = Class.forName(MODULE + ".FloatVector", false, loader);
      KernelChoice.class.getModule().addReads(vector.getModule()); // if it was loaded now
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  private static String withoutFma() {
    return Fma.HARDWARE ? "" : ", " + NO_FMA;
  }

  private static String slow() {
    return Fma.HARDWARE ? "" : SLOW;
  }

  private static KernelChoice scalar(String reason, String hint) {
    return new KernelChoice(false, 0, reason, hint);
  }
}
