package dev.lanewise.exchange;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Shapes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A tensor of a file, whose elements are either raw bytes or numbers in a field for their type. */
final class OnnxTensor {
  private static final int FLOATS = 4;
  private static final int RAW = 9;
  private static final int DOUBLES = 10;

  /** The names of element types by their numbers in ONNX; empty if not supported. */
  private static final List<String> ELEMENTS =
      List.of(
          "", "F32", "U8", "I8", "", "", "I32", "I64", "", "I8", "F16", "F64", "", "", "", "",
          "BF16", "");

  /** The fields that list elements of some types; other types have field 5, also bits of F16. */
  private static final Map<String, Integer> LISTS = Map.of("F32", FLOATS, "F64", DOUBLES, "I64", 7);

  private final Proto in;
  private final List<Integer> shape = new ArrayList<>();
  private final Set<Integer> fields = new HashSet<>(); // that have elements
  private final List<Long> listed = new ArrayList<>();
  private final Proto raw; // or null
  private final String name;
  private final long type;

  private OnnxTensor(Proto in) throws FormatException {
    this.in = in;
    in.numbers(1, 0, d -> shape.add((int) Math.max(-1, Math.min(d, 1 << 30))));
    type = in.number(2);
    name = in.text(8);
    raw = in.has(RAW) ? in.message(RAW) : null;
    if (in.number(14) != 0) {
      throw in.wrong(
          "tensor "
              + name
              + " outside the file, expected data inside (in Python: torch.onnx.export(...,"
              + " external_data=False), or onnx.save_model(onnx.load(file), copy))");
    }
    for (int field : new int[] {FLOATS, 5, 7, RAW, DOUBLES}) {
      if (in.has(field)) {
        fields.add(field);
      }
      if (field != RAW) {
        int size = field == FLOATS ? Float.BYTES : field == DOUBLES ? Double.BYTES : 0;
        in.numbers(field, size, listed::add);
      }
    }
  }

  /** Reads a tensor and adds it to a map. */
  static NdArray read(Proto in, Map<String, NdArray> tensors) throws FormatException {
    OnnxTensor tensor = new OnnxTensor(in);
    NdArray array = tensor.decoded();
    if (tensors.put(tensor.name, array) != null) {
      throw in.wrong("tensor " + tensor.name + " twice, expected it once");
    }
    return array;
  }

  /** Returns the elements in their shape. */
  private NdArray decoded() throws FormatException {
    String element = ELEMENTS.get((int) Math.min(Math.max(type, 0), ELEMENTS.size() - 1));
    if (element.isEmpty()) {
      throw in.wrong("tensor " + name + " of type " + type + ", expected numbers");
    }
    int bits = Integer.parseInt(element.replaceAll("\\D", ""));
    int[] dimensions = shape.stream().mapToInt(d -> d).toArray();
    long count = Shapes.length(dimensions);
    int field = raw == null ? LISTS.getOrDefault(element, 5) : RAW;
    boolean isWhole =
        raw == null ? count == listed.size() : count * bits == (long) Byte.SIZE * raw.length();
    if (count < 0 || count > 0 && !(isWhole && fields.equals(Set.of(field)))) {
      throw in.wrong("tensor " + name + " of shape " + shape + ", expected numbers for that");
    }
    if (element.contains("F")) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (long number : listed) {
        for (int shift = 0; shift < bits; shift += Byte.SIZE) {
          bytes.write((int) (number >> shift));
        }
      }
      return Safetensors.tensor(
          raw == null ? new ByteArrayInputStream(bytes.toByteArray()) : raw.stream(),
          element,
          dimensions,
          in.file + ": " + name);
    }
    in.take(Long.BYTES * count);
    long[] values = new long[(int) count];
    int sign = Long.SIZE - bits;
    for (int i = 0; i < values.length; i++) {
      long value = raw == null ? listed.get(i) : raw.fixed(bits / Byte.SIZE) << sign >> sign;
      values[i] = element.startsWith("U") ? value & 0xff : value;
    }
    return NdArray.of(values, dimensions);
  }
}
