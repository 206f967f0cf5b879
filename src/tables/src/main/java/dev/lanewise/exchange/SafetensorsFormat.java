package dev.lanewise.exchange;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.format.internal.Message;
import dev.lanewise.model.Model;
import dev.lanewise.model.internal.ModelAccess;
import dev.lanewise.model.internal.ModelFormat;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.MlpState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads and writes models as .safetensors files, with the names and axes of PyTorch's
 * nn.Sequential.
 */
public final class SafetensorsFormat implements ModelFormat {
  /** For the service loader. */
  public SafetensorsFormat() {}

  @Override
  public String ending() {
    return ".safetensors";
  }

  /** Tests for the JSON header after its length of eight bytes. */
  @Override
  public boolean begins(byte[] first) {
    return first.length > Long.BYTES && first[Long.BYTES] == '{'; // never in a zip archive
  }

  @Override
  public Model read(Path file, List<String> layers) throws IOException {
    return read(Safetensors.read(file), file.toString(), layers);
  }

  @Override
  public Model read(InputStream in, String name) throws IOException {
    return read(Safetensors.read(in, name), name, List.of());
  }

  private static Model read(Safetensors in, String file, List<String> layers) throws IOException {
    Mlp model = ForeignModelReader.read(file, in.tensors(), true, layers);
    Map<String, String> metadata = in.metadata();
    if (ModelMetadata.isOurs(metadata)) {
      return ModelMetadata.apply(List.of(model), metadata, file);
    }
    try { // written by hand, in Python
      Model read = Model.of(model);
      if (metadata.containsKey("activations")) {
        Stream<Activation> stated =
            Arrays.stream(metadata.get("activations").split(",")).map(Activation::of);
        read = ModelAccess.access().activated(read, file, stated.toArray(Activation[]::new));
      }
      return metadata.containsKey("loss") ? read.withLoss(Loss.of(metadata.get("loss"))) : read;
    } catch (IllegalArgumentException e) {
      throw new FormatException(file, Message.of(e), e);
    }
  }

  @Override
  public void write(Model written, Path file) throws IOException {
    if (written.members().size() > 1 || written.bins().isPresent()) {
      throw new ArgumentException(
          "safetensors: %s, expected one network without bins, as PyTorch's layers compute nothing else (.npz and .onnx hold this model)",
          written.members().size() > 1
              ? written.members().size() + " networks"
              : written.bins().get());
    }
    Mlp model = written.members().get(0);
    Map<String, NdArray> tensors = new LinkedHashMap<>();
    float[] parameters = MlpState.of(model).parameters();
    List<Layer> layers = model.layers();
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = layers.get(l);
      int in = layer.inputs();
      int out = layer.outputs();
      float[] w = ForeignModelReader.transposed(model.weights(l), in, out);
      tensors.put(2 * l + ".weight", NdArray.ofFloats(w, 0, out, in));
      tensors.put(2 * l + ".bias", NdArray.ofFloats(parameters, layer.biasesOffset(), out));
    }
    AtomicFile.write(file, new Safetensors(tensors, ModelMetadata.of(written))::write);
  }
}
