package dev.lanewise.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes single arrays of a file, as somebody would who then computes the checksum anew. What is
 * changed is named by one letter each.
 */
public final class Forgeries {
  /** An element that is not a number. */
  public static final char NAN = 'n';

  /** An element that is infinite, of either sign. */
  public static final char INFINITE = 'i';

  /** An element below 0. */
  public static final char NEGATIVE = 'm';

  /** An element that is hardly above 0, or nearly infinite. */
  public static final char EXTREME = 'e';

  /** Two different elements that are exchanged. */
  public static final char SWAPPED = 's';

  /** An element that is also put in the place of another one. */
  public static final char REPEATED = 'r';

  /** An element less, or one more. */
  public static final char LENGTH = 'l';

  /** The array of that name in another file. */
  public static final char OTHER = 'o';

  /** No such array. */
  public static final char DROPPED = 'd';

  private Forgeries() {}

  /**
   * A file with one change.
   *
   * @param array the name of the array
   * @param kind the letter of the change
   * @param arrays all arrays
   */
  public record Forgery(String array, char kind, Map<String, NdArray> arrays) {
    @Override
    public String toString() {
      return kind + " " + array + " " + arrays.get(array);
    }
  }

  /**
   * Returns the changes of each array of a file, whose own checksum is left out.
   *
   * @param others arrays of other files
   */
  public static List<Forgery> of(Map<String, NdArray> arrays, List<Map<String, NdArray>> others) {
    List<Forgery> all = new ArrayList<>();
    for (Map.Entry<String, NdArray> entry : arrays.entrySet()) {
      NdArray array = entry.getValue();
      Object[] sound = elements(array);
      int n = sound.length;
      for (int at : new int[] {0, n / 2, n - 1}) {
        if (array.type().isFloatingPoint()) {
          add(all, arrays, entry.getKey(), NAN, with(sound, at, Double.NaN));
          add(all, arrays, entry.getKey(), INFINITE, with(sound, at, Double.POSITIVE_INFINITY));
          add(all, arrays, entry.getKey(), INFINITE, with(sound, at, Double.NEGATIVE_INFINITY));
          for (double extreme : new double[] {Double.MIN_VALUE, 3e38, Double.MAX_VALUE}) {
            add(all, arrays, entry.getKey(), EXTREME, with(sound, at, extreme));
          }
        }
        if (array.type() != ElementType.UNICODE) {
          double little = array.type().isFloatingPoint() ? -1.5e-3 : -1;
          add(all, arrays, entry.getKey(), NEGATIVE, with(sound, at, little));
          add(all, arrays, entry.getKey(), NEGATIVE, with(sound, at, -(1 << 30)));
        }
        for (int other = at; other < n; other++) {
          if (!sound[at].equals(sound[other])) {
            Object[] swapped = with(sound, at, sound[other]);
            swapped[other] = sound[at];
            add(all, arrays, entry.getKey(), SWAPPED, swapped);
            add(all, arrays, entry.getKey(), REPEATED, with(sound, at, sound[other]));
            break;
          }
        }
      }
      for (Map<String, NdArray> other : others) {
        NdArray own = other.get(entry.getKey());
        if (own != null && own.type() == array.type()) {
          add(all, arrays, entry.getKey(), OTHER, elements(own));
        }
      }
      Object[] longer = Arrays.copyOf(sound, n + 1);
      longer[n] = sound[n - 1];
      add(all, arrays, entry.getKey(), LENGTH, longer);
      add(all, arrays, entry.getKey(), LENGTH, Arrays.copyOf(sound, n - 1));
      add(all, arrays, entry.getKey(), DROPPED, (Object[]) null);
    }
    return all;
  }

  private static Object[] with(Object[] sound, int at, Object value) {
    Object[] changed = sound.clone();
    changed[at] = value;
    return changed;
  }

  /** Adds a file, unless the change is none; an array of another length is a list. */
  private static void add(
      List<Forgery> all, Map<String, NdArray> sound, String name, char kind, Object... elements) {
    Map<String, NdArray> arrays = new LinkedHashMap<>(sound);
    NdArray old = arrays.remove(name);
    if (elements != null) {
      boolean isSame = elements.length == old.length();
      int[] shape = isSame ? old.shape() : new int[] {elements.length};
      NdArray array = array(old.type(), elements, shape);
      if (isSame && Arrays.equals(elements(array), elements(old))) {
        return;
      }
      arrays.put(name, array);
    }
    all.add(new Forgery(name, kind, arrays));
  }

  private static Object[] elements(NdArray array) {
    Object[] elements = new Object[array.length()];
    boolean isText = array.type() == ElementType.UNICODE;
    Arrays.setAll(elements, i -> isText ? array.stringAt(i) : (Object) array.doubleAt(i));
    if (array.type() == ElementType.INT64) {
      Arrays.setAll(elements, array::longAt);
    }
    return elements;
  }

  private static NdArray array(ElementType type, Object[] elements, int... shape) {
    if (type == ElementType.UNICODE) {
      return NdArray.ofStrings(Arrays.stream(elements).map(String.class::cast).toList(), shape);
    }
    Number[] numbers = Arrays.copyOf(elements, elements.length, Number[].class);
    return switch (type) {
      case FLOAT32 -> {
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
          floats[i] = numbers[i].floatValue();
        }
        yield NdArray.of(floats, shape);
      }
      case FLOAT64 ->
          NdArray.of(Arrays.stream(numbers).mapToDouble(Number::doubleValue).toArray(), shape);
      case INT32 -> NdArray.of(Arrays.stream(numbers).mapToInt(Number::intValue).toArray(), shape);
      default -> NdArray.of(Arrays.stream(numbers).mapToLong(Number::longValue).toArray(), shape);
    };
  }
}
