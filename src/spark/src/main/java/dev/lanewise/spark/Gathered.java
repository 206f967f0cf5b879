package dev.lanewise.spark;

import dev.lanewise.format.Budget;
import dev.lanewise.format.internal.Message;
import dev.lanewise.recipe.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Collects the rows of one training as they arrive in its task: in memory or, if the estimate of
 * the memory exceeds what is left, in files. After the first row that cannot be used for training,
 * it keeps no rows and only counts them for the message.
 */
final class Gathered {
  /** Number of new bytes after which the memory is checked again. */
  private static final long STEP = 1 << 22;

  private static final long MEGABYTE = 1 << 20;

  /** The suggested share of rows, relative to the rows that just fit. */
  private static final double SHARE = 0.9;

  private static final double LEAST = 0.001;

  /** Largest number of numbers of an array. */
  private static final long ARRAY = Integer.MAX_VALUE - 8;

  private final LanewiseEstimator<?> settings;
  private final TrainingColumns columns;
  private final Room room = new Room();
  private final Spool train = new Spool();
  private final Spool valid = new Spool();
  private final LocalFiles files = new LocalFiles(train, valid);
  private final long limit = Budget.property("lanewise.memory", 1);
  private long rows;
  private long bad;
  private String firstBad; // problem of the first bad row
  private boolean isTooMuch;
  private boolean ranOut;
  private Message note; // says that the rows are in files; or null
  private int width; // number of values in a row
  private long arrived; // bytes of the rows
  private long looked; // value of arrived at the last check of the memory

  Gathered(LanewiseEstimator<?> settings, TrainingColumns columns) {
    this.settings = settings;
    this.columns = columns;
  }

  long rows() {
    return rows;
  }

  void add(byte[] bytes) {
    rows++;
    if (TrainingColumns.isBad(bytes)) { // bad rows come first
      bad++;
      firstBad = firstBad == null ? TrainingColumns.problem(bytes) : firstBad;
      return;
    } else if (bad > 0) {
      return;
    }
    arrived += Needs.held(bytes);
    if (width == 0) {
      width = columns.isVector() ? columns.read(bytes).vector().length : columns.inputs().length;
    }
    if (isTooMuch) {
      return;
    }
    try {
      (TrainingColumns.isValidation(bytes) ? valid : train).add(bytes);
      if (arrived - looked >= STEP || arrived > limit && !isInFiles()) {
        look();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "lanewise: Spark's local directory cannot be written (%s), expected a working disk with room for the rows (spark.local.dir)"
              .formatted(e.getMessage()),
          e);
    }
  }

  private boolean isInFiles() {
    return note != null;
  }

  /** Moves the rows to files if memory is too small for them, or gives up if that does not help. */
  private void look() throws IOException {
    looked = arrived;
    long held = isInFiles() ? 0 : arrived;
    boolean isSmall = arrived <= limit && (!columns.isVector() || rows * width <= ARRAY);
    if (!isInFiles() && isSmall && room.has(need(false), held)) {
      return;
    } else if (!room.has(need(true), held)) {
      isTooMuch = true;
      files.remove();
    } else if (!isInFiles()) {
      note =
          Message.of(
              "The rows are in files in Spark's local directory, as they and their network would"
                  + " need more than %s MB of memory",
              Math.min(limit, room.bytes()) / MEGABYTE);
      files.use();
    }
  }

  /** Returns the bytes that a training on the rows needs if they are in memory, or in files. */
  private long need(boolean inFiles) {
    Recipe recipe = settings.recipe();
    long networks = 0;
    for (int m = 0; m < recipe.members(); m++) {
      long inputs = settings.inputs(recipe.member(m), width);
      networks += Needs.ofNetwork(rows, inputs, settings.hiddenSizes(), settings.rowsOfBatch(rows));
    }
    return inFiles
        ? Needs.inFiles(columns.isVector(), rows, networks)
        : arrived + Needs.ofData(columns.isVector(), rows, rows * width) + networks;
  }

  /** Forgets the rows, because memory ran out. */
  void giveUp() {
    ranOut = true;
    files.remove();
  }

  /** Returns the training on the collected rows. */
  Lesson lesson() throws IOException {
    if (bad > 0) {
      throw new IllegalArgumentException(
          "%s; %s of %s rows cannot be used for training".formatted(firstBad, bad, rows));
    }
    if (ranOut) {
      throw new IllegalArgumentException(outOfMemory());
    }
    if (!isTooMuch) {
      look();
    }
    if (isTooMuch) {
      throw new IllegalArgumentException("too little memory, " + wanted());
    }
    return new Lesson(settings, columns, train, valid, files, Optional.ofNullable(note));
  }

  /** Returns the message for a training whose memory ran out although the estimate was lower. */
  String outOfMemory() {
    return "memory ran out, " + wanted() + ", or fewer tasks at a time in it (spark.task.cpus)";
  }

  private String wanted() {
    long need = need(isTooMuch || isInFiles());
    return "%s rows of %s numbers and their network need about %s MB, and this executor has %s MB left for them: expected %s of at least %sm, fewer columns, %sor a sample of the rows, such as sample(%.1g)"
        .formatted(
            rows,
            width,
            need / MEGABYTE,
            room.bytes() / MEGABYTE,
            Room.setting(),
            room.heapFor(need) / MEGABYTE + 1,
            columns.isVector() ? "shards on several executors (checkpointPath), " : "",
            Math.min(1, Math.max(LEAST, SHARE * room.bytes() / need)));
  }
}
