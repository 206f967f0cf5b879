package dev.lanewise.table;

import dev.lanewise.data.internal.Preprocessor;
import dev.lanewise.data.internal.RawRows;
import dev.lanewise.data.internal.RowSource;
import dev.lanewise.data.internal.SelectedRows;
import dev.lanewise.format.Budget;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.nn.Scaling;
import dev.lanewise.source.MappedNpy;
import dev.lanewise.table.internal.ArrayRows;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Temporary files with the encoded and scaled rows of a table that is larger than memory, next to
 * the table or in another folder. They are deleted at the end of the run.
 */
final class SpillFile {
  /** Bytes of memory per cell, including its encoded form. */
  static final int CELL = 12;

  /** A size above any memory, small enough to add the sizes of several tables. */
  static final long IN_FILE = Long.MAX_VALUE >> 2;

  private static final int BLOCK = 1 << 16;

  private final Path table;
  private final Path folder;
  private final ResolvedOptions options;

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

  /** Encodes rows, writes them to a temporary file, and returns an object that reads them. */
  RowSource add(RawRows rows, Scaling scaling) {
    int features = rows.features();
    int[] order = rows.readingOrder();
    int[] places = new int[order.length];
    for (int place = 0; place < places.length; place++) {
      places[order[place]] = place;
    }
    int most = Math.max(1, BLOCK / features);
    float[] values = new float[most * features];
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
    File file = null;
    try {
      Path path = unused();
      file = path.toFile();
      file.deleteOnExit(); // if a mapping prevents deletion now
      try (OutputStream out = Files.newOutputStream(path)) {
        for (int from = 0; from < order.length; from += most) {
          int count = Math.min(most, order.length - from);
          Preprocessor.scale(rows, order, from, from + count, scaling, values, -1);
          bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values, 0, count * features);
          out.write(bytes.array(), 0, Float.BYTES * count * features);
        }
      }
      MappedNpy floats = MappedNpy.ofFloats(path, order.length, features);
      RowSource all = ArrayRows.of(floats, path.toString()).under(Scaling.none());
      return new SelectedRows(all, places);
    } catch (IOException e) { // unless a row does not fit
      throw new UncheckedIOException(e instanceof FormatException ? e : unwritable(e));
    } finally {
      if (file != null) {
        file.delete();
      }
    }
  }
}
