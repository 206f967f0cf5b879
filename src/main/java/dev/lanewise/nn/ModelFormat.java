package dev.lanewise.nn;

import dev.lanewise.format.AtomicFile;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.Message;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.format.Onnx;
import dev.lanewise.format.Safetensors;
import dev.lanewise.format.SealedNpz;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The formats of models, told apart by the names of files, and of bytes by how they begin.
 *
 * <p>What the formats of others have no place for, such as the scaling and the names of classes,
 * goes into their metadata under {@code lanewise}: the bytes of an .npz in base 64. Files that have
 * it give the model again to the last bit.
 */
enum ModelFormat {
  NPZ,
  SAFETENSORS,
  ONNX,
  JAVA;

  private static final String FACTS = "lanewise";

  /** By the ending of a name; NPZ whatever other it has. */
  static ModelFormat of(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    for (ModelFormat format : values()) {
      if (name.endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
        return format;
      }
    }
    return NPZ;
  }

  /** Reads a model; the order is of layers that others named, or none. */
  static Mlp read(Path file, List<String> order, boolean trusting) throws IOException {
    ModelFormat format = of(file);
    if (format == SAFETENSORS) {
      return read(Safetensors.read(file), file.toString(), order);
    } else if (format == ONNX && order.isEmpty()) {
      return read(Onnx.read(file), file.toString());
    } else if (format == ONNX) {
      throw new IllegalArgumentException(
          "layers %s of %s, expected none, as a graph has an order".formatted(order, file));
    } else if (format == JAVA) {
      throw new FormatException(
          file.toString(), "source of Java, expected .npz, .safetensors or .onnx to read");
    } else if (!order.isEmpty()) {
      try (Npz npz = Npz.open(file)) {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        for (String name : npz.names()) {
          arrays.put(name, npz.read(name));
        }
        return LayerArrays.read(file.toString(), arrays, false, order);
      }
    }
    try (SealedNpz npz = SealedNpz.open(file, trusting)) {
      return ModelFile.read(npz);
    }
  }

  /** Reads a model in the format that bytes begin like. */
  static Mlp read(InputStream in, String name) throws IOException {
    byte[] first = in.readNBytes(Long.BYTES + 1);
    InputStream all = new SequenceInputStream(new ByteArrayInputStream(first), in);
    if (first.length > Long.BYTES && first[Long.BYTES] == '{') { // never in a zip archive
      return read(Safetensors.read(all, name), name, List.of());
    } else if (first.length > 1 && first[0] == Byte.SIZE && first[1] > 0) { // its version
      return read(Onnx.read(all, name), name);
    }
    try (SealedNpz npz = SealedNpz.open(all, name, false)) {
      return ModelFile.read(npz);
    }
  }

  private static Mlp read(Safetensors in, String file, List<String> order) throws IOException {
    Mlp model = LayerArrays.read(file, in.tensors(), true, order);
    Map<String, String> metadata = in.metadata();
    if (metadata.containsKey(FACTS)) {
      return withFacts(model, metadata, file);
    }
    try { // written by hand, in Python
      if (metadata.containsKey("activations")) {
        List<String> labels = List.of(metadata.get("activations").split(","));
        model = model.withActivations(labels.stream().map(Activation::of).toList());
      }
      return metadata.containsKey("loss") ? model.withLoss(Loss.of(metadata.get("loss"))) : model;
    } catch (IllegalArgumentException e) {
      throw new FormatException(file, Message.of(e), e);
    }
  }

  private static Mlp read(Onnx in, String file) throws IOException {
    if (!in.metadata().containsKey(FACTS)) {
      return OnnxReader.read(in, file);
    }
    Map<String, NdArray> arrays = new LinkedHashMap<>(in.constants());
    arrays.keySet().removeIf(name -> !ModelFile.NUMBERED.matcher(name).matches());
    Mlp model = withFacts(LayerArrays.read(file, arrays, false, List.of()), in.metadata(), file);
    Set<String> weights = arrays.keySet();
    boolean isOurs =
        OnnxWriter.write(model, Map.of()).isLike(in, weights)
            || OnnxWriter.old(model).isLike(in, weights);
    if (!isOurs) {
      throw new FormatException(
          file,
          "another graph than that of the model in its metadata, expected it unchanged (without"
              + " the metadata it is read operator by operator)");
    }
    return model;
  }

  private static Mlp withFacts(Mlp plain, Map<String, String> metadata, String file)
      throws IOException {
    byte[] npz;
    try {
      npz = Base64.getDecoder().decode(metadata.get(FACTS));
    } catch (IllegalArgumentException e) {
      throw new FormatException(file, "metadata lanewise that is no base 64, expected it", e);
    }
    String name = file + ": lanewise";
    try (SealedNpz facts = SealedNpz.open(new ByteArrayInputStream(npz), name, false)) {
      return ModelFile.withFacts(plain, facts);
    }
  }

  private static Map<String, String> facts(Mlp model) {
    byte[] npz = ModelFile.bytes(ModelFile.facts(model));
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt"); // what PyTorch's users ask for
    metadata.put(
        "activations",
        String.join(
            ",", model.architecture().activations().stream().map(Activation::label).toList()));
    metadata.put("loss", model.loss().label());
    metadata.put(FACTS, Base64.getEncoder().encodeToString(npz));
    return metadata;
  }

  /** Writes a model. */
  static void write(Mlp model, Path file) throws IOException {
    ModelFile.requireFinite(model, file);
    ModelFormat format = of(file);
    if (format == SAFETENSORS) {
      AtomicFile.write(file, new Safetensors(tensors(model), facts(model))::write);
    } else if (format == ONNX) {
      AtomicFile.write(file, OnnxWriter.write(model, facts(model))::write);
    } else if (format == JAVA) {
      String source = JavaSource.of(model, file.getFileName().toString());
      AtomicFile.write(file, out -> out.write(source.getBytes(StandardCharsets.US_ASCII)));
    } else {
      ModelFile.write(model, file, Map.of());
    }
  }

  /** The names and the order of axes of PyTorch's nn.Sequential of layers and activations. */
  private static Map<String, NdArray> tensors(Mlp model) {
    Map<String, NdArray> tensors = new LinkedHashMap<>();
    List<Layer> layers = model.layers();
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = layers.get(l);
      int in = layer.inputs();
      int out = layer.outputs();
      float[] w = LayerArrays.transposed(model.weights(l), in, out);
      tensors.put(2 * l + ".weight", NdArray.ofFloats(w, 0, out, in));
      tensors.put(2 * l + ".bias", NdArray.ofFloats(model.shared(), layer.biasesOffset(), out));
    }
    return tensors;
  }
}
