package dev.lanewise.cli;

import dev.lanewise.format.ElementType;
import dev.lanewise.format.NdArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The arrays of a file: type, shape and range of each. */
final class ArrayTable {
  private final TextTable table = new TextTable(3);
  private final List<Json> objects = new ArrayList<>();

  ArrayTable() {
    table.add("array", "type", "shape", "smallest", "largest");
  }

  boolean isEmpty() {
    return objects.isEmpty();
  }

  void add(String name, NdArray array) {
    double smallest = Double.NaN;
    double largest = Double.NaN;
    long notFinite = 0;
    for (int i = 0; array.type() != ElementType.UNICODE && i < array.length(); i++) {
      double value = array.doubleAt(i);
      if (!Double.isFinite(value)) {
        notFinite++;
        continue;
      }
      smallest = smallest <= value ? smallest : value; // the first too: NaN is not <= anything
      largest = largest >= value ? largest : value;
    }
    String type = array.type().name().toLowerCase(Locale.ROOT);
    String shape =
        Arrays.stream(array.shape()).mapToObj(Integer::toString).collect(Collectors.joining(" x "));
    boolean whole = !array.type().isFloatingPoint();
    table.add(
        name,
        type,
        shape.isEmpty() ? "scalar" : shape,
        text(smallest, whole),
        text(largest, whole) + (notFinite > 0 ? " (" + notFinite + " not finite)" : ""));
    objects.add(
        new Json()
            .put("name", name)
            .put("type", type)
            .put("shape", array.shape())
            .put("min", smallest)
            .put("max", largest)
            .put("not_finite", notFinite));
  }

  private static String text(double value, boolean whole) {
    if (Double.isNaN(value)) {
      return "-";
    }
    return whole && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Float.toString((float) value);
  }

  void print(Output output, Json json) {
    if (!isEmpty()) {
      table.lines().forEach(output::result);
      json.put("arrays", objects);
    }
  }
}
