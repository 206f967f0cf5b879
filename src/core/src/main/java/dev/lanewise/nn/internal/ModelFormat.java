package dev.lanewise.nn.internal;

import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * A file format of models other than .npz. Providers are found by {@link java.util.ServiceLoader},
 * so a model is read and written in their formats wherever their module is present.
 */
public interface ModelFormat {
  /**
   * Returns the ending of the names of such files.
   *
   * @return the ending in lower case with its dot, such as {@code .onnx}
   */
  String ending();

  /**
   * Tells whether a file with these first bytes has this format.
   *
   * @param first the first bytes, at most nine
   * @return true if no other format begins so
   */
  boolean begins(byte[] first);

  /**
   * Reads a model.
   *
   * @param file the file
   * @param layers names of layers in their order, or none: all layers
   * @return the model
   * @throws IllegalArgumentException if this format needs no names of layers
   * @throws IOException if the file cannot be read or holds no such model
   */
  Mlp read(Path file, List<String> layers) throws IOException;

  /**
   * Reads a model from a stream.
   *
   * @param in the bytes of a file up to their end; not closed
   * @param name stands for the name of the file in errors
   * @return the model
   * @throws IOException if reading fails or the bytes are no such model
   */
  Mlp read(InputStream in, String name) throws IOException;

  /**
   * Writes a model and replaces the file as a whole.
   *
   * @param model a model with finite parameters
   * @param file where to
   * @throws IllegalArgumentException if the format cannot express the model
   * @throws IOException if the file cannot be written; what was there before stays
   */
  void write(Mlp model, Path file) throws IOException;
}
