package dev.lanewise.terminal;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A cell that people and programs do not see in the same form. */
public record TextValue(Object value, String text) {
  /** Returns a number in the units of the data, or another one with five decimals. */
  public static Object of(double value, boolean hasUnits) {
    return hasUnits ? measure(value) : (Object) value;
  }

  /** Returns a number in the units of the data, which may be of any size: it has six digits. */
  public static TextValue measure(double value) {
    return new TextValue(value, Double.isNaN(value) ? "-" : PythonFormat.measure(value));
  }

  /**
   * Returns a figure of which people see that it is not a number.
   *
   * @param hasUnits whether it may be of any size
   */
  public static TextValue figure(double value, boolean hasUnits) {
    return new TextValue(
        value, hasUnits ? PythonFormat.measure(value) : PythonFormat.fixed5(value));
  }

  /** Returns what programs see of a cell. */
  static Object value(Object cell) {
    return cell instanceof TextValue shown ? shown.value : cell;
  }

  /** Returns what people see of a cell. */
  static String text(Object cell) {
    if (cell == null || cell.equals(Double.NaN)) {
      return "-";
    } else if (cell instanceof TextValue shown) {
      return shown.text;
    } else if (cell instanceof Double d) {
      return PythonFormat.fixed5(d);
    } else if (cell instanceof Float f) {
      return String.format(Locale.ROOT, "%.1e", f);
    } else if (cell instanceof List<?> list) {
      return list.stream().map(String::valueOf).collect(Collectors.joining(", "));
    } else if (cell instanceof int[] shape) {
      return shape(shape);
    }
    return cell.toString();
  }

  public static String shape(int[] shape) {
    return Arrays.toString(shape).replace(", ", "x").replaceAll("[\\[\\]]", "");
  }
}
