package dev.lanewise.exchange;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.model.Model;
import dev.lanewise.model.internal.ModelFormat;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Models as .onnx files: graphs that Lanewise wrote, and graphs of other programs that are one
 * network.
 */
public final class OnnxFormat implements ModelFormat {
  static final String ENDING = ".onnx";

  private static final Pattern PARAMETERS = Pattern.compile("(?:member\\d+/)?[Wb]\\d+");

  /** For the service loader. */
  public OnnxFormat() {}

  @Override
  public String ending() {
    return ENDING;
  }

  /**
   * Tests for the version above 0, which is the first field of the protocol buffer. The length of a
   * safetensors header may look the same; the brace after it tells them apart.
   */
  @Override
  public boolean begins(byte[] first) {
    boolean isSafetensors = first.length > Long.BYTES && first[Long.BYTES] == '{';
    return first.length > 1 && first[0] == Byte.SIZE && first[1] > 0 && !isSafetensors;
  }

  @Override
  public Model read(Path file, List<String> layers) throws IOException {
    if (!layers.isEmpty()) {
      throw new ArgumentException(
          "layers %s of %s, expected no list of layers, as a graph has an order", layers, file);
    }
    return read(Onnx.read(file), file.toString());
  }

  @Override
  public Model read(InputStream in, String name) throws IOException {
    return read(Onnx.read(in, name), name);
  }

  /**
   * Describes the inputs and outputs of a graph, for callers of a runtime.
   *
   * @param file the file
   * @return the inputs, then the outputs, each as its name and type
   * @throws IOException if the file cannot be read
   */
  public static List<List<String>> types(Path file) throws IOException {
    Onnx graph = Onnx.read(file);
    return Stream.of(graph.inputs(), graph.outputs())
        .map(values -> values.stream().map(x -> x.name() + " " + x.typeName()).toList())
        .toList();
  }

  private static Model read(Onnx in, String file) throws IOException {
    if (!ModelMetadata.isOurs(in.metadata())) {
      return Model.of(OnnxReader.read(in, file));
    }
    Map<String, NdArray> arrays = new LinkedHashMap<>(in.constants());
    arrays.keySet().removeIf(name -> !PARAMETERS.matcher(name).matches());
    List<Mlp> networks = new ArrayList<>();
    String prefix = arrays.containsKey("W1") ? "" : ModelMetadata.prefix(0);
    do {
      Map<String, NdArray> own = new LinkedHashMap<>();
      for (String name : arrays.keySet()) {
        if (name.matches(prefix + "\\w+")) {
          own.put(name.substring(prefix.length()), arrays.get(name));
        }
      }
      networks.add(ForeignModelReader.read(file, own, false, List.of()));
      prefix = ModelMetadata.prefix(networks.size());
    } while (arrays.containsKey(prefix + "W1"));
    Model model = ModelMetadata.apply(networks, in.metadata(), file);
    boolean isNamed = in.outputs().stream().anyMatch(output -> output.type() == Onnx.STRING);
    Set<String> whole = new TreeSet<>();
    in.inputs().stream().filter(x -> x.type() == Onnx.INT64).forEach(x -> whole.add(x.name()));
    if (!OnnxWriter.write(model, Map.of(), isNamed, whole).isLike(in, arrays.keySet())) {
      throw new FormatException(
          file,
          "another graph than that of the model in its metadata, expected the same graph (without"
              + " the metadata it is read operator by operator)");
    }
    return model;
  }

  @Override
  public void write(Model model, Path file) throws IOException {
    write(model, file, false, Set.of());
  }

  /** Writes a model; labels may be names of classes, and the inputs of some names int64. */
  public static void write(Model model, Path file, boolean isNamed, Set<String> whole)
      throws IOException {
    Map<String, String> metadata = ModelMetadata.of(model);
    AtomicFile.write(file, OnnxWriter.write(model, metadata, isNamed, whole)::write);
  }
}
