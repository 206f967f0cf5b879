package dev.lanewise.spark;

import dev.lanewise.data.internal.RowSource;
import dev.lanewise.data.internal.SelectedRows;
import dev.lanewise.nn.Scaling;
import dev.lanewise.source.MappedNpy;
import dev.lanewise.table.internal.ArrayRows;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The files of one training in a folder of its own, in Spark's local directory. The folder is
 * removed after the training, and at the latest when its task ends, however that is. If the JVM is
 * killed, Spark removes the folder with its other local files.
 */
final class LocalFiles {
  /** Bytes of an .npy header after the first ten, so that numbers begin at a multiple of 64. */
  private static final int HEADER = 118;

  private final Spool train;
  private final Spool valid;
  private Path folder; // null until it is used

  LocalFiles(Spool train, Spool valid) {
    this.train = train;
    this.valid = valid;
  }

  Path folder() {
    return folder;
  }

  /** Makes the folder and moves the rows there. */
  void use() throws IOException {
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> remove());
    var disks = SparkEnv.get().blockManager().diskBlockManager();
    folder = Files.createDirectory(disks.createTempLocalBlock()._2().toPath());
    train.moveTo(folder.resolve("train").toFile());
    valid.moveTo(folder.resolve("valid").toFile());
  }

  /** Begins an .npy file of float64 in C order, whose numbers the caller writes. */
  static DataOutputStream vectors(Path file, int rows, int size) throws IOException {
    DataOutputStream out = Spool.buffered(Files.newOutputStream(file));
    String header = "{'descr': '>f8', 'fortran_order': False, 'shape': (%s, %s), }";
    out.writeBytes("\u0093NUMPY\1\0" + (char) HEADER + '\0');
    out.writeBytes(String.format("%-117s\n", header.formatted(rows, size)));
    return out;
  }

  /** Maps an .npy file, which is removed now, or with its folder if that is not possible. */
  static RowSource mapped(Path file) throws IOException {
    RowSource rows = ArrayRows.of(MappedNpy.open(file), "data").under(Scaling.none());
    file.toFile().delete();
    // Rows that stay in their file cannot be divided by class or into folds, but their numbers can.
    return new SelectedRows(rows, IntStream.range(0, rows.rows()).toArray());
  }

  /** Removes all rows, and the folder with its files. */
  void remove() {
    train.clear();
    valid.clear();
    File[] files = folder == null ? null : folder.toFile().listFiles();
    if (files != null) {
      for (File file : files) {
        file.delete();
      }
      folder.toFile().delete();
    }
  }
}
