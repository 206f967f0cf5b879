package dev.lanewise.files;

import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.format.internal.Bytes;
import dev.lanewise.table.Datasets;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Role;
import dev.lanewise.terminal.SmallFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The digest of a file, or of several files with a common name: the digest of the lines that {@code
 * sha256sum} prints for them.
 *
 * @param name as it was given; of a part, its name without folders
 * @param size in bytes, of all files
 * @param sha256 in hexadecimal
 * @param parts the files if there are several, else empty
 */
public record FileDigest(String name, long size, String sha256, List<FileDigest> parts) {
  /** Maximum number of parts that a record lists. */
  private static final int LISTED = 1000;

  /** Computes the digest of a data set, which may have several files. */
  public static FileDigest of(Path file) throws IOException {
    List<Path> files = Datasets.files(file);
    if (files.size() == 1) {
      return one(file.toString(), files.get(0));
    }
    List<FileDigest> parts = new ArrayList<>();
    StringBuilder lines = new StringBuilder();
    long size = 0;
    for (Path each : files) {
      FileDigest part = one(each.getFileName().toString(), each);
      lines.append(part.sha256).append("  ").append(part.name).append('\n');
      size += part.size;
      parts.add(part);
    }
    return new FileDigest(file.toString(), size, sha256(lines.toString()), parts);
  }

  /** Computes the digest of what an option of a training names: a data set, or a model. */
  public static FileDigest of(String option, Path file) throws IOException {
    return Role.of("train", option) == Role.MODEL ? one(file.toString(), file) : of(file);
  }

  public static FileDigest one(String name, Path file) throws IOException {
    MessageDigest digest = Bytes.sha256();
    long size;
    try (InputStream in = Files.newInputStream(file)) {
      size = in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
    } catch (IOException e) {
      throw SmallFile.unreadable(file, e);
    }
    return new FileDigest(name, size, hex(digest), List.of());
  }

  /** Returns the digest of what a writer writes, without a file. */
  public static String sha256(AtomicFile.IoConsumer<OutputStream> content) throws IOException {
    MessageDigest digest = Bytes.sha256();
    content.accept(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
    return hex(digest);
  }

  public static String sha256(String text) {
    MessageDigest digest = Bytes.sha256();
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    return hex(digest);
  }

  /** Returns the first digits of a digest for a message. */
  public static String brief(String sha256) {
    return sha256 == null ? "none" : sha256.substring(0, Math.min(sha256.length(), 12)) + "...";
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  public Json json() {
    Json json = new Json().put("file", name).put("size", size).put("sha256", sha256);
    return parts.isEmpty() || parts.size() > LISTED
        ? json
        : json.put("files", parts.stream().map(FileDigest::json).toList());
  }
}
