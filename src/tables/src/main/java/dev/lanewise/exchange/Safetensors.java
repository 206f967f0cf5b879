package dev.lanewise.exchange;

import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Bytes;
import dev.lanewise.format.internal.Room;
import dev.lanewise.format.internal.Shapes;
import dev.lanewise.source.JsonScanner;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A safetensors file, as used by PyTorch users for weights: named tensors after a header in JSON.
 * The tensors fill the file without missing values and overlaps, row-major and little-endian.
 *
 * @param tensors the tensors by name, in the order of the header: float16, float32, float64 or
 *     int64; BF16 becomes float32
 * @param metadata texts by name
 */
public record Safetensors(Map<String, NdArray> tensors, Map<String, String> metadata) {
  private static final String WHOLE = "I64"; // for counters among the weights
  private static final String METADATA = "__metadata__";
  private static final int LENGTH = Long.BYTES; // size of the length before the header
  private static final int MOST_HEADER = 100_000_000;
  private static final int MOST_DIMENSIONS = 32;
  private static final long MOST = 1L << 53; // largest integer of a double

  /** The position of a tensor according to the header. */
  private record Place(String name, String type, int[] shape, long begin, long end) {}

  /**
   * Reads a file.
   *
   * @param file the file
   * @return its content
   * @throws FormatException if the file is not a valid safetensors file, or has tensors of other
   *     types
   * @throws IOException if it cannot be read
   */
  public static Safetensors read(Path file) throws IOException {
    long size = Bytes.checkedSize(file, "a .safetensors file");
    try (Bytes bytes = Bytes.open(file, size)) {
      return read(bytes, file.toString());
    } catch (IOException e) {
      throw FormatException.unreadable(file.toString(), e);
    }
  }

  /**
   * Reads a stream into memory as a file.
   *
   * @param in the bytes of the file, read up to their end; not closed
   * @param file the name of the file for errors
   * @return its content
   * @throws IOException as in {@link #read(Path)}
   */
  public static Safetensors read(InputStream in, String file) throws IOException {
    return read(Bytes.of(in, file), file);
  }

  private static Safetensors read(Bytes bytes, String file) throws IOException {
    byte[] length = bytes.stream(0, bytes.size()).readNBytes(LENGTH);
    long header =
        length.length < LENGTH
            ? -1
            : ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (header < 0 || header > Math.min(MOST_HEADER, bytes.size() - LENGTH)) {
      throw new FormatException(
          file,
          "%s bytes that do not begin with the length of a header, expected a safetensors file",
          bytes.size());
    }
    long first = LENGTH + header;
    Header reader = new Header(file, bytes.stream(LENGTH, header).readAllBytes());
    reader.read();
    List<Place> places = new ArrayList<>(reader.places.values());
    places.sort(Comparator.comparingLong(Place::begin).thenComparingLong(Place::end));
    long end = 0;
    for (Place place : places) {
      if (place.begin != end) {
        throw new FormatException(
            file,
            "tensor %s begins at byte %s of the data, expected %s: no hole and no overlap",
            place.name,
            place.begin,
            end);
      }
      end = place.end;
    }
    if (end != bytes.size() - first) {
      throw new FormatException(
          file, "%s bytes of data, expected %s as the header says", bytes.size() - first, end);
    }
    Map<String, NdArray> tensors = new LinkedHashMap<>();
    for (Place place : reader.places.values()) {
      InputStream in = bytes.stream(first + place.begin, place.end - place.begin);
      tensors.put(place.name, tensor(in, place.type, place.shape, file + ": " + place.name));
    }
    return new Safetensors(tensors, reader.metadata);
  }

  /** Reads a tensor of type F16, F32, F64, BF16 or I64. */
  static NdArray tensor(InputStream in, String type, int[] shape, String where)
      throws FormatException {
    int count = (int) Shapes.length(shape);
    boolean isBrain = type.equals("BF16"); // the upper half of a float32
    ElementType element =
        isBrain
            ? ElementType.UINT16
            : ElementType.valueOf(type.replace("F", "FLOAT").replace(WHOLE, "INT64"));
    try {
      NdArray tensor = NdArray.read(in, element, ByteOrder.LITTLE_ENDIAN, where, shape);
      if (isBrain) {
        float[] floats = Room.floats(count, where);
        for (int i = 0; i < count; i++) {
          floats[i] = Float.intBitsToFloat((int) tensor.longAt(i) << 16);
        }
        return NdArray.ofFloats(floats, 0, shape);
      }
      return tensor;
    } catch (IOException e) {
      throw FormatException.unreadable(where, e);
    }
  }

  /**
   * Writes tensors as float32.
   *
   * @param out the destination; not closed
   * @throws IOException if writing fails
   */
  public void write(OutputStream out) throws IOException {
    StringBuilder header = new StringBuilder("{");
    string(header, METADATA).append(":{");
    for (Map.Entry<String, String> entry : metadata.entrySet()) {
      header.append(header.charAt(header.length() - 1) == '{' ? "" : ",");
      string(string(header, entry.getKey()).append(':'), entry.getValue());
    }
    header.append('}');
    long at = 0;
    for (Map.Entry<String, NdArray> entry : tensors.entrySet()) {
      NdArray tensor = entry.getValue();
      long end = at + (long) Float.BYTES * tensor.length();
      string(header.append(','), entry.getKey())
          .append(":{\"dtype\":\"F32\",\"shape\":[")
          .append(Shapes.text(tensor.shape()).replaceAll("[() ]|,\\)", ""))
          .append("],\"data_offsets\":[" + at + "," + end + "]}");
      at = end;
    }
    header.append('}');
    while (header.length() % LENGTH != 0) {
      header.append(' ');
    }
    byte[] length = new byte[LENGTH];
    ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length());
    out.write(length);
    out.write(header.toString().getBytes(StandardCharsets.US_ASCII));
    for (NdArray tensor : tensors.values()) {
      NdArray floats = NdArray.of(tensor.toFloats(), tensor.shape());
      floats.write(out, ByteOrder.LITTLE_ENDIAN);
    }
  }

  /** Returns a JSON array of strings in ASCII. */
  static String list(List<String> texts) {
    return texts.stream()
        .map(text -> string(new StringBuilder(), text))
        .collect(Collectors.joining(",", "[", "]"));
  }

  /** Appends a JSON string in ASCII. */
  private static StringBuilder string(StringBuilder json, String text) {
    json.append('"');
    for (char c : text.toCharArray()) {
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"');
  }

  /** Parses the JSON of a header and refuses members that the format does not define. */
  private static final class Header {
    final Map<String, Place> places = new LinkedHashMap<>();
    final Map<String, String> metadata = new LinkedHashMap<>();
    private final String file;
    private final JsonScanner json;

    Header(String file, byte[] header) throws FormatException {
      this.file = file;
      json = new JsonScanner(header, header.length, file + ": header");
    }

    void read() throws FormatException {
      json.begin('{');
      while (json.more()) {
        String name = json.member();
        if (name.equals(METADATA)) {
          metadata();
        } else {
          places.put(name, place(name));
        }
      }
      json.finish();
    }

    private void metadata() throws FormatException {
      json.begin('{');
      while (json.more()) {
        metadata.put(json.member(), json.text());
      }
    }

    private Place place(String name) throws FormatException {
      String type = null;
      List<Long> shape = null;
      List<Long> offsets = null;
      json.begin('{');
      while (json.more()) {
        String key = json.member();
        if (key.equals("dtype") && type == null) {
          type = json.text();
        } else if (key.equals("shape") && shape == null) {
          shape = numbers(MOST_DIMENSIONS);
        } else if (key.equals("data_offsets") && offsets == null) {
          offsets = numbers(2);
        } else {
          throw wrong("a tensor's member " + key);
        }
      }
      if (type == null || shape == null || offsets == null || offsets.size() != 2) {
        throw wrong("tensor " + name + " without dtype, shape or two data_offsets");
      }
      if (!List.of("F16", "BF16", "F32", "F64", WHOLE).contains(type)) {
        throw new FormatException(
            file, "tensor %s is %s, expected F32, F16, BF16, F64 or I64", name, type);
      }
      int[] dimensions = new int[shape.size()];
      for (int i = 0; i < dimensions.length; i++) {
        dimensions[i] = (int) Math.min(shape.get(i), Integer.MAX_VALUE);
      }
      long count = Shapes.length(dimensions);
      long bytes = count * (type.endsWith("64") ? 8 : type.equals("F32") ? 4 : 2);
      long begin = offsets.get(0);
      long end = offsets.get(1);
      if (count < 0 || bytes != end - begin) {
        throw new FormatException(
            file,
            "tensor %s of %s %s in bytes %s to %s, expected as many bytes as it needs",
            name,
            type,
            shape,
            begin,
            end);
      }
      return new Place(name, type, dimensions, begin, end);
    }

    private List<Long> numbers(int most) throws FormatException {
      List<Long> numbers = new ArrayList<>();
      json.begin('[');
      while (json.more()) {
        double number = json.number();
        if (number != Math.rint(number) || number < 0 || number > MOST || numbers.size() == most) {
          throw wrong("a list with " + number + " as number " + numbers.size());
        }
        numbers.add((long) number);
      }
      return numbers;
    }

    private FormatException wrong(String found) {
      return new FormatException(
          file, "a header with %s, expected dtype, shape and data_offsets of each tensor", found);
    }
  }
}
