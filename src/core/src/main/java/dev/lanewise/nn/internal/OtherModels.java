package dev.lanewise.nn.internal;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Fields;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;

/**
 * What the module lanewise-models knows of files of models beyond a network in .npz. A service,
 * which is looked for when a file needs it.
 */
public interface OtherModels {
  /** {@return what reads and writes these files} */
  Files files();

  /** Reads and writes files of models beyond a network in .npz. */
  interface Files {
    /**
     * Reads the further inputs of a network.
     *
     * @param file a file that has them
     * @return the inputs
     * @throws IOException if the arrays are not those of further inputs
     */
    FurtherInputs further(Fields file) throws IOException;

    /**
     * Reads a model in a format of another program, or of layers with other names.
     *
     * @param file its extension tells the format
     * @param layers names of layers in their order, or none
     * @return the model
     * @throws IOException if the file cannot be read
     */
    StoredModel read(Path file, List<String> layers) throws IOException;

    /**
     * Reads a model in the format that the first bytes of a stream show.
     *
     * @param first the first bytes, {@link #FIRST} or fewer
     * @param all the stream, with these bytes
     * @param name the name of the stream, in errors
     * @return the model; null if it is a format of no other program
     * @throws IOException if the stream cannot be read
     */
    StoredModel read(byte[] first, InputStream all, String name) throws IOException;

    /** {@return whether another program named the arrays of an .npz file} */
    boolean isFor(List<String> names);

    /**
     * Reads a model whose arrays another program named.
     *
     * @param npz the file
     * @return the model
     * @throws IOException if the arrays are not those of a network
     */
    StoredModel read(SealedNpz npz) throws IOException;

    /**
     * Writes a network in the format of a file's extension.
     *
     * @param network the network
     * @param file the file to write
     * @throws IOException if the file cannot be written, or the format has no place for the network
     */
    void write(Mlp network, Path file) throws IOException;
  }

  /** The number of bytes that show the format of a stream. */
  int FIRST = 9;

  /** {@return the service; null without the module} */
  static Files find() {
    return Found.SERVICE;
  }

  /** {@return why a network alone is not read} */
  static String unhonoured(String facts) {
    return facts
        + ", which a network alone does not honour, expected none (Model.load of lanewise-models"
        + " reads such a model)";
  }

  /** {@return the extension of a format of other programs that a file has; null for .npz} */
  static String ending(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return List.of(".safetensors", ".onnx").stream()
        .filter(name::endsWith)
        .findFirst()
        .orElse(null);
  }

  /** {@return the refusal of a file that needs the module lanewise-tables, which is not found} */
  static FormatException missing(Path file) {
    String ending = ending(file);
    String what = ending == null ? "layers with other names" : "models in " + ending + " files";
    boolean isThere = true;
    try {
      Class.forName("dev.lanewise.exchange.OnnxFormat", false, OtherModels.class.getClassLoader());
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

  /** Looks for the service once, at the first file that needs it. */
  final class Found {
    private static final Files SERVICE =
        ServiceLoader.load(OtherModels.class, OtherModels.class.getClassLoader()).stream()
            .map(service -> service.get().files())
            .findFirst()
            .orElse(null);

    private Found() {}
  }
}
