package dev.lanewise.kernel;

import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The rehearsals of the vector kernels, those first that every classifier trains with. Who calls
 * kernels lends a step now and then, in proportion to the work, unless a thread is there for them.
 */
final class Rehearsals {
  /** A kernel that is compiled by itself. */
  enum Kind {
    NARROW_GEMM,
    CROSS_ENTROPY,
    BYTES,
    RELU_BACKWARD,
    COLUMN_SUMS,
    SGD,
    SOFTMAX,
    SOFTMAX_ROWS,
    MOMENTUM,
    NESTEROV,
    RMS_PROP,
    ADAM,
    LEAKY_RELU,
    ELU,
    TANH,
    SIGMOID,
    SILU,
    GELU,
    GELU_TANH;

    static Kind of(Nonlinearity function) {
      return VALUES[LEAKY_RELU.ordinal() + function.ordinal()];
    }
  }

  private static final Kind[] VALUES = Kind.values();
  private static final Nonlinearity[] FUNCTIONS = Nonlinearity.values();

  /** The first kinds, which are rehearsed before anyone asks. */
  private static final int COMMON = Kind.SGD.ordinal() + 1;

  /** Multiply-adds after which a caller lends its first step: a job of less needs no vectors. */
  private static final long FIRST_LOAN = 1 << 24;

  /** Multiply-adds between steps, which take about as long on the scalar kernels. */
  private static final long NEXT_LOAN = 1 << 17;

  private static final int L = Lanes.LENGTH;

  /** Vectors of a call with work: loops that C2 need not take for loops of one turn. */
  private static final int N = 4;

  private final Rehearsal[] rehearsals = new Rehearsal[VALUES.length + Tiles.COUNT];
  private final boolean[] wanted = new boolean[rehearsals.length];
  private final ReentrantLock lock = new ReentrantLock();
  private volatile int helpers;
  private long debt = -FIRST_LOAN; // unguarded: what two threads lose of it does not matter

  private final Tiles tiles = new Tiles();
  private long readyTiles;
  private final Kernels kernels;
  private final float[] x = new float[4 * 5 * 16];
  private final float[] y = new float[4 * 5 * 16];
  private final float[] u = new float[4 * 5 * 16];
  private final float[] v = new float[4 * 5 * 16];
  private final int[] labels = new int[16];
  private final int[] predicted = new int[16];
  private final byte[] bytes = new byte[(N + 1) * L];
  private final float[] scratch = new float[Kernels.rowScratch(2 * L)];

  private final float[] activationScratch = new float[Kernels.ACTIVATION_SCRATCH];

  Rehearsals(Kernels kernels) {
    this.kernels = kernels;
    for (Kind kind : VALUES) {
      rehearsals[kind.ordinal()] = of(kind);
      wanted[kind.ordinal()] = kind.ordinal() < COMMON;
    }
  }

  /** The rehearsal of a kind. */
  Rehearsal get(Kind kind) {
    return rehearsals[kind.ordinal()];
  }

  /** Whether a kernel is compiled. If not, it is wanted, and the caller may lend a step. */
  boolean isReady(Kind kind, long work) {
    if (rehearsals[kind.ordinal()].isReady()) {
      return true;
    }
    wanted[kind.ordinal()] = true;
    lend(work);
    return false;
  }

  /** Whether the tiles of a product are compiled; the caller may lend a step if not. */
  boolean areReady(long tiles, long work) {
    long missing = tiles & ~readyTiles;
    if (missing == 0) {
      return true;
    }
    for (long left = missing; left != 0; left &= left - 1) {
      int bit = Long.numberOfTrailingZeros(left);
      Rehearsal rehearsal = rehearsals[VALUES.length + bit];
      if (rehearsal == null) {
        wantTile(bit);
      } else if (rehearsal.isReady()) {
        readyTiles |= 1L << bit; // lost where two threads do so at once, and done again
      }
    }
    lend(work);
    return false;
  }

  private synchronized void wantTile(int bit) {
    int i = VALUES.length + bit;
    if (rehearsals[i] == null) {
      rehearsals[i] = tiles.rehearsal(bit);
      wanted[i] = true;
    }
  }

  private void lend(long work) {
    debt += work;
    if (debt > 0 && helpers == 0 && lock.tryLock()) {
      try {
        debt = -NEXT_LOAN;
        step();
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Rehearses what is wanted until all of it is compiled, or with {@code stay} what will be wanted,
   * too, as long as the caller likes.
   */
  void run(boolean stay, BooleanSupplier goOn) {
    while (!lock.tryLock()) {
      // Another thread is at it, perhaps for good.
      if (!goOn.getAsBoolean() || (!stay && allReady())) {
        return;
      }
      LockSupport.parkNanos(1_000_000);
    }
    helpers++;
    try {
      while (goOn.getAsBoolean() && (stay || !allReady())) {
        if (!step()) {
          LockSupport.parkNanos(1_000_000); // for the compiler
        }
      }
    } finally {
      helpers--;
      lock.unlock();
    }
  }

  /** Whether all that is wanted is compiled. */
  boolean allReady() {
    for (int i = 0; i < rehearsals.length; i++) {
      if (wanted[i] && !rehearsals[i].isReady()) {
        return false;
      }
    }
    return true;
  }

  /** A step of whatever needs it most; gives whether anything is left but waiting. */
  private boolean step() {
    for (int i = 0; i < rehearsals.length; i++) {
      if (wanted[i] && rehearsals[i].isProfiling()) {
        rehearsals[i].step();
        return true;
      }
    }
    for (int i = 0; i < rehearsals.length; i++) {
      if (wanted[i] && !rehearsals[i].isReady() && !rehearsals[i].isWaiting()) {
        rehearsals[i].step();
        return true;
      }
    }
    for (int i = 0; i < rehearsals.length; i++) {
      if (wanted[i] && !rehearsals[i].isReady()) {
        rehearsals[i].step();
      }
    }
    return false;
  }

  private Rehearsal of(Kind kind) {
    int operations =
        switch (kind) {
          case NARROW_GEMM -> 2 * NarrowGemm.ROWS * (N + 4);
          case CROSS_ENTROPY, SOFTMAX -> 100;
          case SOFTMAX_ROWS -> 1200;
          case SGD -> 4 * N;
          case MOMENTUM, NESTEROV -> 8 * N;
          case BYTES, RELU_BACKWARD -> 10 * N;
          case COLUMN_SUMS -> 15 * N;
          case RMS_PROP, ADAM -> 30 * N;
          default -> 120 * N;
        };
    return new Rehearsal(operations, 80, (times, work) -> call(kind, times, work));
  }

  /**
   * Calls a kernel. Each has a loop of its own, short enough in total never to be compiled by C2,
   * which would inline the kernel and take 180 ms for it.
   */
  private void call(Kind kind, int times, boolean work) {
    int n = work ? N * L : 0;
    int half = work ? 2 * L : 0;
    switch (kind) {
      case NARROW_GEMM -> {
        for (int i = 0; i < times; i++) {
          NarrowGemm.tile(work ? N : -1, x, 0, N, 1, y, 0, L, u, v, 0, L, 0);
        }
      }
      case CROSS_ENTROPY -> {
        for (int i = 0; i < times; i++) {
          kernels.softmaxCrossEntropy(
              1, half, x, 0, half, labels, 0, 1, y, 0, half, u, 0, predicted, 0, scratch);
        }
      }
      case SOFTMAX -> {
        for (int i = 0; i < times; i++) {
          kernels.softmax(1, half, x, 0, half, y, 0, half, scratch);
        }
      }
      case SOFTMAX_ROWS -> {
        for (int i = 0; i < times; i++) {
          if (work) {
            kernels.softmaxCrossEntropy(
                L, 3, x, 0, 3, labels, 0, 1, y, 0, 3, u, 0, predicted, 0, scratch);
            kernels.softmax(L, 3, x, 0, 3, y, 0, 3, scratch);
          } else {
            SoftmaxRows.rehearse(labels, y, scratch);
          }
        }
      }
      case BYTES -> {
        for (int i = 0; i < times; i++) {
          kernels.bytesToFloats(work ? n + L : 0, bytes, 0, 255, x, 0);
        }
      }
      case RELU_BACKWARD -> {
        for (int i = 0; i < times; i++) {
          kernels.reluBackward(2, n, x, 0, n, y, 0, n);
        }
      }
      case COLUMN_SUMS -> {
        for (int i = 0; i < times; i++) {
          kernels.columnSums(N, work ? 5 * L : 0, x, 0, 5 * L, y, 0);
        }
      }
      case SGD -> {
        for (int i = 0; i < times; i++) {
          kernels.sgd(n, 0.5f, x, 0, y, 0);
        }
      }
      case MOMENTUM -> {
        for (int i = 0; i < times; i++) {
          kernels.momentum(0, n, 0.5f, 0.5f, x, y, u);
        }
      }
      case NESTEROV -> {
        for (int i = 0; i < times; i++) {
          kernels.nesterov(0, n, 0.5f, 0.5f, x, y, u);
        }
      }
      case RMS_PROP -> {
        for (int i = 0; i < times; i++) {
          kernels.rmsProp(0, n, 0.5f, 0.5f, 0.5f, 1, x, y, u);
        }
      }
      case ADAM -> {
        for (int i = 0; i < times; i++) {
          kernels.adam(0, n, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 1, 1, x, y, u, v);
        }
      }
      default -> {
        Nonlinearity function = FUNCTIONS[kind.ordinal() - Kind.LEAKY_RELU.ordinal()];
        for (int i = 0; i < times; i++) {
          kernels.activation(function, 0, n, x, y, activationScratch);
          kernels.activationBackward(function, 0, n, x, y, activationScratch);
        }
      }
    }
  }
}
