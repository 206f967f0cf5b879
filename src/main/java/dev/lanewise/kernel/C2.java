package dev.lanewise.kernel;

/**
 * What the server compiler of this JVM needs, to keep the sums of a tile in 16 registers: 12 sums,
 * 2 vectors of B and a broadcast. Left alone it loads A first, all of it, and spills. Two things
 * forbid that and cost no time or little: a fence for loads, which on x86 is no instruction, keeps
 * loads behind it; a way out that is never taken keeps all that comes before it, because from there
 * the interpreter might have to go on.
 *
 * <p>Of a peak of 100 GFLOP/s on a Zen 3, a tile of 6 x 2 alone with both operands packed, 4 terms
 * a turn, k = 512, on 17, 21 and 25, quiet and (the lowest quarter) with a neighbour on the core:
 * ways out between the terms 101/71, 52/43, 39/28; fences there and between pairs of rows 44/42,
 * 99/79, 100/76; one term a turn with ways out 101/51, 95/54, 41/38. In turns of 4 or 8 terms 22 to
 * 26 instructions do a term, in turns of one 34 to 45: a neighbour takes half of the core's front
 * end, and the multiply-adds wait for it.
 */
final class C2 {
  private static final int JDK = Runtime.version().feature();

  /** Whether tiles with A packed use fences, and not ways out. */
  static final boolean FENCES = JDK >= 21;

  /** Whether tiles with A in columns have fences between rows, too. */
  static final boolean FENCES_IN_COLUMNS = JDK >= 25;

  /**
   * Whether packed A has to be read at a constant step: else the C2 of 21 spills (99, or 44). For
   * constant steps C2 checks all ranges before the loop, as long as 20 terms take, so those of 17
   * and 25 do without.
   */
  static final boolean CONSTANT_STEP = FENCES && JDK < 25;

  /** Whether tiles of 6 x 2 for A in columns and B where it stands spill (41). */
  static final boolean SPILLS_COLUMNS = JDK >= 25;

  /** Whether short sums of one vector take 8 rows, and not 6: see the tiles for rows of A. */
  static final boolean TAKES_EIGHT = JDK < 21;

  /**
   * Whether tall tiles of one vector take several terms a turn: the C2 of 21 left their sums on the
   * heap in two of six processes.
   */
  static final boolean TAKES_TURNS = JDK < 21 || JDK >= 25;

  /**
   * Whether loops of 64 turns are enough to see for the code of tall tiles: with 64 the C2 of 17
   * makes a wide epoch 2.5% slower than with 96.
   */
  static final boolean FEWER_TURNS = JDK >= 25;

  private C2() {}
}
