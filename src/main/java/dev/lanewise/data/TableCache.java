package dev.lanewise.data;

import dev.lanewise.format.AtomicFile;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.SealedNpz;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.Schema;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
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
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * Where the rows of a table are that is larger than memory, encoded and scaled: a file beside the
 * table, which serves later trainings on the same table with the same options, too. It holds the
 * rows, see {@link EncodedRows}; behind them, as a model with further arrays, all that a data set
 * has besides; and at the end where this begins.
 */
final class TableCache {
  /** Bytes of memory for a cell and what becomes of it. */
  static final int CELL = 12;

  /** More bytes than any memory has, as often as there are tables. */
  static final long IN_FILE = Long.MAX_VALUE >> 2;

  /** To be raised with every change to what is made of a table, or to how it is written here. */
  private static final String VERSION = "Lanewise table 1";

  private static final String PROPERTY = "lanewise.memory";
  private static final String[] SPLITS = {"train_", "valid_", "test_"};

  /** Numbers that are encoded at a time. */
  private static final int BLOCK = 1 << 16;

  private static final int BUFFER = 1 << 20;

  private static final int BYTE = 255;
  private static final int MODELS = 3; // last lines of the key about what a model says itself
  private static final String FIXED = ScaleChoice.FIXED;
  private static final int END = 2 * Long.BYTES;
  private static final String TEXTS = "texts"; // the key, and notes
  private static final String CHECKSUM = "checksum"; // of the rows

  private final Path file;
  private final LoadOptions options;
  private final List<Path> sources = new ArrayList<>();
  private final boolean isKept; // after this run
  private final String before; // what could be seen of the sources from outside
  private final List<EncodedRows> parts = new ArrayList<>();
  private final CRC32C checksum = new CRC32C(); // of what has been written
  private long position;
  private OutputStream out; // to the file that is being written; else null

  /** The place for a table that is loaded with some options; what is not kept goes at the end. */
  TableCache(Path table, LoadOptions options, boolean mayKeep) throws IOException {
    this.options = options;
    Path name = Path.of(table.getFileName().toString().replace('*', '_') + ".lanewise");
    Path folder = options.cache.orElse(table.getParent());
    file = folder == null ? name : folder.resolve(name);
    boolean known = options.scale.name().equals(FIXED) || targetScale().equals(FIXED);
    isKept = mayKeep && (options.model.isPresent() ? options.trains : !known);
    if (isKept) {
      sources.addAll(NamedFiles.named(table));
      for (Optional<Path> other : List.of(options.validData, options.testData)) {
        sources.addAll(other.isEmpty() ? List.of() : NamedFiles.named(other.get()));
      }
    }
    before = seen();
  }

  private String targetScale() {
    return options.targetScale.map(ScaleChoice::name).orElse("usual");
  }

  /** The bytes that tables may take: half of the largest heap, or as the property says. */
  static long memory() {
    return Long.getLong(PROPERTY, Runtime.getRuntime().maxMemory() / 2);
  }

  /** The threads that may read tables. */
  int threads() {
    return options.threads;
  }

  /** A name beside the file that no other file has, in a folder that is there. */
  Path unused() throws IOException {
    if (options.cache.isPresent()) {
      Files.createDirectories(options.cache.get());
    }
    String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
    return file.resolveSibling(".lanewise-" + random + ".tmp");
  }

  /** The error of a file that cannot be written. */
  FormatException unwritable(IOException e) {
    boolean knows = e instanceof FileSystemException known && known.getReason() != null;
    String reason =
        e instanceof FileSystemException ? e.getClass().getSimpleName() : e.getMessage();
    return new FormatException(
        file.toString(),
        (knows
                ? ((FileSystemException) e).getReason()
                : "cannot be written (" + reason + "), expected room for it")
            + ", as the table is larger than memory (--cache DIR: elsewhere)",
        e);
  }

  private String seen() throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path source : sources) {
      all.append(Files.size(source)).append(' ').append(Files.getLastModifiedTime(source));
    }
    return all.toString();
  }

  /** On what the contents depend, but for what a model says better. */
  private List<String> key() throws IOException {
    List<String> key = new ArrayList<>(List.of(VERSION, options.forDivision()));
    byte[] buffer = new byte[BUFFER];
    for (Path source : sources) {
      try (InputStream in = new FileInputStream(source.toFile())) {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (int count = 0; count >= 0; count = in.read(buffer)) {
          digest.update(buffer, 0, count);
        }
        key.add(source.getFileName() + " sha256 " + HexFormat.of().formatHex(digest.digest()));
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError(e);
      }
    }
    key.add("scale " + options.scale.name());
    key.add("scale targets " + targetScale());
    key.add("loss " + (options.model.isPresent() ? "of a model" : options.loss));
    return key;
  }

  /** The data as an earlier run has left it; empty if it has not, or other data. */
  Optional<Dataset> read() {
    if (!isKept || !Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer end = ByteBuffer.allocate(END);
      channel.read(end, channel.size() - END);
      long size = end.getLong(0);
      if (size != ~end.getLong(Long.BYTES)) {
        return Optional.empty();
      }
      InputStream in =
          new BufferedInputStream(Channels.newInputStream(channel.position(size)), BUFFER);
      try (SealedNpz npz = SealedNpz.open(in, file.toString(), false)) {
        return read(npz, Mlp.load(npz), channel, size);
      }
    } catch (IOException | RuntimeException e) { // a file that is damaged, and will be replaced
      return Optional.empty();
    }
  }

  private Optional<Dataset> read(SealedNpz npz, Mlp model, FileChannel channel, long end)
      throws IOException {
    List<String> key = key();
    NdArray texts = npz.read(TEXTS);
    int size = key.size();
    boolean fits = size <= texts.length();
    boolean[] isSame = new boolean[size];
    for (int i = 0; fits && i < size; i++) {
      isSame[i] = key.get(i).equals(texts.stringAt(i));
      fits = isSame[i] || options.model.isPresent() && i >= size - MODELS;
    }
    if (fits && options.model.isPresent()) {
      Mlp asked = options.model.get();
      Scaling targets = options.targetScale.map(ScaleChoice::fixed).orElse(null);
      fits =
          (model.scaling().orElseThrow().equals(options.scale.fixed())
                  || isSame[size - MODELS] && !options.scale.name().equals(FIXED))
              && (model.targetScaling().equals(targets)
                  || isSame[size - MODELS + 1] && !targetScale().equals(FIXED))
              && model.schema().equals(asked.schema())
              && model.division().equals(asked.division())
              && model.classNames().equals(asked.classNames())
              && model.loss() == asked.loss();
    }
    if (!fits || !isSound(npz, channel, end)) {
      return Optional.empty();
    }
    List<String> notes = new ArrayList<>();
    for (int i = key.size(); i < texts.length(); i++) {
      notes.add(texts.stringAt(i));
    }
    notes.add("Rows as " + file + " has them, encoded by an earlier run");
    Split[] splits = new Split[SPLITS.length];
    int[][] rows = new int[SPLITS.length][];
    for (int s = 0; s < SPLITS.length; s++) {
      rows[s] = ints(npz, SPLITS[s] + "rows");
      splits[s] = npz.contains(SPLITS[s] + "places") ? split(npz, SPLITS[s], model, channel) : null;
    }
    Schema schema = model.schema().orElseThrow();
    return Optional.of(
        new Dataset(
                splits[0],
                splits[1],
                splits[2],
                model.architecture().outputs(),
                model.classNames(),
                new int[0])
            .withOrigin(
                new Origin(
                    Optional.of(model.loss()),
                    model.schema(),
                    model.division(),
                    rows,
                    schema.inputNames(),
                    notes)));
  }

  private static boolean isSound(SealedNpz npz, FileChannel channel, long size) throws IOException {
    CRC32C found = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    for (long at = 0; at < size; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(BUFFER, size - at));
      buffer.limit(channel.read(buffer, at));
      found.update(buffer.flip());
    }
    return found.getValue() == npz.read(CHECKSUM).longAt(0);
  }

  private Split split(SealedNpz npz, String name, Mlp model, FileChannel channel)
      throws IOException {
    long begin = npz.read(name + "begin").longAt(0);
    EncodedRows rows = new EncodedRows(begin, ints(npz, name + "low"), ints(npz, name + "places"));
    rows.map(channel, file);
    Labels labels =
        npz.contains(name + "classes")
            ? new Labels(ints(npz, name + "classes"), 0, file.toString())
            : new Labels(
                npz.read(name + "numbers").toFloats(),
                model.architecture().outputs(),
                file.toString());
    labels.weights = npz.contains(name + "weights") ? npz.read(name + "weights").toFloats() : null;
    return new Split(rows, labels, model.scaling().orElseThrow())
        .withTargetScaling(model.targetScaling());
  }

  private static int[] ints(SealedNpz npz, String name) throws IOException {
    NdArray array = npz.read(name);
    return IntStream.range(0, array.length()).map(i -> (int) array.longAt(i)).toArray();
  }

  /** What makes a data set. */
  interface Maker {
    Dataset make() throws IOException;
  }

  /** Makes data whose rows are {@linkplain #add added} to the file, and finds them there. */
  Dataset write(Maker maker) throws IOException {
    Dataset[] made = new Dataset[1];
    boolean[] stays = {isKept};
    try {
      Path other = unused();
      Path place = isKept ? file : other;
      AtomicFile.write(
          place,
          to -> {
            out = to;
            try {
              made[0] = maker.make();
            } catch (UncheckedIOException e) {
              throw e.getCause();
            }
            if (isKept) {
              finish(made[0]);
              stays[0] = before.equals(seen());
            }
          });
      try (FileChannel channel = FileChannel.open(place, StandardOpenOption.READ)) {
        for (EncodedRows part : parts) {
          part.map(channel, place);
        }
      }
      if (!stays[0]) {
        place.toFile().deleteOnExit(); // where it cannot go before the mapping does
        place.toFile().delete();
      }
    } catch (FileSystemException e) {
      throw unwritable(e);
    }
    long megabytes = (position >> 20) + 1;
    return made[0].withOrigin(
        made[0]
            .origin()
            .noting(
                stays[0]
                    ? "Larger than memory: encoded into %s (%s MB), also for later runs"
                        .formatted(file, megabytes)
                    : "Larger than memory: encoded into %s MB beside %s until this run ends"
                        .formatted(megabytes, file)));
  }

  /** Encodes rows, and gives what will find them. */
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
      checksum.update(bytes.array(), 0, count * part.stride());
      out.write(bytes.array(), 0, count * part.stride());
      position += (long) count * part.stride();
    }
    parts.add(part);
    return part;
  }

  /** The smallest value of each feature whose values are whole numbers that a byte tells apart. */
  private static int[] lows(RawRows rows, int[] order, Scaling scaling, float[] values)
      throws IOException {
    int features = rows.features();
    float[] least = new float[features];
    float[] most = new float[features];
    Arrays.fill(least, Float.POSITIVE_INFINITY);
    Arrays.fill(most, Float.NEGATIVE_INFINITY);
    int left = features; // that may be such
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

  /** Puts behind the rows what there is of a data set besides. */
  private void finish(Dataset data) throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    List<String> texts = key();
    texts.addAll(data.notes());
    arrays.put(TEXTS, NdArray.ofStrings(texts, texts.size()));
    arrays.put(CHECKSUM, NdArray.of(new long[] {checksum.getValue()}));
    Split[] splits = {data.train(), data.validation().orElse(null), data.test().orElse(null)};
    for (int s = 0; s < splits.length; s++) {
      int[] rows = data.origin().rows()[s];
      arrays.put(SPLITS[s] + "rows", NdArray.of(rows, rows.length));
      if (splits[s] != null) {
        put(arrays, SPLITS[s], splits[s]);
      }
    }
    Architecture smallest =
        new Architecture(data.features(), List.of(1), data.classes(), List.of(Activation.RELU));
    Mlp model =
        Mlp.of(smallest, new float[smallest.parameterCount()])
            .withLoss(data.loss())
            .withScaling(data.scaling())
            .withClassNames(data.classNames())
            .withSchema(data.schema().orElseThrow())
            .withDivision(data.division().orElseThrow());
    if (!(data.targetScaling() instanceof Scaling.None)) {
      model = model.withTargetScaling(data.targetScaling());
    }
    Path part = unused();
    try {
      model.save(part, arrays);
      Files.copy(part, out);
    } finally {
      Files.deleteIfExists(part);
    }
    out.write(ByteBuffer.allocate(END).putLong(position).putLong(~position).array());
  }

  private static void put(Map<String, NdArray> arrays, String name, Split split) {
    EncodedRows rows = split.encoded();
    int count = split.rows();
    arrays.put(name + "begin", NdArray.of(new long[] {rows.begin}));
    arrays.put(name + "low", NdArray.of(rows.low, rows.low.length));
    arrays.put(name + "places", NdArray.of(rows.places, count));
    int outputs = split.outputs();
    if (outputs == 0) {
      arrays.put(
          name + "classes",
          NdArray.of(IntStream.range(0, count).map(split::label).toArray(), count));
    } else {
      float[] numbers = new float[count * outputs];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = split.target(i / outputs, i % outputs);
      }
      arrays.put(name + "numbers", NdArray.of(numbers, count, outputs));
    }
    if (split.hasWeights()) {
      float[] weights = new float[count];
      for (int i = 0; i < count; i++) {
        weights[i] = split.weight(i);
      }
      arrays.put(name + "weights", NdArray.of(weights, count));
    }
  }
}
