package dev.lanewise.files;

import dev.lanewise.terminal.Problem;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A value in which the records of two equal trainings differ.
 *
 * @param name name of the value, such as {@code metrics.test.acc} or {@code data[0].size}
 * @param recorded value of the first record, or null
 * @param again value of the second record, or null
 * @param isMissing whether one of the records has no such member or element
 */
public record RecordDifference(String name, Object recorded, Object again, boolean isMissing) {
  /** Maximum characters of a value in a message. */
  private static final int MOST_SHOWN = 80;

  /**
   * Returns the first difference of two values of {@link RunRecord#parsed}, or null if there is
   * none.
   *
   * @param name the name of the values, empty for whole records
   */
  public static RecordDifference of(String name, Object recorded, Object again) {
    Map<String, Object> parts = parts(name, recorded);
    Map<String, Object> others = parts(name, again);
    boolean sameKind = recorded instanceof Map<?, ?> == again instanceof Map<?, ?>;
    if (parts == null || others == null || !sameKind) {
      return Objects.equals(recorded, again)
          ? null
          : new RecordDifference(name, recorded, again, false);
    }
    Set<String> names = new LinkedHashSet<>(parts.keySet());
    names.addAll(others.keySet());
    RecordDifference difference = null;
    for (String part : names) {
      Object one = parts.get(part);
      Object other = others.get(part);
      if (difference == null) {
        difference =
            parts.containsKey(part) && others.containsKey(part)
                ? of(part, one, other)
                : new RecordDifference(part, one, other, true);
      }
    }
    return difference;
  }

  /** Returns the error of a member that one of the records lacks. */
  public Problem missing(Path file) {
    return again == null
        ? Problem.failure(
            "%s: %s is %s, expected nothing of that name", file, name, brief(recorded))
        : Problem.failure("%s: no %s, expected %s as train records it", file, name, brief(again));
  }

  /** Shortens a value for a message. */
  public static String brief(Object value) {
    String text = String.valueOf(value);
    return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "..." : text;
  }

  /** Returns members or elements by their full names; null for a value without them. */
  private static Map<String, Object> parts(String name, Object value) {
    Map<String, Object> parts = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (member, part) -> parts.put(name.isEmpty() ? "" + member : name + "." + member, part));
      return parts;
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        parts.put(name + "[" + i + "]", list.get(i));
      }
      return parts;
    }
    return null;
  }
}
