package dev.lanewise.cli;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A value of a record that the record of the same training has differently.
 *
 * @param name of the value, such as {@code metrics.test.acc} or {@code data[0].size}
 * @param recorded what the record has, null also where it has nothing
 * @param again what the other record has, null also where it has nothing
 * @param isMissing whether one of them has no member or element of that name
 */
record RecordDifference(String name, Object recorded, Object again, boolean isMissing) {
  /**
   * The first difference of two values, as {@link RunRecord#parsed} gives them; null if there is
   * none.
   *
   * @param name of the values, empty for whole records
   */
  static RecordDifference of(String name, Object recorded, Object again) {
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
