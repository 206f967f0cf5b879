package dev.lanewise.model.internal;

import dev.lanewise.model.Model;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * A file format of models other than .npz. Providers are found by {@link java.util.ServiceLoader},
 * so a model is read and written in their formats wherever their module is present.
 */
public interface ModelFormat {
  /** {@return the extension of such files in lower case with its dot, such as {@code .onnx}} */
  String ending();

  /**
   * Tells whether a file with these first bytes has this format.
   *
   * @param first the first bytes, at most nine
   * @return true if no other format begins with these bytes
   */
  boolean begins(byte[] first);

  /**
   * Reads a model.
   *
   * @param file the file
   * @param layers names of layers in their order; none: all layers
   * @return the model
   * @throws IllegalArgumentException if this format does not use names of layers
   * @throws IOException if the file cannot be read or is not such a model
   */
  Model read(Path file, List<String> layers) throws IOException;

  /**
   * Reads a model from a stream.
   *
   * @param in the bytes of a file; read to the end, not closed
   * @param name the name of the model in errors
   * @return the model
   * @throws IOException if reading fails or the bytes are not such a model
   */
  Model read(InputStream in, String name) throws IOException;

  /**
   * Writes a model and replaces the file as a whole.
   *
   * @param model a model with finite parameters
   * @param file the file to write
   * @throws IllegalArgumentException if the format cannot express the model
   * @throws IOException if the file cannot be written; an existing file then stays as it was
   */
  void write(Model model, Path file) throws IOException;
}
