package dev.lanewise.spark;

import dev.lanewise.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the rows of one training as they arrive in its task. After the first row that cannot be
 * used for training, it keeps no rows and only counts them for the message.
 */
final class Gathered {
  /** Number of new bytes after which the memory is checked again. */
  private static final long STEP = 1 << 22;

  private static final long MEGABYTE = 1 << 20;

  /** The suggested share of rows, relative to the rows that just fit. */
  private static final double SHARE = 0.9;

  private static final double LEAST = 0.001;

  private final LanewiseEstimator<?> settings;
  private final TrainingColumns columns;
  private final Room room = new Room();
  private final List<byte[]> train = new ArrayList<>();
  private final List<byte[]> valid = new ArrayList<>();
  private long rows;
  private long bad;
  private String firstBad; // problem of the first bad row
  private boolean isTooMuch;
  private boolean ranOut;
  private int width; // number of values in a row
  private long held; // bytes of the kept rows
  private long looked; // value of held at the last check of the memory

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
    held += Needs.held(bytes);
    if (width == 0) {
      width = columns.isVector() ? columns.read(bytes).vector().length : columns.inputs().length;
    }
    if (isTooMuch) {
      return;
    }
    (TrainingColumns.isValidation(bytes) ? valid : train).add(bytes);
    if (held - looked >= STEP) {
      look();
    }
  }

  private void look() {
    looked = held;
    if (!room.has(need(), held)) {
      isTooMuch = true;
      train.clear();
      valid.clear();
    }
  }

  /** Returns the bytes that a training on the collected rows needs. */
  private long need() {
    Recipe recipe = settings.recipe();
    long need = held + Needs.ofData(columns.isVector(), rows, rows * width);
    for (int m = 0; m < recipe.members(); m++) {
      long inputs = settings.inputs(recipe.member(m), width);
      need += Needs.ofNetwork(rows, inputs, settings.hiddenSizes(), settings.rowsOfBatch(rows));
    }
    return need;
  }

  /** Forgets the rows, because memory ran out. */
  void giveUp() {
    ranOut = true;
    train.clear();
    valid.clear();
  }

  /** Returns the training on the collected rows. */
  Lesson lesson() {
    if (bad > 0) {
      throw new IllegalArgumentException(
          "%s; %s of %s rows cannot be used for training".formatted(firstBad, bad, rows));
    }
    if (ranOut) {
      throw new IllegalArgumentException(outOfMemory());
    }
    look();
    if (isTooMuch) {
      throw new IllegalArgumentException("too little memory, " + wanted());
    }
    return new Lesson(settings, columns, train, valid);
  }

  /** Returns the message for a training whose memory ran out although the estimate was lower. */
  String outOfMemory() {
    return "memory ran out, " + wanted() + ", or fewer tasks at a time in it (spark.task.cpus)";
  }

  private String wanted() {
    long need = need();
    return "%s rows of %s numbers and their network need about %s MB, and this executor has %s MB left for them: expected %s of at least %sm, fewer columns, or a sample of the rows, such as sample(%.1g)"
        .formatted(
            rows,
            width,
            need / MEGABYTE,
            room.bytes() / MEGABYTE,
            Room.setting(),
            room.heapFor(need) / MEGABYTE + 1,
            Math.min(1, Math.max(LEAST, SHARE * room.bytes() / need)));
  }
}
