package dev.lanewise.table;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.Split;
import dev.lanewise.data.internal.DataParts;
import dev.lanewise.data.internal.Labels;
import dev.lanewise.data.internal.Preprocessor;
import dev.lanewise.data.internal.RawRows;
import dev.lanewise.format.Budget;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.format.internal.Bytes;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Messages;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.Division;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.internal.DataFacts;
import dev.lanewise.rows.internal.TableFacts;
import dev.lanewise.source.NamedFiles;
import dev.lanewise.table.internal.EncodedRows;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A file with the encoded and scaled rows of a table that is larger than memory, next to the table.
 * Later trainings on the same table with the same options use it again. The file contains the rows
 * (see {@link EncodedRows}), then an archive of arrays with the rest of the data set, and at the
 * end the position of that archive.
 */
final class TableCache {
  /** Bytes of memory per cell, including its encoded form. */
  static final int CELL = 12;

  /** A size above any memory, small enough to add the sizes of several tables. */
  static final long IN_FILE = Long.MAX_VALUE >> 2;

  /** Must change whenever the encoding of a table or the format of this file changes. */
  private static final String VERSION = "Lanewise table 5";

  private static final String FIXED = "fixed";
  private static final String GROUPS = "groups"; // the array of the groups of the table's rows

  private static final int BLOCK = 1 << 16;

  private static final int BUFFER = 1 << 20;
  private static final int BYTE = 255;

  /** Number of last lines of the key that a model also knows: two scalings and the loss. */
  private static final int MODELS = 3;

  /** Number of columns before the target: position in this file, row in the table, weight. */
  private static final int TARGET = 3;

  /** Stands for no weight in the column of weights. */
  private static final int NO_WEIGHT = -1;

  private static final int END = 2 * Long.BYTES;

  private final Path file;
  private final Loading options;
  private final List<Path> sources = new ArrayList<>();
  private final List<Integer> counts = new ArrayList<>(); // sources up to each part's end
  private final boolean isKept; // for later runs
  private final List<Long> before; // sizes and times of the sources at the start
  private final List<EncodedRows> parts = new ArrayList<>();
  private final MessageDigest digest = Bytes.sha256(); // digest of the bytes written so far
  private long position;
  private OutputStream out; // null unless the file is being written

  /** Chooses the place of the file for a table. A file that may not be kept is deleted at exit. */
  TableCache(Path table, Loading options, boolean mayKeep) throws IOException {
    this.options = options;
    Path name = Path.of(table.getFileName().toString().replace('*', '_') + ".lanewise");
    Path folder = options.reading().cache.orElse(table.getParent());
    file = folder == null ? name : folder.resolve(name);
    boolean known = options.scaling().scale().name().equals(FIXED) || targetScale().equals(FIXED);
    boolean mayUse = mayKeep && !options.reading().keepsNothing;
    isKept = mayUse && (options.model().isPresent() ? options.trains() : !known);
    if (isKept) {
      for (Optional<Path> part :
          List.of(Optional.of(table), options.division().validData, options.division().testData)) {
        sources.addAll(part.isEmpty() ? List.of() : NamedFiles.named(part.get()));
        counts.add(sources.size());
      }
    }
    before = seen();
  }

  private String targetScale() {
    return options.scaling().targetScale.map(ScaleChoice::name).orElse("usual");
  }

  /** Returns the bytes for tables: half of the maximum heap, or the value of the property. */
  static long memory() {
    return Budget.property("lanewise.memory", 2);
  }

  int threads() {
    return options.reading().threads;
  }

  /** Creates an empty temporary file next to this file, and their folder if needed. */
  Path unused() throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    AtomicFile.makeDirectory(folder);
    return Files.createTempFile(folder, ".lanewise-", ".tmp");
  }

  FormatException unwritable(IOException e) {
    boolean isKnown = e instanceof FileSystemException known && known.getReason() != null;
    return new FormatException(
        file.toString(),
        "%s, as the table is larger than memory (%s: in another folder)",
        isKnown
            ? ((FileSystemException) e).getReason()
            : Message.of("cannot be written (%s), expected a working disk with room for it", e),
        Remedy.CACHE.with());
  }

  private List<Long> seen() {
    List<Long> seen = new ArrayList<>();
    for (Path source : sources) {
      File one = source.toFile();
      seen.addAll(List.of(one.length(), one.lastModified()));
    }
    return seen;
  }

  private static String digest(FileChannel channel, long end) throws IOException {
    MessageDigest digest = Bytes.sha256();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    buffer.limit((int) Math.min(BUFFER, end));
    for (long at = 0; at < end && channel.read(buffer, at) > 0; ) {
      at += buffer.flip().limit();
      digest.update(buffer);
      buffer.clear().limit((int) Math.min(BUFFER, end - at));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Lists all that the contents depend on, except what the model stores. */
  private List<String> key() throws IOException {
    List<String> key =
        new ArrayList<>(List.of(VERSION, options.division() + ", " + options.reading()));
    for (Path source : sources) {
      try (FileChannel channel = FileChannel.open(source)) {
        key.add(source.getFileName() + " sha256 " + digest(channel, channel.size()));
      }
    }
    key.add("files up to those for training, validation and test " + counts);
    key.add("scale " + options.scaling().scale().name());
    key.add("scale targets " + targetScale());
    key.add("loss " + (options.model().isPresent() ? "of a model" : options.scaling().loss));
    return key;
  }

  /** Reads the data set of an earlier run; empty if there is none for the same input. */
  Optional<Dataset> read() {
    if (!isKept || !Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer end = ByteBuffer.allocate(END);
      channel.read(end, channel.size() - END);
      long size = end.getLong(0);
      if (size != ~end.getLong(Long.BYTES)) {
        return Optional.empty();
      }
      InputStream in =
          new BufferedInputStream(Channels.newInputStream(channel.position(size)), BUFFER);
      try (SealedNpz npz = SealedNpz.open(in, file.toString(), false)) {
        return read(npz, DataFacts.of(npz), channel, size);
      }
    } catch (IOException | RuntimeException e) { // a damaged file, which will be replaced
      return Optional.empty();
    }
  }

  private Optional<Dataset> read(SealedNpz npz, DataFacts facts, FileChannel channel, long end)
      throws IOException {
    NdArray texts = npz.read("texts"); // digest of the rows, key, notes
    if (!fits(texts, facts) || !texts.stringAt(0).equals(digest(channel, end))) {
      return Optional.empty();
    }
    List<Message> notes = new ArrayList<>();
    for (int i = key().size() + 1; i < texts.length(); i++) {
      notes.add(Message.decode(texts.stringAt(i)));
    }
    notes.add(Message.of("Rows as " + file + " has them, encoded by an earlier run"));
    int outputs = (int) npz.read("outputs").longAt(0);
    Objects.checkIndex(outputs - 1, Labels.MAX_CLASSES); // the file may be forged
    Split[] splits = new Split[3];
    int[][] rows = new int[3][0];
    for (int s = 0; s < 3; s++) {
      if (s == 0 || npz.contains("rows" + s)) { // training rows always exist
        NdArray array = npz.read("rows" + s);
        int count = array.dimension(0);
        if (array.longAt(1) >= 0) {
          rows[s] = column(array, 1);
        }
        int[] low = column(npz.read("low" + s), 0);
        long begin = npz.read("begin" + s).longAt(0);
        EncodedRows source = new EncodedRows(begin, low, column(array, 0, Integer.MAX_VALUE));
        source.map(channel, file);
        splits[s] =
            DataParts.access()
                .split(source, labels(array, facts.loss(), outputs, count), facts.scaling())
                .withTargetScaling(facts.targetScaling());
      }
    }
    Dataset data =
        DataParts.access()
            .dataset(splits[0], splits[1], splits[2], outputs, facts.classNames(), new int[0]);
    return Optional.of(
        TableFacts.of(
            data,
            facts.loss(),
            facts.schema(),
            facts.division(),
            facts.watched(),
            rows,
            npz.contains(GROUPS) ? column(npz.read(GROUPS), 0) : new int[0],
            notes));
  }

  /** Returns whether the file was made with these options, or has what the model asks for. */
  private boolean fits(NdArray texts, DataFacts facts) throws IOException {
    List<String> key = key();
    int size = key.size();
    boolean fits = size < texts.length();
    boolean[] isSame = new boolean[size];
    for (int i = 0; fits && i < size; i++) {
      isSame[i] = key.get(i).equals(texts.stringAt(i + 1));
      fits = isSame[i] || options.model().isPresent() && i >= size - MODELS;
    }
    if (!fits || options.model().isEmpty()) {
      return fits;
    }
    Model asked = options.model().get();
    return (isSame[size - MODELS] || options.scaling().scale().name().equals(FIXED))
        && (isSame[size - MODELS + 1] || targetScale().equals(FIXED))
        && asked.scaling().equals(Optional.of(facts.scaling()))
        && asked.targetScaling().equals(facts.targetScaling())
        && asked.schema().equals(Optional.of(facts.schema()))
        && options.known().equals(Optional.of(facts.division()))
        && asked.classNames().equals(facts.classNames())
        && asked.loss().equals(facts.loss());
  }

  private Labels labels(NdArray rows, Loss loss, int outputs, int count) throws FormatException {
    String where = file.toString();
    Function<String, FormatException> wrong =
        what -> new FormatException(where, "a row has %s", what);
    Labels labels;
    if (loss.task().hasClasses()) {
      labels = new Labels(column(rows, TARGET, outputs), 0, where);
    } else {
      Objects.checkIndex(TARGET + 2 * outputs - 1, rows.dimension(1));
      double[] numbers = new double[count * outputs];
      for (int k = 0; k < outputs; k++) {
        int[] high = column(rows, TARGET + 2 * k);
        int[] low = column(rows, TARGET + 2 * k + 1);
        for (int i = 0; i < count; i++) {
          long bits = (long) high[i] << Integer.SIZE | Integer.toUnsignedLong(low[i]);
          double number = Double.longBitsToDouble(bits);
          numbers[i * outputs + k] = Labels.number(number, loss, wrong);
        }
      }
      labels = new Labels(numbers, outputs, where);
    }
    int[] weights = column(rows, 2);
    if (weights[0] != NO_WEIGHT) {
      labels.weights = new float[count];
      for (int i = 0; i < count; i++) {
        labels.weights[i] = Labels.weight(Float.intBitsToFloat(weights[i]), wrong);
      }
    }
    return labels;
  }

  /** Reads a column of integers in [0, bound), as the file may be forged. */
  private static int[] column(NdArray rows, int column, int bound) {
    int[] values = column(rows, column);
    for (int value : values) {
      Objects.checkIndex(value, bound);
    }
    return values;
  }

  private static int[] column(NdArray rows, int column) {
    int[] values = new int[rows.dimension(0)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (int) rows.longAt(i * rows.dimension(1) + column);
    }
    return values;
  }

  Message note() {
    return Message.of(
        "Larger than memory: the encoded rows are "
            + (isKept
                ? "in " + file + ", also for later runs"
                : "beside " + file + " for this run"));
  }

  /** Makes a data set whose rows are {@linkplain #add added} to the file and read from it. */
  Dataset write(AtomicFile.IoConsumer<Dataset[]> maker) throws IOException {
    Dataset[] made = new Dataset[1];
    File other = null;
    try {
      Path spare = unused();
      Path place = isKept ? file : spare;
      other = spare.toFile();
      other.deleteOnExit(); // if a mapping prevents deletion now
      AtomicFile.write(
          place,
          to -> {
            out = to;
            try {
              maker.accept(made);
            } catch (UncheckedIOException e) {
              throw e.getCause();
            }
            if (isKept) {
              finish(made[0], spare);
            }
          });
      try (FileChannel channel = FileChannel.open(place)) {
        for (EncodedRows part : parts) {
          part.map(channel, place);
        }
      }
      if (!before.equals(seen())) { // the digest may belong to other bytes than those read
        place.toFile().delete();
      }
    } catch (FileSystemException e) {
      throw unwritable(e);
    } finally {
      if (other != null) {
        other.delete();
      }
    }
    return made[0];
  }

  /** Encodes rows, writes them, and returns an object that reads them. */
  EncodedRows add(RawRows rows, Scaling scaling) throws IOException {
    int features = rows.features();
    int[] order = rows.readingOrder();
    int[] places = new int[order.length];
    for (int place = 0; place < places.length; place++) {
      places[order[place]] = place;
    }
    int most = Math.max(1, BLOCK / features);
    float[] values = new float[most * features];
    EncodedRows part = new EncodedRows(position, lows(rows, order, scaling, values), places);
    ByteBuffer bytes = ByteBuffer.allocate(most * part.stride()).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < order.length; from += most) {
      int count = Math.min(most, order.length - from);
      Preprocessor.scale(rows, order, from, from + count, scaling, values, -1);
      for (int i = 0; i < count; i++) {
        part.put(values, i * features, bytes, i * part.stride());
      }
      digest.update(bytes.array(), 0, count * part.stride());
      out.write(bytes.array(), 0, count * part.stride());
      position += (long) count * part.stride();
    }
    parts.add(part);
    return part;
  }

  /** Returns the minimum of each feature that is stored as bytes, and NONE for others. */
  private static int[] lows(RawRows rows, int[] order, Scaling scaling, float[] values)
      throws IOException {
    int features = rows.features();
    float[] least = new float[features];
    float[] most = new float[features];
    Arrays.fill(least, Float.POSITIVE_INFINITY);
    Arrays.fill(most, Float.NEGATIVE_INFINITY);
    int left = features; // candidates
    int size = values.length / features;
    for (int from = 0; from < order.length && left > 0; from += size) {
      int count = Math.min(size, order.length - from);
      Preprocessor.scale(rows, order, from, from + count, scaling, values, -1);
      left = 0;
      for (int j = 0; j < features; j++) {
        for (int i = j; i < count * features && most[j] - least[j] <= BYTE; i += features) {
          boolean whole =
              Float.floatToRawIntBits((int) values[i]) == Float.floatToRawIntBits(values[i]);
          least[j] = whole ? Math.min(least[j], values[i]) : Float.NEGATIVE_INFINITY;
          most[j] = whole ? Math.max(most[j], values[i]) : Float.POSITIVE_INFINITY;
        }
        left += most[j] - least[j] <= BYTE ? 1 : 0;
      }
    }
    int[] low = new int[features];
    for (int j = 0; j < features; j++) {
      low[j] = most[j] - least[j] <= BYTE ? (int) least[j] : EncodedRows.NONE;
    }
    return low;
  }

  /** Writes everything but the rows of the data set after the rows. */
  private void finish(Dataset data, Path spare) throws IOException {
    DataFacts facts =
        new DataFacts(
            data.loss(),
            data.scaling(),
            data.targetScaling(),
            data.classNames(),
            Schema.of(data).orElseThrow(),
            Division.of(data).orElseThrow(),
            DataParts.access().origin(data).find(TableFacts.WATCHED).orElse(List.of()));
    Map<String, NdArray> arrays = facts.arrays();
    List<String> texts = key();
    texts.add(0, HexFormat.of().formatHex(digest.digest()));
    List<Message> notes = new ArrayList<>(Messages.of(data.notes()));
    notes.remove(note());
    notes.forEach(note -> texts.add(note.encode()));
    arrays.put("texts", NdArray.ofStrings(texts, texts.size()));
    arrays.put("outputs", NdArray.of(new int[] {data.classes()}, 1));
    int[] groups = DataParts.access().origin(data).groups();
    if (groups.length > 0) {
      arrays.put(GROUPS, NdArray.of(groups, groups.length, 1));
    }
    put(arrays, 0, data, data.train());
    data.validation().ifPresent(split -> put(arrays, 1, data, split));
    data.test().ifPresent(split -> put(arrays, 2, data, split));
    SealedNpz.write(spare, arrays);
    Files.copy(spare, out);
    out.write(ByteBuffer.allocate(END).putLong(position).putLong(~position).array());
  }

  private static void put(Map<String, NdArray> arrays, int number, Dataset data, Split split) {
    EncodedRows source = (EncodedRows) DataParts.access().rows(split);
    int[] rows = DataParts.access().origin(data).rows()[number];
    int outputs = split.outputs();
    int columns = TARGET + Math.max(1, 2 * outputs); // a double occupies two integers
    int[] all = new int[split.rows() * columns];
    for (int i = 0, at = 0; i < split.rows(); i++, at += columns) {
      all[at] = source.places[i];
      all[at + 1] = rows.length == 0 ? -1 : rows[i];
      all[at + 2] = split.hasWeights() ? Float.floatToIntBits(split.weight(i)) : NO_WEIGHT;
      all[at + TARGET] = outputs == 0 ? split.label(i) : 0;
      for (int k = 0; k < outputs; k++) {
        long bits = Double.doubleToLongBits(split.target(i, k));
        all[at + TARGET + 2 * k] = (int) (bits >> Integer.SIZE);
        all[at + TARGET + 2 * k + 1] = (int) bits;
      }
    }
    arrays.put("rows" + number, NdArray.of(all, split.rows(), columns));
    arrays.put("low" + number, NdArray.of(source.low, source.low.length, 1));
    arrays.put("begin" + number, NdArray.of(new long[] {source.begin}));
  }
}
