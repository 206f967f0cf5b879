package dev.lanewise.format.internal;

import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The arrays of a value in a file. One method of the value's class names each array once, with its
 * type, its shape and what its numbers may be, and so both writes and reads it: a writer asks for
 * the content and returns it, a reader never asks and returns the content of the file. Lists of
 * strings or numbers that have no elements are not written.
 */
public final class Fields {
  private final String file; // of a reader, in errors
  private final SealedNpz npz; // null: of a writer, or a reader of arrays in memory
  private final Map<String, NdArray> arrays; // null: of a reader of a file
  private final Set<String> taken; // the names of the arrays that were read; null: of a writer
  private final boolean mayLack;

  /** Names all arrays of a value. */
  public interface Visit {
    void of(Fields fields) throws IOException;
  }

  private Fields(
      String file, SealedNpz npz, Map<String, NdArray> arrays, Set<String> taken, boolean mayLack) {
    this.file = file;
    this.npz = npz;
    this.arrays = arrays;
    this.taken = taken;
    this.mayLack = mayLack;
  }

  /** {@return the arrays of a value} */
  public static Map<String, NdArray> written(Visit value) {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    try {
      value.of(new Fields(null, null, arrays, null, false));
    } catch (IOException e) {
      throw new AssertionError("memory takes all", e);
    }
    return arrays;
  }

  /** {@return a reader of an open file} */
  public static Fields of(SealedNpz npz) {
    return new Fields(npz.file(), npz, null, new HashSet<>(), false);
  }

  /** {@return a reader of arrays that were read from a file} */
  public static Fields of(String file, Map<String, NdArray> arrays) {
    return new Fields(file, null, arrays, new HashSet<>(), false);
  }

  /** {@return the same for arrays that are absent if they would be empty} */
  public Fields optional() {
    return new Fields(file, npz, arrays, taken, true);
  }

  /** {@return the name of the file that is read, in errors} */
  public String file() {
    return file;
  }

  /** {@return the names of the arrays of the file that is read} */
  public List<String> names() {
    return npz == null ? List.copyOf(arrays.keySet()) : npz.names();
  }

  /** {@return whether the file that is read has an array} */
  public boolean contains(String name) {
    return npz == null ? arrays.containsKey(name) : npz.contains(name);
  }

  /** {@return whether there is a value to write, or an array to read} */
  public boolean has(String name, Object value) {
    return taken == null ? value != null : contains(name);
  }

  /** {@return whether an array was read} */
  public boolean isTaken(String name) {
    return taken.contains(name);
  }

  /** One string, in an array without dimensions. */
  public String text(String name, Supplier<String> value) throws IOException {
    return String.join(" ", strings(name, () -> NdArray.ofStrings(List.of(value.get()))));
  }

  /** One of some strings, in an array without dimensions. */
  public String kind(String name, Supplier<String> value, String... kinds) throws IOException {
    String kind = text(name, value);
    if (!List.of(kinds).contains(kind)) {
      int last = kinds.length - 1;
      String others = String.join(", ", List.of(kinds).subList(0, last));
      throw new FormatException(
          file(), "%s '%s', expected %s or %s", name, kind, others, kinds[last]);
    }
    return kind;
  }

  /** Strings in one dimension. */
  public List<String> texts(String name, Supplier<List<String>> value) throws IOException {
    return strings(name, () -> NdArray.ofStrings(value.get(), value.get().size()));
  }

  private List<String> strings(String name, Supplier<NdArray> made) throws IOException {
    NdArray array = array(name, made, "strings", header -> header.type() == ElementType.UNICODE);
    return IntStream.range(0, array.length()).mapToObj(array::stringAt).toList();
  }

  /** Integers in one dimension, written as int64. */
  public long[] longs(String name, Supplier<long[]> value) throws IOException {
    return integers(name, () -> NdArray.of(value.get(), value.get().length));
  }

  /** Integers in one dimension, written as int32. */
  public long[] ints(String name, Supplier<int[]> value) throws IOException {
    return integers(name, () -> NdArray.of(value.get(), value.get().length));
  }

  private long[] integers(String name, Supplier<NdArray> made) throws IOException {
    NdArray array = array(name, made, "integers", header -> header.type().isInteger());
    return IntStream.range(0, array.length()).mapToLong(array::longAt).toArray();
  }

  /** Numbers in one dimension, written as float64. */
  public double[] doubles(String name, Allowed what, Supplier<double[]> value) throws IOException {
    return numbers(name, what, () -> NdArray.of(value.get(), value.get().length));
  }

  /** One number, written as float64, in an array without dimensions or with one. */
  public double number(String name, Allowed what, DoubleSupplier value, int... shape)
      throws IOException {
    double[] one = numbers(name, what, () -> NdArray.of(new double[] {value.getAsDouble()}, shape));
    require(one.length == 1, name, "one number");
    return one[0];
  }

  /** Numbers of any shape. */
  public double[] numbers(String name, Allowed what, Supplier<NdArray> made) throws IOException {
    NdArray array =
        array(
            name,
            made,
            "floating-point values",
            header -> !header.shape().contains(0) && header.type().isFloatingPoint());
    return taken == null ? array.toDoubles() : what.in(name, array.toDoubles());
  }

  /** {@return the numbers of an array of float32 that is read, which takes no copy} */
  public float[] floats(String name) throws IOException {
    taken.add(name);
    return npz.readFloats(List.of(name));
  }

  /** Writes an array that has elements, or reads one of a kind. */
  private NdArray array(
      String name, Supplier<NdArray> made, String kind, Predicate<Npz.Header> isOfKind)
      throws IOException {
    if (taken != null && mayLack && !contains(name)) {
      return NdArray.of(new double[0], 0);
    }
    if (taken != null) {
      require(isOfKind.test(header(name)), name, kind);
      return any(name, null);
    }
    NdArray array = made.get();
    return array.length() == 0 ? array : any(name, () -> array);
  }

  /** An array of any kind. */
  public NdArray any(String name, Supplier<NdArray> value) throws IOException {
    if (taken == null) {
      arrays.put(name, value.get());
      return arrays.get(name);
    }
    taken.add(name);
    return npz == null ? arrays.get(name) : npz.read(name);
  }

  /** {@return the type and the shape of an array that is read; an absent array is refused} */
  public Npz.Header header(String name) throws IOException {
    if (!contains(name)) {
      throw new FormatException(
          file(), "no array " + name + " (it has " + names() + "), expected it in a model");
    }
    if (npz == null) {
      NdArray array = arrays.get(name);
      return new Npz.Header(array.type(), Arrays.stream(array.shape()).boxed().toList());
    }
    return npz.header(name);
  }

  /** Refuses an array that is read unless a condition on it holds. */
  public void require(boolean right, String name, String expected) throws IOException {
    if (!right) {
      Npz.Header header = header(name);
      throw new FormatException(
          file(), name + " is " + header.type() + " " + header.shape() + ", expected " + expected);
    }
  }
}
