package dev.lanewise.cli.runs;

import dev.lanewise.format.internal.Bytes;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * The root of a Merkle tree as RFC 6962 (Certificate Transparency, section 2.1) defines it. The
 * hash of a leaf is the SHA-256 of a byte 0x00 and the leaf, the hash of a node is the SHA-256 of a
 * byte 0x01 and the hashes of both its parts; so no node can pass for a leaf. The first part has as
 * many leaves as the largest power of two below the number of leaves. The root of no leaves is the
 * SHA-256 of nothing.
 */
public final class MerkleTree {
  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  private MerkleTree() {}

  /**
   * Returns the root in hexadecimal.
   *
   * @param leaves digests in hexadecimal, whose bytes are the leaves
   */
  public static String root(List<String> leaves) {
    byte[] root = leaves.isEmpty() ? Bytes.sha256().digest() : hash(leaves);
    return HexFormat.of().formatHex(root);
  }

  private static byte[] hash(List<String> leaves) {
    MessageDigest digest = Bytes.sha256();
    int count = leaves.size();
    if (count == 1) {
      digest.update(LEAF);
      return digest.digest(HexFormat.of().parseHex(leaves.get(0)));
    }
    int first = Integer.highestOneBit(count - 1);
    digest.update(NODE);
    digest.update(hash(leaves.subList(0, first)));
    return digest.digest(hash(leaves.subList(first, count)));
  }
}
