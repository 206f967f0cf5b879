package dev.lanewise.kernel;

import dev.lanewise.kernel.Rehearsal.Work;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The rehearsals of the vector kernels, those first that every classifier trains with. Who calls
 * kernels lends a step now and then, in proportion to the work, unless a thread is there for them.
 */
final class Rehearsals {
  /** A kernel that is compiled by itself, or a part of one: of {@link NarrowGemm}, of rows. */
  enum Kind {
    NARROW_ROWS,
    NARROW_COLUMNS,
    RELU_BACKWARD,
    ROWS_LARGEST,
    ROWS_EXP,
    ROWS_SUM,
    ROWS_GRADIENT,
    ROWS_PROBABILITIES,
    COLUMN_SUMS,
    PIXELS,
    QUOTIENTS,
    BLOCKS,
    STANDARDISE,
    CROSS_ENTROPY,
    SOFTMAX,
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

  /** The first kinds, which are rehearsed before anyone asks: where the scalar twins cost most. */
  private static final int COMMON = Kind.ROWS_GRADIENT.ordinal() + 1;

  /** Multiply-adds after which a caller lends its first step: a job of less needs no vectors. */
  private static final long FIRST_LOAN = 1 << 24;

  /** Multiply-adds between steps, which take about as long on the scalar kernels. */
  private static final long NEXT_LOAN = 1 << 17;

  /** How many are rehearsed at once; the next begins when one of them is compiled or late. */
  private static final int FEW = 2;

  private static final int L = Lanes.LENGTH;

  /** Vectors, or terms, of a call with little work and with much. */
  private static final int LITTLE = 3;

  /**
   * Vectors of a call with little work, where there are but a handful of operations a vector, and
   * rows of {@link #LITTLE} vectors for ReLU's mask. C1's code calls operations that C2 has
   * compiled one by one, and takes so few of them no longer than the limit: on an Intel one process
   * of twelve took a kernel for compiled that was not, and had 70 to 600 MB more of garbage, some
   * for good (15 vectors of the mask in five of 62, 36 in one of 40).
   */
  private static final int TELLING = 12;

  private static final int MUCH = 20;

  /** Columns of a row that is too long to be taken with others. */
  private static final int ROW = SoftmaxRows.COLUMNS + 16;

  private final Rehearsal[] rehearsals = new Rehearsal[VALUES.length + Tiles.COUNT];
  private final boolean[] wanted = new boolean[rehearsals.length];
  private final ReentrantLock lock = new ReentrantLock();
  private volatile int helpers;
  private long debt = -FIRST_LOAN; // unguarded: what two threads lose of it does not matter

  private final Tiles tiles = new Tiles(this::isTileReady);
  private final Kernels kernels;
  private final float[] x = new float[5 * MUCH * 16];
  private final float[] y = new float[5 * MUCH * 16];
  private final float[] u = new float[5 * MUCH * 16];
  private final float[] v = new float[5 * MUCH * 16];
  private final double[] doubles = new double[MUCH * 16];
  private final int[] labels = new int[16];
  private final int[] predicted = new int[16];
  private final byte[] bytes = new byte[(MUCH + 1) * L];
  private final float[] scratch = new float[Kernels.rowScratch(ROW)];
  private final float[] rows = new float[Kernels.rowScratch(MUCH)];

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

  /** Whether the parts of a kernel are. */
  boolean areReady(Kind[] kinds, long work) {
    boolean ready = true;
    for (Kind kind : kinds) {
      ready &= isReady(kind, work);
    }
    return ready;
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
  boolean areReady(
      Orientation orientation,
      int m,
      int n,
      int k,
      int lda,
      int ldb,
      Initial initial,
      Epilogue epilogue) {
    if (tiles.areReady(orientation, m, n, k, lda, ldb, initial, epilogue)) {
      return true;
    }
    lend((long) m * n * k);
    return false;
  }

  private boolean isTileReady(int number) {
    Rehearsal rehearsal = rehearsals[VALUES.length + number];
    if (rehearsal == null) {
      wantTile(number);
      return false;
    }
    return rehearsal.isReady();
  }

  private synchronized void wantTile(int number) {
    int i = VALUES.length + number;
    if (rehearsals[i] == null) {
      rehearsals[i] = tiles.rehearsal(number);
      wanted[i] = true;
    }
  }

  /** Work done, or about to be: the caller may lend a step. */
  void lend(long work) {
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

  /**
   * A step of the first few of what is wanted, and of whatever is late; gives whether anything is
   * left but waiting. With more at once the queue of C2 grows, and C1 then makes code that takes no
   * note of what it does and has to be made again.
   */
  private boolean step() {
    int few = 0;
    for (int i = 0; i < rehearsals.length && few < FEW; i++) {
      Rehearsal rehearsal = rehearsals[i];
      if (wanted[i] && !rehearsal.isReady()) {
        rehearsal.step();
        if (!rehearsal.isWaiting()) {
          return true;
        }
        few += rehearsal.isLate() ? 0 : 1;
      }
    }
    return false;
  }

  private Rehearsal of(Kind kind) {
    int operations =
        switch (kind) {
          case NARROW_ROWS, NARROW_COLUMNS -> 2 * NarrowGemm.SUMS * (LITTLE + 2);
          case ROWS_LARGEST, ROWS_SUM -> 8 * LITTLE;
          case ROWS_GRADIENT, ROWS_PROBABILITIES -> 20 * LITTLE;
          case ROWS_EXP -> 50 * LITTLE;
          case CROSS_ENTROPY, SOFTMAX -> 80;
          case STANDARDISE, RELU_BACKWARD -> 10 * LITTLE;
          case PIXELS, QUOTIENTS -> 20 * LITTLE;
          case BLOCKS -> 60 * LITTLE;
          case COLUMN_SUMS -> 15 * LITTLE;
          default -> 120 * LITTLE;
        };
    return new Rehearsal(operations, (times, work) -> call(kind, times, work));
  }

  /**
   * Calls a kernel. Each has a loop of its own, short enough in total never to be compiled by C2,
   * which would inline the kernel and take 180 ms for it.
   */
  private void call(Kind kind, int times, Work size) {
    boolean work = size == Work.LITTLE || size == Work.MUCH;
    int vectors = size == Work.MUCH ? MUCH : work ? LITTLE : 0;
    int telling = size == Work.LITTLE ? TELLING : vectors;
    int n = vectors * L;
    int k = work ? vectors : size == Work.AGAIN ? MicroKernels.AGAIN : -1;
    int row = work ? ROW : 0;
    switch (kind) {
      case NARROW_ROWS, NARROW_COLUMNS -> {
        int step = kind == Kind.NARROW_ROWS ? 1 : 2;
        int width = NarrowGemm.COLUMNS;
        for (int i = 0; i < times; i++) {
          // With and without rows of initial values of their own.
          NarrowGemm.tile(
              k, x, 0, 3 - step, step, y, 0, width, u, 0, (i & 1) * width, v, 0, width, 0);
        }
      }
      case ROWS_LARGEST -> {
        for (int i = 0; i < times; i++) {
          SoftmaxRows.subtractLargest(L, telling, 0, rows);
        }
      }
      case ROWS_EXP -> {
        for (int i = 0; i < times; i++) {
          VectorActivation.exp(n, x);
        }
      }
      case ROWS_SUM -> {
        for (int i = 0; i < times; i++) {
          SoftmaxRows.sum(L, telling, 0, rows);
        }
      }
      case ROWS_GRADIENT -> {
        for (int i = 0; i < times; i++) {
          SoftmaxRows.gradient(work ? L : 0, vectors, labels, 0, 1, y, 0, work ? vectors : 1, rows);
        }
      }
      case ROWS_PROBABILITIES -> {
        for (int i = 0; i < times; i++) {
          SoftmaxRows.probabilities(work ? L : 0, vectors, y, 0, work ? vectors : 1, rows);
        }
      }
      case CROSS_ENTROPY -> {
        for (int i = 0; i < times; i++) {
          kernels.softmaxCrossEntropy(
              1, row, x, 0, row, labels, 0, 1, y, 0, row, u, 0, predicted, 0, scratch);
        }
      }
      case SOFTMAX -> {
        for (int i = 0; i < times; i++) {
          kernels.softmax(1, row, x, 0, row, y, 0, row, scratch);
        }
      }
      case PIXELS, QUOTIENTS -> {
        int divisor = kind == Kind.PIXELS ? 255 : 1;
        int rows = work ? 2 : 0; // of one, C2 would make no loop
        for (int i = 0; i < times; i++) {
          kernels.bytesToFloats(rows, n + L, bytes, 0, 0, null, 0, divisor, x, 0, 0);
        }
      }
      case BLOCKS -> {
        // Four rows that are one.
        for (int i = 0; i < times; i++) {
          kernels.bytesToBlocks(4, n, bytes, 0, 0, null, 0, 255, x, 0, Blocks.step(4));
          kernels.floatsToBlocks(4, n, y, 0, 0, null, 0, u, 0, Blocks.step(4));
        }
      }
      case STANDARDISE -> {
        for (int i = 0; i < times; i++) {
          kernels.standardise(n, x, 0, doubles, doubles, y, 0);
        }
      }
      case RELU_BACKWARD -> {
        for (int i = 0; i < times; i++) {
          kernels.reluBackward(size == Work.LITTLE ? TELLING : 5, n, x, 0, n, y, 0, n);
        }
      }
      case COLUMN_SUMS -> {
        for (int i = 0; i < times; i++) {
          kernels.columnSums(vectors, work ? 5 * L : 0, x, 0, 5 * L, y, 0);
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
