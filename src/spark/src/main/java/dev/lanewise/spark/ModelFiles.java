package dev.lanewise.spark;

import dev.lanewise.model.Model;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads and writes model files at Hadoop's paths: on the local disk, HDFS or S3. */
final class ModelFiles {
  /** The name of a model's file in the folder of its stage or key. */
  static final String NAME = "nn_model.npz";

  private ModelFiles() {}

  static Model read(Path file, Configuration configuration) throws IOException {
    try (FSDataInputStream in = file.getFileSystem(configuration).open(file)) {
      return Model.load(in, file.toString());
    }
  }

  /** Writes a file atomically, even if several tasks write the same file. */
  static void write(byte[] npz, Path file, Configuration configuration) throws IOException {
    FileSystem system = file.getFileSystem(configuration);
    Path begun =
        new Path(file.getParent(), "." + file.getName() + "." + java.util.UUID.randomUUID());
    try (FSDataOutputStream out = system.create(begun, true)) {
      out.write(npz);
    }
    if (!system.rename(begun, file)) {
      // Some file systems refuse to replace the file of an earlier attempt.
      system.delete(file, false);
      if (!system.rename(begun, file)) {
        system.delete(begun, false);
        throw new IOException(file + ": cannot be written, expected a folder to write to");
      }
    }
  }
}
