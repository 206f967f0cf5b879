package dev.lanewise.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;

import dev.lanewise.format.FormatException;
import dev.lanewise.model.Model;
import dev.lanewise.rows.Schema;
import dev.lanewise.source.JsonScanner;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** A request of the Open Inference Protocol, version 2: tensors by their names, in JSON. */
public final class TensorRequest {
  /** The input of a model without columns. */
  public static final String INPUT = "input";

  private static final String BODY = "body";
  private static final int MOST_DIMENSIONS = 8;
  private static final long TENSOR = 256; // bytes of memory beside its values
  private static final int SHOWN = 40; // characters of a wrong value
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,20}");

  /** What the values of a datatype are in JSON. */
  private static final Map<String, Predicate<String>> TYPES =
      new TreeMap<>(
          Map.ofEntries(
              entry("BOOL", text -> text.equals("true") || text.equals("false")),
              entry("BYTES", text -> text.startsWith("\"")),
              entry("FP16", text -> isBelow(text, 65_520)), // larger ones are rounded to infinity
              entry("FP32", text -> isBelow(text, 0x1.ffffffp127)),
              entry("FP64", text -> isBelow(text, Double.POSITIVE_INFINITY)),
              entry("INT8", text -> isWhole(text, 7, false)),
              entry("INT16", text -> isWhole(text, 15, false)),
              entry("INT32", text -> isWhole(text, 31, false)),
              entry("INT64", text -> isWhole(text, 63, false)),
              entry("UINT8", text -> isWhole(text, 8, true)),
              entry("UINT16", text -> isWhole(text, 16, true)),
              entry("UINT32", text -> isWhole(text, 32, true)),
              entry("UINT64", text -> isWhole(text, 64, true))));

  /** The outputs that are asked for, by name; empty for all. */
  final Map<String, Tensor> outputs = new LinkedHashMap<>();

  /** What the answer must repeat, or null. */
  String id;

  private final Map<String, Tensor> inputs = new LinkedHashMap<>();
  private final byte[] body;
  private final int length;
  private final LongConsumer memory;

  /** A tensor whose first dimension counts rows; of an output the name alone. */
  static final class Tensor {
    private String name;
    private String type;
    private final List<Number> shape = new ArrayList<>();
    private int[] data = new int[4]; // where in the body the values begin, row by row
    private int count; // number of the values
    private int depth = -1; // depth of the arrays that hold values
    private final List<Integer> nesting = new ArrayList<>(); // lengths of the arrays of the data
  }

  /**
   * Reads a request.
   *
   * @param memory is told the bytes of memory before they are used, and may refuse them
   */
  TensorRequest(byte[] body, int length, LongConsumer memory) throws FormatException {
    this.body = body;
    this.length = length;
    this.memory = memory;
    JsonScanner json = new JsonScanner(body, length, BODY);
    json.begin('{');
    while (json.more()) {
      switch (json.member()) {
        case "id" -> id = json.text();
        case "inputs" -> read(json, inputs);
        case "outputs" -> read(json, outputs);
        default -> json.skip();
      }
    }
    json.finish();
  }

  private static boolean isWhole(String text, int bits, boolean isPositive) {
    if (!WHOLE.matcher(text).matches()) {
      return false;
    }
    BigInteger value = new BigInteger(text);
    return value.bitLength() <= bits && (!isPositive || value.signum() >= 0);
  }

  private static boolean isBelow(String text, double limit) {
    return "-0123456789".indexOf(text.charAt(0)) >= 0 && Math.abs(Double.parseDouble(text)) < limit;
  }

  private void read(JsonScanner json, Map<String, Tensor> tensors) throws FormatException {
    json.begin('[');
    while (json.more()) {
      Tensor tensor = tensor(json);
      if (tensors.put(tensor.name, tensor) != null) {
        throw wrong("tensor %s is there twice, expected once", tensor.name);
      }
    }
  }

  private Tensor tensor(JsonScanner json) throws FormatException {
    memory.accept(TENSOR);
    Tensor tensor = new Tensor();
    json.begin('{');
    while (json.more()) {
      switch (json.member()) {
        case "name" -> tensor.name = json.text();
        case "datatype" -> tensor.type = json.text();
        case "shape" -> {
          json.begin('[');
          while (json.more()) {
            double size = json.number();
            if (tensor.shape.size() == MOST_DIMENSIONS) {
              throw wrong(
                  "a shape has more than %s dimensions, expected one or two", MOST_DIMENSIONS);
            }
            tensor.shape.add(size == (int) size ? (Number) (int) size : BigDecimal.valueOf(size));
          }
        }
        case "data" -> read(json, tensor, 0);
        default -> json.skip();
      }
    }
    if (tensor.name == null) {
      throw wrong("a tensor without a name, expected a name");
    }
    return tensor;
  }

  private void add(Tensor tensor, int offset, int depth) throws FormatException {
    if (tensor.depth >= 0 && tensor.depth != depth) {
      throw wrong("input %s has values beside arrays", tensor.name);
    }
    tensor.depth = depth;
    if (tensor.count == tensor.data.length) {
      memory.accept((long) Integer.BYTES * tensor.count);
      tensor.data = Arrays.copyOf(tensor.data, 2 * tensor.count);
    }
    tensor.data[tensor.count++] = offset;
  }

  /** Reads values, flat or in nested arrays. */
  private void read(JsonScanner json, Tensor tensor, int depth) throws FormatException {
    json.begin('[');
    int count = 0;
    for (; json.more(); count++) {
      switch (json.kind()) {
        case '[', '{' -> read(json, tensor, depth + 1);
        default -> {
          add(tensor, json.offset(), depth);
          json.skip();
        }
      }
    }
    while (tensor.nesting.size() <= depth) {
      tensor.nesting.add(-1);
    }
    int before = tensor.nesting.set(depth, count);
    if (before >= 0 && before != count) {
      throw wrong("input %s is nested with rows of different lengths", tensor.name);
    }
  }

  /**
   * Returns the rows as an array in JSON, so that they are read as those of other requests.
   *
   * @throws FormatException if the tensors are not the inputs of the model
   */
  ByteBuffer rows(Model model) throws FormatException {
    List<String> names = model.schema().map(Schema::columnNames).orElse(List.of(INPUT));
    Set<String> found = inputs.keySet();
    Set<String> others = new TreeSet<>(found);
    names.forEach(others::remove);
    model.schema().ifPresent(schema -> schema.ignored().forEach(others::remove));
    model.schema().ifPresent(schema -> schema.targets().forEach(others::remove));
    model.schema().flatMap(Schema::weight).ifPresent(others::remove);
    if (!found.containsAll(names) || !others.isEmpty()) {
      throw wrong("inputs %s, expected those of the model: %s", List.copyOf(found), names);
    }
    int width = model.schema().isPresent() ? 1 : model.inputs();
    List<Tensor> columns = names.stream().map(inputs::get).toList();
    int rows = columns.get(0).count / width;
    for (Tensor column : columns) {
      check(column, rows, width);
    }
    long most = length + 3L * rows + 2; // the values with their commas, and brackets
    memory.accept(most);
    ByteBuffer text = ByteBuffer.allocate((int) Math.min(most, Integer.MAX_VALUE - 8));
    for (int row = 0; row < rows; row++) {
      text.put((byte) (row == 0 ? '[' : ','));
      char before = '[';
      for (Tensor column : columns) {
        for (int i = row * width; i < (row + 1) * width; i++) {
          int from = column.data[i];
          text.put((byte) before).put(body, from, end(from) - from);
          before = ',';
        }
      }
      text.put((byte) ']');
    }
    return text.put((rows == 0 ? "[]" : "]").getBytes(UTF_8));
  }

  /** Returns the end of a value that begins at an offset of the body. */
  private int end(int from) {
    int at = from + 1;
    if (body[from] == '"') {
      while (body[at] != '"') {
        at += body[at] == '\\' ? 2 : 1;
      }
      return at + 1;
    }
    while (" \t\r\n,]".indexOf(body[at]) < 0) {
      at++;
    }
    return at;
  }

  private void check(Tensor tensor, int rows, int width) throws FormatException {
    String shape = tensor.shape.toString();
    boolean isRow = width == 1 && tensor.shape.equals(List.of(rows));
    if (!isRow && !tensor.shape.equals(List.of(rows, width)) || rows * width != tensor.count) {
      String expected = width == 1 ? "[%s] or [%s, 1]" : "[%s, " + width + "]";
      throw wrong(
          "input %s has the shape %s and %s values, expected %s",
          tensor.name, shape, tensor.count, expected.replace("%s", "" + rows));
    } else if (tensor.nesting.size() > 1 && !tensor.nesting.equals(tensor.shape)) {
      throw wrong(
          "input %s is nested as %s, expected its shape %s",
          tensor.name, "" + tensor.nesting, shape);
    }
    Predicate<String> type = tensor.type == null ? null : TYPES.get(tensor.type);
    if (type == null) {
      throw wrong(
          "input %s has the datatype %s, expected one of %s",
          tensor.name, tensor.type, TYPES.keySet());
    }
    for (int i = 0; i < tensor.count; i++) {
      int from = tensor.data[i];
      String text = new String(body, from, end(from) - from, UTF_8);
      if (!text.equals("null") && !type.test(text)) {
        throw wrong(
            "input %s has %s at %s, expected values of its datatype %s, or null",
            tensor.name, text.substring(0, Math.min(SHOWN, text.length())), i, tensor.type);
      }
    }
  }

  static FormatException wrong(String problem, Object... parts) {
    return new FormatException(BODY, problem, parts);
  }
}
