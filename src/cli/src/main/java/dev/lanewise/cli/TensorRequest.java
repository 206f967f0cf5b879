package dev.lanewise.cli;

import dev.lanewise.format.FormatException;
import dev.lanewise.source.JsonScanner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request of the Open Inference Protocol, version 2: tensors by their names. The data of a tensor
 * stays JSON until a row needs it, so that rows are read across all tensors without a copy of them.
 */
final class TensorRequest {
  private static final Pattern TYPE =
      Pattern.compile("BOOL|BYTES|FP(16|32|64)|(U?)INT(8|16|32|64)");
  private static final String BODY = "body";

  final Map<String, Tensor> inputs = new LinkedHashMap<>();

  /** The names of the outputs that are asked for; empty for all. */
  final List<String> outputs = new ArrayList<>();

  /** What the answer must repeat, or null. */
  String id;

  /** Reads all but the data of the tensors. */
  TensorRequest(byte[] body, int length) throws FormatException {
    JsonScanner json = new JsonScanner(body, length, BODY);
    json.begin('{');
    while (json.more()) {
      switch (json.member()) {
        case "id" -> id = json.text();
        case "inputs" -> {
          json.begin('[');
          while (json.more()) {
            Tensor tensor = new Tensor(json);
            if (inputs.put(tensor.name, tensor) != null) {
              throw wrong("input %s is there twice, expected each input once", tensor.name);
            }
          }
        }
        case "outputs" -> {
          json.begin('[');
          while (json.more()) {
            json.begin('{');
            while (json.more()) {
              if (json.member().equals("name")) {
                outputs.add(json.text());
              } else {
                json.skip();
              }
            }
          }
        }
        default -> json.skip();
      }
    }
    json.finish();
  }

  /** A tensor whose first dimension counts rows. */
  static final class Tensor {
    final String name;
    final JsonScanner data;
    private final String type;
    private final List<Long> shape = new ArrayList<>();
    private final long[] found; // elements of the open arrays, from outside
    private final long all; // elements
    private double low = Double.NEGATIVE_INFINITY; // for whole numbers
    private double high = Double.POSITIVE_INFINITY;
    private int depth = 1;
    private boolean isNested;

    private Tensor(JsonScanner json) throws FormatException {
      String called = null;
      String typed = null;
      JsonScanner values = null;
      json.begin('{');
      while (json.more()) {
        switch (json.member()) {
          case "name" -> called = json.text();
          case "datatype" -> typed = json.text();
          case "shape" -> {
            json.begin('[');
            while (json.more()) {
              double size = json.number();
              shape.add(size == Math.rint(size) ? (long) size : -1);
            }
          }
          case "data" -> {
            values = new JsonScanner(json);
            json.skip();
          }
          default -> json.skip();
        }
      }
      if (called == null || typed == null || values == null || shape.isEmpty()) {
        throw wrong("input %s, expected a name, a datatype, a shape and data (JSON)", called);
      }
      name = called;
      data = values;
      type = typed;
      found = new long[shape.size()];
      all = shape.stream().reduce(1L, (a, b) -> a * b);
      Matcher parts = TYPE.matcher(type);
      if (!parts.matches()) {
        throw wrong("input %s, datatype %s, expected FP64, INT64, BYTES or the like", name, type);
      }
      if (parts.group(3) != null) {
        int bits = Integer.parseInt(parts.group(3));
        boolean isSigned = parts.group(2).isEmpty();
        high = StrictMath.scalb(1.0, isSigned ? bits - 1 : bits);
        low = isSigned ? -high : 0;
      }
      data.begin('[');
    }

    /** Returns the number of rows, after a check of the shape of a row. */
    long rows(int width) throws FormatException {
      long inRow = shape.stream().skip(1).reduce(1L, (a, b) -> a * b);
      if (shape.get(0) < 1 || inRow != width) {
        String expected = width == 1 ? "[rows] or [rows, 1]" : "[rows, " + width + "]";
        throw wrong("input %s has the shape %s, expected %s", name, "" + shape, expected);
      }
      return shape.get(0);
    }

    /** Moves to the next value, which then is to be read from the data. */
    void next() throws FormatException {
      char kind = element() ? data.kind() : ']';
      boolean fits =
          switch (type) {
            case "BYTES" -> kind == '"';
            case "BOOL" -> kind == 't';
            default -> kind == '0';
          };
      if (kind == ']') {
        throw wrong("input %s ends before its shape %s is filled", name, "" + shape);
      }
      if (!fits && kind != 'n') {
        throw wrong(
            "input %s has a value that is no %s, expected its datatype or null", name, type);
      }
    }

    /** Checks a number that was read, or NaN. */
    void check(double number) throws FormatException {
      boolean isWhole = high == Double.POSITIVE_INFINITY || number == Math.rint(number);
      if (number < low || number >= high || !isWhole && !Double.isNaN(number)) {
        throw wrong(
            "input %s has the value %s, expected one of its datatype %s", name, number, type);
      }
    }

    /** Checks that all values have been read. */
    void finish() throws FormatException {
      if (element()) {
        throw wrong("input %s has more values than its shape %s", name, "" + shape);
      }
    }

    /** Moves to the next value in nested arrays, or in a flat one; returns false at the end. */
    private boolean element() throws FormatException {
      while (depth > 0) {
        if (!data.more()) {
          depth--;
          if (isNested ? found[depth] != shape.get(depth) : found[depth] != all) {
            throw wrong(
                "input %s has %s values or rows where its shape is %s",
                name, found[depth], "" + shape);
          }
          continue;
        }
        boolean isInner = data.kind() == '[';
        isNested |= isInner;
        found[depth - 1]++;
        if (isInner ? depth == found.length : isNested && depth < found.length) {
          throw wrong("input %s is nested otherwise than its shape %s", name, "" + shape);
        }
        if (!isInner) {
          return true;
        }
        data.begin('[');
        found[depth++] = 0;
      }
      return false;
    }
  }

  static FormatException wrong(String problem, Object... parts) {
    return new FormatException(BODY, problem, parts);
  }
}
