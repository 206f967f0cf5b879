package dev.lanewise.files;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The classes of a model by their names, or by their numbers if they have none. */
public final class ClassNames {
  private ClassNames() {}

  /** Returns the name of a class, or its number if it has no name. */
  public static String of(List<String> names, int label) {
    return label < names.size() ? names.get(label) : Integer.toString(label);
  }

  /** Returns the number of a class by its name, or by its number without names; -1 for none. */
  public static int find(List<String> names, int classes, String text) {
    for (int c = 0; c < classes; c++) {
      if (of(names, c).equals(text)) {
        return c;
      }
    }
    return -1;
  }

  /** Lists the names of all classes. */
  public static String list(List<String> names, int classes) {
    return IntStream.range(0, classes)
        .mapToObj(c -> of(names, c))
        .collect(Collectors.joining(", "));
  }
}
