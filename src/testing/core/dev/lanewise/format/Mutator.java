package dev.lanewise.format;

import dev.lanewise.format.internal.Bytes;
import dev.lanewise.format.internal.SealedNpz;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Damages valid files: it flips bits, inserts, deletes and repeats bytes, sets numbers to extremes,
 * replaces texts and cuts files off. The same seed gives the same damage.
 */
public final class Mutator {
  private static final long[] EXTREMES = {
    0,
    1,
    0xffffffffffffffffL,
    2,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0x8000,
    0xffff,
    0x10000,
    0x1000000,
    0x40000000,
    0x7fffffff,
    0xffffffff80000000L,
    0xffffffffL,
    0x100000000L,
    0x20000000000000L,
    0x7fffffffffffffffL,
    0x8000000000000000L,
    0x7f800000,
    0xff800000,
    0x7fc00000,
    0x7f7fffff,
    0x7ff0000000000000L,
    0x7ff8000000000000L,
    0x7fefffffffffffffL,
    1,
    0x80000000L
  };

  private static final String[] TEXTS = {
    "0", "-1", "1", "7", "65536", "2147483647", "2147483648",
    "4294967296", "-0", "9223372036854775807", "99999999999999999999", "1e308", "1e999", "-1e999",
    "nan", "inf", "1e-400", "(,)", "(L,)", "(", ")",
    "()", "[", "]", "{", "}", ",", "L",
    ";", "\t", "|", "'", "\"", "\"\"", "\n",
    "\r", "\r\n", "\0", " ", "True", "None", "<f4",
    ">f8", "|b1", "|O", "<U1", "<U99999", "<f2", "?",
    "=", "--", "#", "\ufeff", "\u00e9", "*", "2024-02-29",
    "1,5", "format 3", "sha256 ", "..", "/", "\\", "%s",
    "%n", "\ud83d\ude00", "yes"
  };

  private final Random random;

  /** Makes a mutator with a seed. */
  public Mutator(long seed) {
    random = new Random(seed);
    random.nextLong(); // first numbers of adjacent seeds are similar
  }

  /** Returns a random number from 0 to below a bound. */
  public int below(int bound) {
    return random.nextInt(bound);
  }

  /** Returns a random element of a list. */
  public <T> T oneOf(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /** Returns a random unusual text. */
  public String text() {
    return TEXTS[random.nextInt(TEXTS.length)];
  }

  /** Returns a copy of a file that is damaged in one or a few places. */
  public byte[] mutate(byte[] sound) {
    byte[] bytes = sound.clone();
    int times = random.nextInt(3) > 0 ? 1 : 1 + random.nextInt(4);
    for (int i = 0; i < times; i++) {
      bytes = once(bytes);
    }
    return bytes;
  }

  private byte[] once(byte[] bytes) {
    int length = bytes.length;
    if (length == 0) {
      return text().getBytes(StandardCharsets.UTF_8);
    }
    int at = random.nextInt(length);
    int count = Math.min(length - at, 1 + random.nextInt(random.nextInt(4) == 0 ? length : 16));
    switch (random.nextInt(10)) {
      case 0:
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        return bytes;
      case 1:
        bytes[at] = (byte) random.nextInt(256);
        return bytes;
      case 2, 3:
        setNumber(bytes, at);
        return bytes;
      case 4:
        byte[] some = new byte[1 + random.nextInt(8)];
        random.nextBytes(some);
        return spliced(bytes, at, at, some);
      case 5:
        return spliced(bytes, at, at + count, new byte[0]);
      case 6: // repeats a part
        return spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, at + count));
      case 7: // copies a part to another place
        byte[] part = Arrays.copyOfRange(bytes, at, at + count);
        int to = random.nextInt(length);
        return spliced(bytes, to, Math.min(length, to + count), part);
      case 8:
        return Arrays.copyOf(bytes, at);
      default:
        return exchangeText(bytes, at);
    }
  }

  private void setNumber(byte[] bytes, int at) {
    long value = EXTREMES[random.nextInt(EXTREMES.length)];
    int size = 1 << random.nextInt(4);
    ByteBuffer number = ByteBuffer.allocate(8);
    if (random.nextInt(4) > 0) {
      number.order(ByteOrder.LITTLE_ENDIAN).putLong(value);
    } else {
      number.putLong(value << 64 - 8 * size);
    }
    System.arraycopy(number.array(), 0, bytes, at, Math.min(size, bytes.length - at));
  }

  /** Replaces a number or word by another text, or inserts a text. */
  private byte[] exchangeText(byte[] bytes, int at) {
    int from = at;
    int to = at;
    if (random.nextInt(4) > 0) {
      while (from > 0 && isWord(bytes[from - 1])) {
        from--;
      }
      while (to < bytes.length && isWord(bytes[to])) {
        to++;
      }
    }
    return spliced(bytes, from, to, text().getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isWord(byte c) {
    return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '.';
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] between) {
    byte[] out = new byte[bytes.length - (to - from) + between.length];
    System.arraycopy(bytes, 0, out, 0, from);
    System.arraycopy(between, 0, out, from, between.length);
    System.arraycopy(bytes, to, out, from + between.length, bytes.length - to);
    return out;
  }

  /** Compresses damaged content, so that the checksum of gzip is right. */
  public byte[] gzip(byte[] content) {
    return TestFiles.gzip(content);
  }

  /**
   * Damages, removes, renames or copies a member of an archive, and returns an archive with right
   * CRC-32 checksums.
   *
   * @param seals whether Lanewise's checksum over all arrays is computed again if every member is
   *     still an array
   */
  public byte[] mutateMembers(byte[] archive, boolean seals) {
    Map<String, byte[]> members = members(archive);
    List<String> names = new ArrayList<>(members.keySet());
    String name = oneOf(names);
    switch (random.nextInt(12)) {
      case 0:
        members.remove(name);
        break;
      case 1:
        members.put(oneOf(names), members.get(name)); // copies it to another name
        break;
      case 2:
        members.put(new String(mutate(name.getBytes()), StandardCharsets.UTF_8), members.get(name));
        break;
      default:
        members.put(name, mutateArray(members.get(name)));
    }
    if (seals) {
      seal(members);
    }
    return zip(members, random.nextInt(4) == 0);
  }

  /** Damages an array, its values more often than its header. */
  private byte[] mutateArray(byte[] npy) {
    int header = npy.length < 10 ? 0 : Math.min(npy.length, 10 + (npy[8] & 0xff | npy[9] << 8));
    if (random.nextInt(3) == 0 || header <= 0 || header == npy.length) {
      return mutate(npy);
    }
    byte[] data = Arrays.copyOfRange(npy, header, npy.length);
    int times = 1 + random.nextInt(2);
    for (int i = 0; i < times; i++) {
      int at = random.nextInt(data.length) & ~(random.nextBoolean() ? 7 : 3);
      if (random.nextInt(3) == 0) {
        data[at] ^= (byte) (1 << random.nextInt(8));
      } else {
        setNumber(data, at);
      }
    }
    return spliced(npy, header, npy.length, data);
  }

  private static Map<String, byte[]> members(byte[] archive) {
    Map<String, byte[]> members = new LinkedHashMap<>();
    try {
      Bytes bytes = new Bytes.InMemory(archive);
      for (ZipMember member : ZipDirectory.read(bytes, "seed")) {
        members.put(member.name(), member.open(bytes).readAllBytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return members;
  }

  private static void seal(Map<String, byte[]> members) {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, byte[]> member : members.entrySet()) {
        String name = member.getKey();
        if (name.endsWith(".npy") && !name.equals("lanewise.npy")) {
          byte[] npy = member.getValue();
          arrays.put(
              name.substring(0, name.length() - 4),
              Npy.read(new ByteArrayInputStream(npy), "seed", npy.length));
        }
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Npy.write(out, SealedNpz.statement(arrays));
      members.put("lanewise.npy", out.toByteArray());
    } catch (IOException | RuntimeException e) {
      // A member is no longer an array, which the reader must refuse before it checks the seal.
    }
  }

  /** Returns an archive with these members; their names may be invalid. */
  private static byte[] zip(Map<String, byte[]> members, boolean deflates) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream directory = new ByteArrayOutputStream();
    for (Map.Entry<String, byte[]> member : members.entrySet()) {
      byte[] name = member.getKey().getBytes(StandardCharsets.UTF_8);
      byte[] content = member.getValue();
      CRC32 crc = new CRC32();
      crc.update(content);
      byte[] stored = deflates ? deflated(content) : content;
      ByteBuffer both = ByteBuffer.allocate(26).order(ByteOrder.LITTLE_ENDIAN);
      both.putShort((short) 20).putShort((short) 0).putShort((short) (deflates ? 8 : 0));
      both.putInt(0x210000).putInt((int) crc.getValue()).putInt(stored.length);
      both.putInt(content.length).putShort((short) name.length).putShort((short) 0);
      int offset = out.size();
      number(out, 0x04034b50);
      out.writeBytes(both.array());
      out.writeBytes(name);
      out.writeBytes(stored);
      number(directory, 0x02014b50);
      directory.write(20);
      directory.write(0);
      directory.writeBytes(both.array());
      directory.writeBytes(new byte[10]);
      number(directory, offset);
      directory.writeBytes(name);
    }
    int offset = out.size();
    out.writeBytes(directory.toByteArray());
    number(out, 0x06054b50);
    number(out, 0);
    number(out, members.size() * 0x10001);
    number(out, directory.size());
    number(out, offset);
    out.write(0);
    out.write(0);
    return out.toByteArray();
  }

  private static void number(ByteArrayOutputStream out, int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private static byte[] deflated(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try (DeflaterOutputStream packed = new DeflaterOutputStream(out, deflater)) {
      packed.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      deflater.end();
    }
    return out.toByteArray();
  }
}
