package dev.lanewise.spark;

import dev.lanewise.nn.Mlp;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Files of models wherever Hadoop's paths lead: the local disk, HDFS, S3. */
final class ModelFiles {
  /** The name of a model's file in the folder of its stage or key. */
  static final String NAME = "nn_model.npz";

  private ModelFiles() {}

  static Mlp read(Path file, Configuration configuration) throws IOException {
    try (FSDataInputStream in = file.getFileSystem(configuration).open(file)) {
      return Mlp.load(in, file.toString());
    }
  }

  /** Writes a file that is there whole or not at all, whoever else writes the same. */
  static void write(byte[] npz, Path file, Configuration configuration) throws IOException {
    FileSystem system = file.getFileSystem(configuration);
    Path begun =
        new Path(file.getParent(), "." + file.getName() + "." + java.util.UUID.randomUUID());
    try (FSDataOutputStream out = system.create(begun, true)) {
      out.write(npz);
    }
    if (!system.rename(begun, file)) {
      // Some file systems refuse to replace a file, which is that of an earlier attempt.
      system.delete(file, false);
      if (!system.rename(begun, file)) {
        system.delete(begun, false);
        throw new IOException(file + ": cannot be written, expected a folder to write to");
      }
    }
  }
}
