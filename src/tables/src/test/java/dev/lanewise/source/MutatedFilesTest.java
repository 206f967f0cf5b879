package dev.lanewise.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.Fuzzing;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npy;
import dev.lanewise.format.Npz;
import dev.lanewise.format.TestFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files of every format are either read completely or refused. */
class MutatedFilesTest {
  private static final int MANY = 4000;

  @TempDir Path directory;

  private static byte[] golden(String name) {
    try {
      return Files.readAllBytes(TestFiles.golden(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<byte[]> archives() {
    List<byte[]> all = new ArrayList<>();
    for (String name : List.of("piped", "shapes", "strings", "versions", "zip64", "refused")) {
      all.add(golden(name + ".npz"));
    }
    all.add(TestFiles.zip("x.npy", TestFiles.npy("<f4", "(3, 2)", 24), true));
    return all;
  }

  private static List<byte[]> arrays() {
    List<byte[]> all = new ArrayList<>();
    for (String shape : List.of("()", "(6,)", "(3, 2)", "(2, 1, 3)", "(0, 4)", "(3L, 2L)")) {
      int count = shape.equals("()") ? 1 : shape.startsWith("(0") ? 0 : 6;
      for (String type : List.of("|u1", "<f4", ">f8", "<i2", "<f2", "<U3", "|b1", ">i8")) {
        int size = type.charAt(1) == 'U' ? 12 : type.charAt(2) - '0';
        all.add(TestFiles.npy(type, shape, count * size));
      }
    }
    String fortran = "{'descr': '<f8', 'fortran_order': True, 'shape': (3, 2), }\n";
    all.add(TestFiles.npy(1, fortran, new byte[48]));
    all.add(TestFiles.npy(2, fortran, new byte[48]));
    all.add(TestFiles.npy(3, fortran, new byte[48]));
    return all;
  }

  private static List<byte[]> idx() {
    List<byte[]> all = new ArrayList<>();
    for (int code : new int[] {8, 9, 11, 12, 13, 14}) {
      int size = new int[] {1, 1, 0, 2, 4, 4, 8}[code - 8];
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(new byte[] {0, 0, (byte) code, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 2});
      out.writeBytes(new byte[12 * size]);
      all.add(out.toByteArray());
    }
    return all;
  }

  private static List<byte[]> tables() {
    List<byte[]> all = new ArrayList<>();
    for (String text :
        List.of(
            "a,b,c\n1,2.5,x\n-3e2,,\"y,z\"\n4,0.1,\"say \"\"no\"\"\"\n",
            "1;2,5;3\r\n4;5;6\r\n",
            "\ufeffname\tvalue\nJos\u00e9\t1\n\t2\n",
            "1|2\r3|4\r\r",
            "x\n\"two\nlines\"\n0x10\n nan \n1e999\n",
            "1,2,3")) {
      all.add(text.getBytes(StandardCharsets.UTF_8));
    }
    return all;
  }

  @Test
  void npy() {
    List<byte[]> seeds = arrays();
    Fuzzing.<byte[]>run(
        "npy",
        MANY,
        m -> m.mutate(m.oneOf(seeds)),
        bytes -> {
          NdArray array = Npy.read(new ByteArrayInputStream(bytes), Fuzzing.NAME, bytes.length);
          assertEquals(64, array.sha256().length());
          return array.toString() != null;
        });
  }

  @Test
  void mapped() {
    List<byte[]> seeds = arrays();
    Path file = directory.resolve(Fuzzing.NAME);
    Fuzzing.<byte[]>run(
        "mapped npy",
        MANY / 100, // fewer cases, because each writes a file
        m -> m.mutate(m.oneOf(seeds)),
        bytes -> {
          Files.write(file, bytes);
          MappedNpy array = MappedNpy.open(file);
          int last = array.rows() - 1;
          array.bytes(last).get(array.offset(last) + array.rowLength() * array.type().bytes() - 1);
          return array.toString() != null;
        });
  }

  private static Map<String, String> content(byte[] archive) throws IOException {
    Map<String, String> content = new HashMap<>();
    try (Npz npz = Npz.open(new ByteArrayInputStream(archive), Fuzzing.NAME)) {
      for (String name : npz.names()) {
        content.put(name, npz.read(name).sha256());
      }
    }
    return content;
  }

  private static Map<String, String> soundContent(byte[] archive) {
    Map<String, String> content = new HashMap<>();
    try (Npz npz = Npz.open(new ByteArrayInputStream(archive), Fuzzing.NAME)) {
      for (String name : npz.names()) {
        try {
          content.put(name, npz.read(name).sha256());
        } catch (FormatException e) {
          // Some golden members are meant to be refused.
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return content;
  }

  /** An archive's own checksums protect everything except the list of its members. */
  @Test
  void npz() {
    record Damaged(byte[] sound, byte[] bytes) {}
    List<byte[]> seeds = archives();
    Map<byte[], Map<String, String>> sound = new HashMap<>(); // arrays are compared by identity
    seeds.forEach(seed -> sound.put(seed, soundContent(seed)));
    Fuzzing.<Damaged>run(
        "npz",
        MANY,
        m -> {
          byte[] seed = m.oneOf(seeds);
          return new Damaged(seed, m.mutate(seed));
        },
        damaged -> {
          try (Npz npz = Npz.open(new ByteArrayInputStream(damaged.bytes), Fuzzing.NAME)) {
            for (String name : npz.names()) {
              try {
                String found = npz.read(name).sha256();
                assertEquals(sound.get(damaged.sound).get(name), found, name);
              } catch (FormatException e) {
                // This member is refused; the others may still be undamaged.
              }
            }
          }
          return true;
        });
  }

  @Test
  void npzOfRepairedChecksums() {
    List<byte[]> seeds = archives();
    Fuzzing.<byte[]>run(
        "npz repaired",
        MANY / 2,
        m -> m.mutateMembers(m.oneOf(seeds), false),
        bytes -> !content(bytes).isEmpty());
  }

  @Test
  void idxFiles() {
    List<byte[]> seeds = idx();
    Fuzzing.<byte[]>run(
        "idx",
        MANY,
        m -> {
          byte[] bytes = m.mutate(m.oneOf(seeds));
          int kind = m.below(4);
          return kind > 1 ? bytes : kind > 0 ? m.gzip(bytes) : m.mutate(m.gzip(bytes));
        },
        bytes -> {
          try {
            return Idx.read(new ByteArrayInputStream(bytes), bytes.length, Fuzzing.NAME).rank() > 0;
          } catch (IOException e) { // the caller would name the file
            throw FormatException.unreadable(Fuzzing.NAME, e);
          }
        });
  }

  private static boolean table(byte[] bytes, char decimal) throws IOException {
    CsvFormat format = new CsvFormat('\0', decimal);
    try (Csv csv = Csv.open(new ByteArrayInputStream(bytes), Fuzzing.NAME, format)) {
      while (csv.next()) {
        for (int i = 0; i < csv.fields(); i++) {
          if (Double.isNaN(csv.number(i))) {
            csv.text(i).length();
          }
        }
      }
    }
    return true;
  }

  @Test
  void csv() {
    List<byte[]> seeds = tables();
    Fuzzing.<byte[]>run(
        "csv", MANY, m -> m.mutate(m.oneOf(seeds)), bytes -> table(bytes, '.') | table(bytes, ','));
  }

  @Test
  void csvInGzipOfRepairedChecksums() {
    List<byte[]> seeds = tables();
    Fuzzing.<byte[]>run(
        "csv.gz repaired",
        MANY / 4,
        m -> m.gzip(m.mutate(m.oneOf(seeds))),
        bytes -> table(bytes, '.'));
  }

  /** A whole member may be repeated, which gives another sound file. */
  @Test
  void gzip() {
    record Damaged(byte[] sound, byte[] bytes) {}
    List<byte[]> seeds = tables();
    Fuzzing.<Damaged>run(
        "csv.gz",
        MANY,
        m -> {
          byte[] seed = m.oneOf(seeds);
          byte[] packed = m.gzip(seed);
          return new Damaged(seed, m.mutate(packed));
        },
        damaged -> {
          byte[] found;
          try (InputStream in =
              Gzip.unpacked(new ByteArrayInputStream(damaged.bytes), Fuzzing.NAME)) {
            if (!(in instanceof Gzip)) {
              return false; // no longer recognised as gzip
            }
            found = in.readAllBytes();
          } catch (FormatException e) {
            throw e;
          } catch (IOException e) { // the caller would name the file
            throw FormatException.unreadable(Fuzzing.NAME, e);
          }
          for (int i = 0; i < found.length; i += damaged.sound.length) {
            int end = Math.min(found.length, i + damaged.sound.length);
            assertEquals(
                -1, Arrays.mismatch(damaged.sound, Arrays.copyOfRange(found, i, end)), "content");
          }
          return true;
        });
  }
}
