package dev.lanewise.format.internal;

import dev.lanewise.format.ElementType;
import dev.lanewise.format.NdArray;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The content of the array with the checksum of a {@link SealedNpz}.
 *
 * @param format the format of the file, at least 1
 * @param sha256 the checksum; null for a later format, whose content is not known
 * @param names the arrays that the checksum covers
 */
record ChecksumHeader(int format, String sha256, List<String> names) {
  /** The latest format that this version reads. */
  static final int LATEST = 2;

  /** An array on which results depend and which readers of format 1 alone do not know. */
  private static final String OF_LATEST = "member_weights";

  private static final Pattern FORMAT_LINE = Pattern.compile("format (\\d{1,9})");
  private static final Pattern SHA256_LINE = Pattern.compile("sha256 ([0-9a-f]{64})");

  /** Parses the array; returns null if it contains no checksum. */
  static ChecksumHeader of(NdArray array) {
    if (array.type() != ElementType.UNICODE || array.rank() != 1) {
      return null;
    }
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < array.length(); i++) {
      lines.add(array.stringAt(i));
    }
    Matcher first = FORMAT_LINE.matcher(lines.isEmpty() ? "" : lines.get(0));
    int format = first.matches() ? Integer.parseInt(first.group(1)) : 0;
    if (format > LATEST) {
      return new ChecksumHeader(format, null, List.of());
    }
    Matcher second = SHA256_LINE.matcher(lines.size() < 2 ? "" : lines.get(1));
    if (format < 1 || !second.matches()) {
      return null;
    }
    List<String> names = lines.subList(2, lines.size());
    boolean distinct = new HashSet<>(names).size() == names.size();
    return distinct ? new ChecksumHeader(format, second.group(1), names) : null;
  }

  /** Returns the format of a file with some arrays: the first whose readers know all of them. */
  static int format(Collection<String> names) {
    return names.contains(OF_LATEST) ? LATEST : 1;
  }

  NdArray toArray() {
    List<String> lines = new ArrayList<>();
    lines.add("format " + format);
    lines.add("sha256 " + sha256);
    lines.addAll(names);
    return NdArray.ofStrings(lines, lines.size());
  }
}
