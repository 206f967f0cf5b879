package dev.lanewise.table;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.internal.Preprocessor;
import dev.lanewise.data.internal.RawRows;
import dev.lanewise.format.Budget;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.nn.Scaling;
import dev.lanewise.table.internal.MappedRows;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A file with the encoded and scaled rows of a table that is larger than memory (see {@link
 * MappedRows}), next to the table or in another folder. It is deleted at the end of the run.
 */
final class SpillFile {
  /** Bytes of memory per cell, including its encoded form. */
  static final int CELL = 12;

  /** A size above any memory, small enough to add the sizes of several tables. */
  static final long IN_FILE = Long.MAX_VALUE >> 2;

  private static final int BLOCK = 1 << 16;

  private static final int BUFFER = 1 << 20;
  private static final int BYTE = 255;

  private final Path table;
  private final Path folder;
  private final ResolvedOptions options;
  private final List<MappedRows> parts = new ArrayList<>();
  private long position;
  private OutputStream out; // null unless the file is being written

  /** Chooses the folder of the file for a table. */
  SpillFile(Path table, ResolvedOptions options) {
    this.table = table;
    this.options = options;
    Path parent = table.getParent() == null ? Path.of(".") : table.getParent();
    folder = options.reading().cache.orElse(parent);
  }

  /** Returns the bytes for tables: half of the maximum heap, or the value of the property. */
  static long memory() {
    return Budget.property("lanewise.memory", 2);
  }

  int threads() {
    return options.reading().threads;
  }

  /** Creates an empty temporary file, and its folder if needed. */
  Path unused() throws IOException {
    AtomicFile.makeDirectory(folder);
    return Files.createTempFile(folder, ".lanewise-", ".tmp");
  }

  FormatException unwritable(IOException e) {
    boolean isKnown = e instanceof FileSystemException known && known.getReason() != null;
    return new FormatException(
        folder.toString(),
        "%s, as the table is larger than memory (%s: in another folder)",
        isKnown
            ? ((FileSystemException) e).getReason()
            : Message.of("cannot be written (%s), expected a working disk with room for it", e),
        Remedy.CACHE.with());
  }

  Message note() {
    return Message.of(
        "Larger than memory: the encoded rows are in a file "
            + (options.reading().cache.isPresent() ? "in " + folder : "beside " + table)
            + " for this run");
  }

  /** Makes a data set whose rows are {@linkplain #add added} to the file and read from it. */
  Dataset write(AtomicFile.IoConsumer<Dataset[]> maker) throws IOException {
    Dataset[] made = new Dataset[1];
    File file = null;
    try {
      Path place = unused();
      file = place.toFile();
      file.deleteOnExit(); // if a mapping prevents deletion now
      try (OutputStream to = Files.newOutputStream(place)) {
        out = to;
        maker.accept(made);
      }
      try (FileChannel channel = FileChannel.open(place)) {
        for (MappedRows part : parts) {
          part.map(channel, place);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      IOException problem = e instanceof UncheckedIOException u ? u.getCause() : (IOException) e;
      // A row that does not fit has its own message.
      throw problem instanceof FormatException ? problem : unwritable(problem);
    } finally {
      if (file != null) {
        file.delete();
      }
    }
    return made[0];
  }

  /** Encodes rows, writes them, and returns an object that reads them. */
  MappedRows add(RawRows rows, Scaling scaling) throws IOException {
    int features = rows.features();
    int[] order = rows.readingOrder();
    int[] places = new int[order.length];
    for (int place = 0; place < places.length; place++) {
      places[order[place]] = place;
    }
    int most = Math.max(1, BLOCK / features);
    float[] values = new float[most * features];
    MappedRows part = new MappedRows(position, lows(rows, order, scaling, values), places);
    ByteBuffer bytes = ByteBuffer.allocate(most * part.stride()).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < order.length; from += most) {
      int count = Math.min(most, order.length - from);
      Preprocessor.scale(rows, order, from, from + count, scaling, values, -1);
      for (int i = 0; i < count; i++) {
        part.put(values, i * features, bytes, i * part.stride());
      }
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
      low[j] = most[j] - least[j] <= BYTE ? (int) least[j] : MappedRows.NONE;
    }
    return low;
  }
}
