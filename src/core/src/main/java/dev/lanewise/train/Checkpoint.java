package dev.lanewise.train;

import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.format.internal.Allowed;
import dev.lanewise.format.internal.Fields;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.kernel.math.ScaledRows;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.nn.internal.ModelFile;
import dev.lanewise.train.internal.Tally;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;

/**
 * The state of a training run between two steps. {@link Trainer#resume} continues from it, and the
 * run ends with the same bits as one that was never interrupted.
 *
 * <p>A checkpoint of a running training shares the arrays of the run, which may be large, and is
 * valid until the next step: afterwards its methods throw an {@link IllegalStateException}. To keep
 * it, take its {@link #copy}. A copy, or a checkpoint from a file, has arrays of its own, which
 * {@link Trainer#resume} passes to the new run.
 *
 * <p>There is no state of a random generator, because the order of an epoch is a function of the
 * seed and the epoch.
 */
public final class Checkpoint {
  // The arrays of a file, in addition to the arrays of the model.
  private static final String POSITION = "position"; // int64, see arrays
  private static final String SUMS = "sums"; // float64: loss and score of the last step, Tally
  private static final String HISTORY = "history"; // float64 [epochs][EpochResult.COLUMNS]
  private static final String OPTIMIZER = "optimizer_"; // 1, 2: float32 [parameters]
  private static final String FIRST_WEIGHTS = "first_weights"; // float32, W1 without factors
  private static final String INPUT_FACTORS = "input_factors"; // float32 [inputs]
  private static final String CHOICE = "choice"; // float64 [3], of EarlyStopping, if it has it
  private static final String BEST = "best"; // float32 [parameters], if a best epoch is kept
  private static final String SETTINGS = "settings"; // strings, name=value
  private static final String NOTES = "notes"; // strings

  /** All of these names. A file whose checksum does not cover one of them was changed. */
  private static final Pattern NAMES =
      Pattern.compile(
          "position|sums|history|first_weights|input_factors|choice|best|settings|notes"
              + "|optimizer_\\d+");

  private static final int POSITIONS = 5;

  private final Mlp model;
  private final TrainingState state;
  private final long steps; // steps of the state when this was taken
  private final List<String> settings;
  private final List<String> notes;
  private String trusted; // how its file differs from the checksum, or null

  /** The parameters of the model must be the array of the state. */
  Checkpoint(Mlp model, TrainingState state, List<String> settings, List<String> notes) {
    this.model = model;
    this.state = state;
    this.steps = state.steps;
    this.settings = List.copyOf(settings);
    this.notes = List.copyOf(notes);
  }

  /** Returns the state, to read it or to resume it. */
  TrainingState state() {
    if (state.steps != steps) {
      throw new IllegalStateException(
          "a checkpoint of a training that has gone on since: what can be kept is its copy()");
    }
    return state;
  }

  /** {@return the same checkpoint on arrays of its own, which can be kept} */
  public Checkpoint copy() {
    TrainingState copy = state().copy();
    return new Checkpoint(MlpState.of(model).on(copy.parameters), copy, settings, notes);
  }

  /**
   * {@return the network at this point of the training, on a copy of the parameters}
   *
   * @throws IllegalStateException if the network was trained with a fact that only a model honours,
   *     such as a schema or bins; {@code Model.of(checkpoint.network())} has it
   */
  public Mlp model() {
    List<String> needed = MlpState.facts(model).needed();
    if (!needed.isEmpty()) {
      throw new IllegalStateException(
          "checkpoint of a network with %s, which a network alone does not honour, expected none"
                  .formatted(String.join(" and ", needed))
              + " (Model.of(checkpoint.network()) has it)");
    }
    return model.withParameters(state().parameters);
  }

  /**
   * {@return the network without a copy of its parameters, valid as long as this checkpoint, with
   * all facts that it carries for a {@code Model.of}}
   */
  public Mlp network() {
    state();
    return model;
  }

  /** {@return the number of finished epochs} */
  public int epoch() {
    return state().epoch;
  }

  /** {@return the number of finished steps of the current epoch} */
  public long step() {
    return state().step;
  }

  /** {@return the results of the finished epochs} */
  public History history() {
    return new History(state().results);
  }

  /** {@return the notes of the program that took this checkpoint} */
  public List<String> notes() {
    return notes;
  }

  /**
   * {@return this checkpoint with notes for the program that will load it, such as its options}
   *
   * @param lines any lines, which replace all other notes
   */
  public Checkpoint withNotes(List<String> lines) {
    return new Checkpoint(model, state(), settings, lines);
  }

  /** Returns the settings on which the run depends, name=value. */
  List<String> settings() {
    return settings;
  }

  /**
   * Writes the checkpoint as .npz with a checksum of its whole content, and replaces an existing
   * file atomically. numpy and {@code Model.load} read the file, too.
   *
   * @param file the file to write
   * @throws IOException if the file cannot be written; an existing file then stays as it was
   */
  public void save(Path file) throws IOException {
    ModelFile.write(model, file, arrays(true));
  }

  /** Returns the arrays other than those of the model: all, or those of the digest. */
  private Map<String, NdArray> arrays(boolean all) {
    TrainingState s = state();
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    DoubleStream last = DoubleStream.of(s.lastLoss, s.lastScore);
    put(arrays, SUMS, DoubleStream.concat(last, Arrays.stream(s.tally)).toArray());
    for (int a = 0; a < s.optimizer.length; a++) {
      arrays.put(OPTIMIZER + (a + 1), NdArray.ofFloats(s.optimizer[a], 0, s.optimizer[a].length));
    }
    if (s.trained != s.parameters) {
      Layer first = model.layers().get(0);
      int inputs = first.inputs();
      arrays.put(FIRST_WEIGHTS, NdArray.ofFloats(s.trained, 0, inputs, first.outputs()));
      arrays.put(INPUT_FACTORS, NdArray.ofFloats(s.trained, s.parameters.length, inputs));
    }
    if (s.best != null) {
      arrays.put(BEST, NdArray.ofFloats(s.best, 0, s.best.length));
    }
    if (s.choice.length > 0) {
      put(arrays, CHOICE, s.choice);
    }
    int epochs = s.results.size();
    EpochResult result = epochs == 0 ? null : s.results.get(epochs - 1);
    long rows = result == null ? 0 : result.rows();
    if (!all) {
      arrays.put(POSITION, NdArray.of(new long[] {s.epoch, s.step, s.steps, rows}, 4));
      return arrays;
    }
    long asked = result == null ? 0 : result.epochs();
    long[] position = {s.epoch, s.step, s.steps, asked, rows};
    arrays.put(POSITION, NdArray.of(position, POSITIONS));
    double[] history = s.results.stream().flatMapToDouble(r -> Arrays.stream(r.row())).toArray();
    arrays.put(HISTORY, NdArray.of(history, epochs, EpochResult.COLUMNS));
    arrays.put(SETTINGS, NdArray.ofStrings(settings, settings.size()));
    if (!notes.isEmpty()) {
      arrays.put(NOTES, NdArray.ofStrings(notes, notes.size()));
    }
    return arrays;
  }

  private static void put(Map<String, NdArray> arrays, String name, double[] values) {
    arrays.put(name, NdArray.of(values, values.length));
  }

  /**
   * Returns the digest of everything that the rest of the training depends on: weights, state of
   * the optimizer, input factors, best weights so far, and losses and scores of all epochs, by
   * which a patience or a schedule decides. Equal trainings have equal digests after equal steps,
   * on every machine.
   *
   * <p>It is the SHA-256 of lines, sorted by name, each with a line feed. The arrays of {@link
   * #save} other than settings and notes have lines {@code name type shape digest}, such as {@code
   * best float32 [70] 9f86...}, by {@link NdArray#sha256}; the position is without the number of
   * epochs that the run was to have. {@code weights digest} has the {@link Mlp#sha256}. {@code
   * history digest} is a chain: it begins with an empty text, and each epoch makes it the SHA-256
   * of the digest before, a blank, and the digest of the epoch's row with 0 for its seconds.
   *
   * @return 64 hexadecimal digits
   */
  public String sha256() {
    Map<String, String> lines = new TreeMap<>(Map.of("weights", model.sha256()));
    arrays(false)
        .forEach(
            (name, array) ->
                lines.put(
                    name,
                    array.type() + " " + Arrays.toString(array.shape()) + " " + array.sha256()));
    String chain = "";
    for (EpochResult result : state.results) {
      double[] row = result.row();
      row[EpochResult.SECONDS] = 0;
      chain = sha256(chain + " " + NdArray.of(row, row.length).sha256());
    }
    lines.put(HISTORY, chain);
    StringBuilder text = new StringBuilder();
    lines.forEach((name, line) -> text.append(name).append(' ').append(line).append('\n'));
    return sha256(text.toString());
  }

  private static String sha256(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return NdArray.ofBytes(bytes, bytes.length).sha256();
  }

  /**
   * Reads a checkpoint.
   *
   * @param file an .npz that {@link #save} wrote
   * @return the checkpoint
   * @throws IOException if the file cannot be read, is not a checkpoint, or was changed since it
   *     was written
   */
  public static Checkpoint load(Path file) throws IOException {
    try (SealedNpz npz = SealedNpz.open(file, false)) {
      return load(npz);
    }
  }

  /**
   * Reads a checkpoint without comparing its checksum.
   *
   * @param file as for {@link #load(Path)}
   * @return the checkpoint
   * @throws IOException if the file cannot be read or is not a checkpoint
   */
  public static Checkpoint loadTrusted(Path file) throws IOException {
    try (SealedNpz npz = SealedNpz.open(file, true)) {
      return load(npz);
    }
  }

  /**
   * {@return how a file that {@link #loadTrusted} read differs from its checksum, such as {@code
   * whose values differ from its checksum}; empty if it does not}
   */
  public Optional<String> trusted() {
    return Optional.ofNullable(trusted);
  }

  /** Reads a checkpoint from an open file, whose checksum is compared unless it is trusted. */
  static Checkpoint load(SealedNpz file) throws IOException {
    return new Reader(file, Fields.of(file)).read();
  }

  /** Reads a file, and checks every part of it before it is used. */
  private record Reader(SealedNpz npz, Fields in) {
    private static final int ANY = -1; // length of a dimension

    Checkpoint read() throws IOException {
      if (!npz.contains(POSITION) || !npz.contains(SETTINGS)) {
        throw new FormatException(
            npz.file(), "not a checkpoint, expected a checkpoint that a training left");
      }
      npz.requireChecksum();
      npz.refuseAdded(NAMES.asMatchPredicate());
      NdArray position = array(POSITION, ElementType.INT64, POSITIONS);
      for (int i = 0; i < POSITIONS; i++) {
        long value = position.longAt(i);
        long most = i == 1 || i == 2 ? Long.MAX_VALUE : Integer.MAX_VALUE;
        require(value >= 0 && value <= most, POSITION, value + " at " + i, "a number of its range");
      }
      int epoch = (int) position.longAt(0);
      double[] sums = numbers(SUMS, ANY);
      int columns = EpochResult.COLUMNS;
      double[] history = numbers(HISTORY, epoch, columns);
      List<EpochResult> results = new ArrayList<>();
      for (int e = 0; e < epoch; e++) {
        double[] row = Arrays.copyOfRange(history, e * columns, (e + 1) * columns);
        require(row[0] == e, HISTORY, "epoch " + row[0] + " in row " + e, "epochs from 0 on");
        results.add(EpochResult.of(row, (int) position.longAt(3), position.longAt(4)));
      }
      List<String> settings = in.texts(SETTINGS, null);
      List<String> notes = in.optional().texts(NOTES, null);
      List<float[]> optimizer = new ArrayList<>();
      while (npz.contains(OPTIMIZER + (optimizer.size() + 1))) {
        optimizer.add(floats(OPTIMIZER + (optimizer.size() + 1), ANY));
      }
      float[] best = npz.contains(BEST) ? floats(BEST, ANY) : null;
      boolean factored = npz.contains(INPUT_FACTORS);
      float[] factors = factored ? floats(INPUT_FACTORS, ANY) : null;
      float[] firstWeights = factored ? floats(FIRST_WEIGHTS, ANY, ANY) : null;
      // Last, because it compares the checksum of everything read.
      Mlp model = ModelFile.read(npz, List.of()).network(); // a run trains one network
      int all = 2 + new Tally(model.loss(), model.architecture().outputs()).state().length;
      require(sums.length == all, SUMS, sums.length + " numbers", "" + all);
      float[] weights = MlpState.of(model).parameters(); // the array that a run then changes
      float[] trained = factored ? trained(model, weights, firstWeights, factors) : weights;
      for (int i = 0; i < optimizer.size(); i++) {
        check(OPTIMIZER + (i + 1), optimizer.get(i), trained.length);
      }
      TrainingState state = new TrainingState(weights, trained, optimizer.toArray(new float[0][]));
      if (best != null) {
        check(BEST, best, weights.length);
        state.best = best;
      }
      if (npz.contains(CHOICE)) {
        double[] c = array(CHOICE, ElementType.FLOAT64, 3).toDoubles();
        DoubleStream epochs = Arrays.stream(c).skip(1);
        boolean isSound = epochs.allMatch(e -> e >= -1 && e < epoch && e == Math.rint(e));
        require(isSound && c[0] == c[0], CHOICE, Arrays.toString(c), "a value and epochs");
        state.choice = c;
      }
      for (String name : npz.names()) {
        boolean isUsed = in.isTaken(name) || !NAMES.matcher(name).matches();
        require(isUsed, name, "an array without the one that it belongs to", "both or none");
      }
      state.results.addAll(results);
      state.epoch = epoch;
      state.step = position.longAt(1);
      state.steps = position.longAt(2);
      state.lastLoss = sums[0];
      state.lastScore = sums[1];
      state.tally = Arrays.copyOfRange(sums, 2, sums.length);
      Checkpoint read = new Checkpoint(model, state, settings, notes);
      read.trusted = npz.trusted().orElse(null);
      return read;
    }

    /** Returns the array that the optimizer changes, as {@link InputFactors} describes it. */
    private float[] trained(Mlp model, float[] weights, float[] firstWeights, float[] factors)
        throws IOException {
      Layer first = model.layers().get(0);
      check(INPUT_FACTORS, factors, first.inputs());
      check(FIRST_WEIGHTS, firstWeights, first.inputs() * first.outputs());
      float[] trained = InputFactors.trained(weights, first.inputs());
      System.arraycopy(firstWeights, 0, trained, 0, firstWeights.length);
      System.arraycopy(factors, 0, trained, weights.length, factors.length);
      float[] product = weights.clone();
      ScaledRows.scale(0, factors.length, first.outputs(), trained, weights.length, product);
      String other = "the product with " + INPUT_FACTORS + " is not W1";
      require(Arrays.equals(product, weights), FIRST_WEIGHTS, other, "it");
      return trained;
    }

    /** Returns an array, whose header is checked before memory is allocated for it. */
    private NdArray array(String name, ElementType type, int... shape) throws IOException {
      requireShape(name, type, shape);
      return in.any(name, null);
    }

    /** Returns sums, or columns of the history, see {@link EpochResult#row}. */
    private double[] numbers(String name, int... shape) throws IOException {
      double[] values = array(name, ElementType.FLOAT64, shape).toDoubles();
      for (int i = 0; i < values.length; i++) {
        Allowed allowed =
            switch (name.equals(SUMS) ? (i == 1 ? 2 : i == 3 || i == 4 ? 0 : 1) : i % shape[1]) {
              case 1, 3 -> Allowed.FINITE; // a mini-batch of another loss ends the training
              case 2, 4, 6 -> Allowed.SCORES;
              case 5 -> Allowed.LOSSES;
              default -> Allowed.FROM_ZERO; // epoch, seconds and rate; counts of rows in sums
            };
        require(allowed.allows(values[i]), name, values[i] + " at element " + i, "" + allowed);
      }
      return values;
    }

    private float[] floats(String name, int... shape) throws IOException {
      requireShape(name, ElementType.FLOAT32, shape);
      return in.floats(name);
    }

    /** Refuses numbers that are not finite; only an optimizer's state may be infinite. */
    private void check(String name, float[] values, int expected) throws IOException {
      require(values.length == expected, name, values.length + " numbers", "" + expected);
      for (int i = 0; i < values.length; i++) {
        float value = values[i];
        if (name.startsWith(OPTIMIZER) ? Float.isNaN(value) : !Float.isFinite(value)) {
          require(false, name, value + " at element " + i, "finite numbers");
        }
      }
    }

    private void requireShape(String name, ElementType type, int... shape) throws IOException {
      Npz.Header header = npz.header(name);
      String wanted = Arrays.toString(shape);
      String pattern = "\\" + wanted.replace("" + ANY, "\\d+");
      boolean right = header.type() == type && header.shape().toString().matches(pattern);
      String found = header.type() + " " + header.shape();
      require(right, name, found, type + " " + wanted.replace("" + ANY, "any"));
    }

    private void require(boolean right, String name, String found, String expected)
        throws FormatException {
      if (!right) {
        throw new FormatException(npz.file() + ": " + name, found + ", expected " + expected);
      }
    }
  }
}
