package dev.lanewise.nn;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.format.SealedNpz;
import dev.lanewise.nn.internal.ForeignArrays;
import dev.lanewise.nn.internal.ModelFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * Finds the format of a model: from the extension of a file, or from the first bytes of a stream.
 * The .npz format is built in and reads all files without another known extension; the module
 * lanewise-tables provides the others.
 */
final class ModelFormats {
  /** Extensions whose formats are in another module, which may be missing. */
  private static final List<String> ELSEWHERE = List.of(".safetensors", ".onnx", ".java");

  private static final String MODULE =
      "lanewise-tables, which is missing on the class path or module path, expected it there";

  /** Number of bytes that {@link ModelFormat#begins} sees. */
  private static final int FIRST = 9;

  private static final List<ModelFormat> FORMATS = providers(ModelFormat.class);
  private static final List<ForeignArrays> FOREIGN = providers(ForeignArrays.class);

  private ModelFormats() {}

  private static <S> List<S> providers(Class<S> service) {
    return ServiceLoader.load(service, ModelFormats.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  /** Returns the format for the extension of a file, or null for .npz. */
  private static ModelFormat of(Path file) throws FormatException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    for (ModelFormat format : FORMATS) {
      if (name.endsWith(format.ending())) {
        return format;
      }
    }
    for (String ending : ELSEWHERE) {
      if (name.endsWith(ending)) {
        throw new FormatException(file.toString(), "models in %s files need " + MODULE, ending);
      }
    }
    return null;
  }

  /** Returns the reader for an .npz file whose arrays another program named, or null. */
  static ForeignArrays foreign(List<String> names) {
    return FOREIGN.stream().filter(arrays -> arrays.isFor(names)).findFirst().orElse(null);
  }

  /**
   * Reads a model.
   *
   * @param layers names of layers in their order, or none
   * @param trusting whether a wrong checksum is accepted
   */
  static Model read(Path file, List<String> layers, boolean trusting) throws IOException {
    ModelFormat format = of(file);
    if (format != null) {
      return format.read(file, layers);
    } else if (!layers.isEmpty()) {
      if (FOREIGN.isEmpty()) {
        throw new FormatException(file.toString(), "layers with other names need " + MODULE);
      }
      try (Npz npz = Npz.open(file)) {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        for (String name : npz.names()) {
          arrays.put(name, npz.read(name));
        }
        return FOREIGN.get(0).read(file.toString(), arrays, layers);
      }
    }
    try (SealedNpz npz = SealedNpz.open(file, trusting)) {
      return ModelFile.read(npz);
    }
  }

  /** Reads a model in the format that its first bytes show. */
  static Model read(InputStream in, String name) throws IOException {
    byte[] first = in.readNBytes(FIRST);
    InputStream all = new SequenceInputStream(new ByteArrayInputStream(first), in);
    for (ModelFormat format : FORMATS) {
      if (format.begins(first)) {
        return format.read(all, name);
      }
    }
    try (SealedNpz npz = SealedNpz.open(all, name, false)) {
      return ModelFile.read(npz);
    }
  }

  /** Writes a model in the format of the file's extension. */
  static void write(Model model, Path file) throws IOException {
    ModelFormat format = of(file);
    if (format != null) {
      ModelFile.requireFinite(model.members(), file);
      format.write(model, file);
    } else {
      ModelFile.write(model.members(), model.facts, file, Map.of());
    }
  }
}
