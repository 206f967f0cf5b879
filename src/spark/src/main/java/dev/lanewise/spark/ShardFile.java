package dev.lanewise.spark;

import dev.lanewise.format.FormatException;
import dev.lanewise.train.Checkpoint;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The file with the checkpoint of a training in shards, in a file system that all executors reach.
 * Its name depends on rows and options, so another training does not continue from it.
 *
 * @param path of the file
 * @param seconds after which the end of an epoch leaves a new checkpoint
 * @param hadoop the settings of file systems
 */
record ShardFile(String path, double seconds, SerializableConfiguration hadoop)
    implements Serializable {
  private FileContext files(Path of) throws IOException {
    return of.toUri().isAbsolute()
        ? FileContext.getFileContext(of.toUri(), hadoop.value())
        : FileContext.getFileContext(hadoop.value());
  }

  /** Writes an empty file beside the checkpoint, to find out early whether that is possible. */
  void tryFolder() throws IOException {
    Path trial = new Path(path + "." + UUID.randomUUID());
    create(trial).close();
    files(trial).delete(trial, false);
  }

  private OutputStream create(Path file) throws IOException {
    EnumSet<CreateFlag> create = EnumSet.of(CreateFlag.CREATE);
    return files(file).create(file, create, Options.CreateOpts.createParent());
  }

  /** Reads the checkpoint, if there is one. */
  Optional<Checkpoint> load(java.nio.file.Path folder) throws IOException {
    java.nio.file.Path local = folder.resolve("checkpoint.npz");
    Path remote = new Path(path);
    try (InputStream in = files(remote).open(remote)) {
      Files.copy(in, local);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
    try {
      return Optional.of(Checkpoint.load(local));
    } catch (FormatException e) {
      throw new IllegalArgumentException(
          "checkpointPath: %s is damaged, expected a checkpoint, or none to begin anew"
              .formatted(path),
          e);
    }
  }

  /** Replaces the checkpoint atomically. */
  void save(Checkpoint checkpoint, java.nio.file.Path folder) {
    java.nio.file.Path local = folder.resolve("next.npz");
    Path remote = new Path(path);
    Path next = new Path(path + "." + UUID.randomUUID());
    try {
      checkpoint.save(local);
      FileContext files = files(remote);
      try (OutputStream out = create(next)) {
        Files.copy(local, out);
      } catch (IOException e) {
        files.delete(next, false);
        throw e;
      }
      files.rename(next, remote, Options.Rename.OVERWRITE);
    } catch (IOException e) {
      throw new UncheckedIOException("checkpointPath: " + e.getMessage(), e);
    }
  }

  /** Returns when the checkpoint was written; 0 if there is none. */
  long time() throws IOException {
    Path remote = new Path(path);
    try {
      return files(remote).getFileStatus(remote).getModificationTime();
    } catch (FileNotFoundException e) {
      return 0;
    }
  }

  void delete() throws IOException {
    Path remote = new Path(path);
    try {
      files(remote).delete(remote, false);
    } catch (FileNotFoundException e) {
      // There was none.
    }
  }
}
