package dev.lanewise.kernel.gemm;

import dev.lanewise.kernel.simd.Lanes;

/** Limits of the C2 compilers of some JDKs for register tiles. */
final class C2 {
  private static final int JDK = Runtime.version().feature();

  /** Whether C2 cannot keep the 6 x 2 tile for columns of A in 16 registers. */
  static final boolean SPILLS_COLUMNS = Lanes.REGISTERS == 16 && JDK >= 25;

  private C2() {}
}
