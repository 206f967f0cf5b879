package dev.lanewise.format;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * SHA-256 (FIPS 180-4) for what is small. The platform's own is ten times as fast, but at its first
 * use takes 30 ms to be found, a tenth of a short process.
 */
final class Sha256 extends MessageDigest {
  /** Where the two are equally quick in a process that has computed nothing yet. */
  private static final int SMALL = 1 << 17;

  private static final int BLOCK = 64;

  // The first 32 bits behind the point of the square roots of the first 8 primes, and of the cube
  // roots of the first 64.
  private static final int[] START = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
  };
  private static final int[] ROUNDS = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
  };

  private final int[] state = START.clone();
  private final int[] words = new int[BLOCK];
  private final byte[] rest = new byte[BLOCK]; // that make no block yet
  private long count;

  Sha256() {
    super("SHA-256");
  }

  /** A digest for about so many bytes. */
  static MessageDigest of(long bytes) {
    if (bytes < SMALL) {
      return new Sha256();
    }
    try {
      return getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  @Override
  protected void engineUpdate(byte input) {
    engineUpdate(new byte[] {input}, 0, 1);
  }

  @Override
  protected void engineUpdate(byte[] input, int offset, int length) {
    int from = offset;
    int end = offset + length;
    int filled = (int) (count % BLOCK);
    count += length;
    if (filled > 0) {
      int take = Math.min(BLOCK - filled, length);
      System.arraycopy(input, from, rest, filled, take);
      from += take;
      if (filled + take < BLOCK) {
        return;
      }
      block(rest, 0);
    }
    for (; from + BLOCK <= end; from += BLOCK) {
      block(input, from);
    }
    System.arraycopy(input, from, rest, 0, end - from);
  }

  private void block(byte[] bytes, int offset) {
    int[] w = words;
    for (int i = 0, at = offset; i < 16; i++, at += 4) {
      w[i] =
          bytes[at] << 24
              | (bytes[at + 1] & 0xff) << 16
              | (bytes[at + 2] & 0xff) << 8
              | bytes[at + 3] & 0xff;
    }
    for (int i = 16; i < BLOCK; i++) {
      int x = w[i - 15];
      int y = w[i - 2];
      int s = Integer.rotateRight(x, 7) ^ Integer.rotateRight(x, 18) ^ x >>> 3;
      int t = Integer.rotateRight(y, 17) ^ Integer.rotateRight(y, 19) ^ y >>> 10;
      w[i] = w[i - 16] + s + w[i - 7] + t;
    }
    int a = state[0];
    int b = state[1];
    int c = state[2];
    int d = state[3];
    int e = state[4];
    int f = state[5];
    int g = state[6];
    int h = state[7];
    for (int i = 0; i < BLOCK; i++) {
      int s = Integer.rotateRight(e, 6) ^ Integer.rotateRight(e, 11) ^ Integer.rotateRight(e, 25);
      int t = h + s + (e & f ^ ~e & g) + ROUNDS[i] + w[i];
      int u = Integer.rotateRight(a, 2) ^ Integer.rotateRight(a, 13) ^ Integer.rotateRight(a, 22);
      int v = u + (a & b ^ a & c ^ b & c);
      h = g;
      g = f;
      f = e;
      e = d + t;
      d = c;
      c = b;
      b = a;
      a = t + v;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }

  @Override
  protected byte[] engineDigest() {
    long bits = count * 8;
    byte[] end = new byte[BLOCK + 8 - (int) ((count + 8) % BLOCK)]; // up to the end of a block
    end[0] = (byte) 0x80;
    for (int i = 1; i <= 8; i++, bits >>>= 8) {
      end[end.length - i] = (byte) bits;
    }
    engineUpdate(end, 0, end.length);
    byte[] digest = new byte[4 * state.length];
    for (int i = 0; i < digest.length; i++) {
      digest[i] = (byte) (state[i / 4] >>> 24 - i % 4 * 8);
    }
    engineReset();
    return digest;
  }

  @Override
  protected void engineReset() {
    System.arraycopy(START, 0, state, 0, START.length);
    Arrays.fill(rest, (byte) 0);
    count = 0;
  }

  @Override
  protected int engineGetDigestLength() {
    return 4 * START.length;
  }
}
