package dev.lanewise.model;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.model.internal.ForeignArrays;
import dev.lanewise.model.internal.ModelFormat;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.Assumption;
import dev.lanewise.nn.internal.ModelFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Finds the format of a model: from the extension of a file, or from the first bytes of a stream.
 * The .npz format is built in and reads all files without another known extension; the module
 * lanewise-tables provides the others.
 */
final class ModelFormats {
  private static final List<ModelFormat> FORMATS = providers(ModelFormat.class);
  private static final List<ForeignArrays> FOREIGN = providers(ForeignArrays.class);

  /** The number of bytes that show the format of a stream. */
  private static final int FIRST = 9;

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
    if (ending(file) != null) {
      throw missing(file);
    }
    return null;
  }

  /** Returns the extension of a format of other programs that a file has; null for .npz. */
  private static String ending(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    List<String> others = List.of(".safetensors", ".onnx");
    return others.stream().filter(name::endsWith).findFirst().orElse(null);
  }

  /** Returns the refusal of a file that needs the module lanewise-tables, which is not found. */
  private static FormatException missing(Path file) {
    String ending = ending(file);
    String what = ending == null ? "layers with other names" : "models in " + ending + " files";
    boolean isThere = true;
    try {
      Class.forName("dev.lanewise.exchange.OnnxFormat", false, ModelFormats.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      isThere = false;
    }
    return new FormatException(
        file.toString(),
        isThere
            ? "%s need the services of lanewise-tables, expected their files in META-INF/services"
                + " (a jar of several must merge these)"
            : "%s need lanewise-tables, which is missing on the class path or module"
                + " path, expected it there",
        what);
  }

  /** Returns the reader for an .npz file whose arrays another program named; empty if none did. */
  private static Optional<ForeignArrays> foreign(List<String> names) {
    return FOREIGN.stream().filter(arrays -> arrays.isFor(names)).findFirst();
  }

  /**
   * Reads a model.
   *
   * @param layers names of layers in their order, or none
   * @param given the activations for a file that states none
   */
  static Model read(Path file, List<String> layers, List<Activation> given) throws IOException {
    ModelFormat format = of(file);
    return format != null
        ? ofOthers(format.read(file, layers), file.toString(), given)
        : activated(ofArrays(file, layers), file.toString(), given);
  }

  /** Returns a model with the given activations; refuses a file that states none without them. */
  private static Model ofOthers(Model read, String file, List<Activation> given)
      throws FormatException {
    Model model = activated(read, file, given);
    if (isWithoutActivations(model)) {
      throw new FormatException(
          file,
          "network %s without activations, expected activations in the metadata of the file, or %s,"
              + " one for all hidden layers or one for each",
          model.sizes(),
          Remedy.ACTIVATIONS.with());
    }
    return model;
  }

  private static boolean isWithoutActivations(Model model) {
    return model.assumptions().contains(Assumption.ACTIVATIONS.text());
  }

  /** As {@link dev.lanewise.model.internal.ModelAccess#activated}. */
  static Model activated(Model model, String file, List<Activation> given) throws FormatException {
    List<Mlp> members = new ArrayList<>();
    for (Mlp member : given.isEmpty() ? List.<Mlp>of() : model.members()) {
      int hidden = member.architecture().hidden().size();
      if (hidden == 0 || given.size() != 1 && given.size() != hidden) {
        throw ArgumentException.of(
            "activations",
            labels(given),
            hidden == 0
                ? "none, as the network has no hidden layers"
                : "one for all hidden layers, or one for each: " + hidden);
      }
      List<Activation> each = given.size() == 1 ? Collections.nCopies(hidden, given.get(0)) : given;
      List<Activation> stated = member.architecture().activations();
      if (!isWithoutActivations(model) && !stated.equals(each)) {
        throw new FormatException(
            file, "activations %s, expected %s as given", labels(stated), labels(each));
      }
      members.add(member.withActivations(each));
    }
    return isWithoutActivations(model) && !given.isEmpty() ? Model.of(members) : model;
  }

  private static String labels(List<Activation> activations) {
    return String.join(",", activations.stream().map(Activation::label).toList());
  }

  private static Model ofArrays(Path file, List<String> layers) throws IOException {
    if (!layers.isEmpty()) {
      if (FOREIGN.isEmpty()) {
        throw missing(file);
      }
      try (Npz npz = Npz.open(file)) {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        for (String name : npz.names()) {
          arrays.put(name, npz.read(name));
        }
        return FOREIGN.get(0).read(file.toString(), arrays, layers);
      }
    }
    try (SealedNpz npz = SealedNpz.open(file, false)) {
      return read(npz);
    }
  }

  /** Reads a model from an open .npz file. */
  static Model read(SealedNpz npz) throws IOException {
    Optional<ForeignArrays> foreign = foreign(npz.names());
    if (foreign.isEmpty()) {
      return Model.stored(npz, List.of());
    }
    npz.verify();
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    for (String name : npz.names()) {
      arrays.put(name, npz.read(name));
    }
    try {
      return foreign.get().read(npz.file(), arrays, List.of());
    } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
      throw new FormatException(npz.file(), Message.of(e), e);
    }
  }

  /** Reads a model in the format that its first bytes show. */
  static Model read(InputStream in, String name, List<Activation> given) throws IOException {
    byte[] first = in.readNBytes(FIRST);
    InputStream all = new SequenceInputStream(new ByteArrayInputStream(first), in);
    for (ModelFormat format : FORMATS) {
      if (format.begins(first)) {
        return ofOthers(format.read(all, name), name, given);
      }
    }
    try (SealedNpz npz = SealedNpz.open(all, name, false)) {
      return activated(read(npz), name, given);
    }
  }

  /** Writes a model in the format of the file's extension. */
  static void write(Model model, Path file) throws IOException {
    ModelFormat format = of(file);
    if (format != null) {
      ModelFile.requireFinite(model.members(), file);
      format.write(model, file);
    } else {
      SealedNpz.write(file, model.saved(file));
    }
  }
}
