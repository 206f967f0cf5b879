package dev.lanewise.kernel.gemm;

import dev.lanewise.kernel.simd.Lanes;

/** What the server compilers of some JDKs cannot do with a register tile. */
final class C2 {
  private static final int JDK = Runtime.version().feature();

  /** Whether tiles of 6 x 2 for columns of A do not fit into 16 registers. */
  static final boolean SPILLS_COLUMNS = Lanes.REGISTERS == 16 && JDK >= 25;

  private C2() {}
}
