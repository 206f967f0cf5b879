package dev.lanewise.export;

import dev.lanewise.exchange.OnnxFormat;
import dev.lanewise.model.Model;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Set;

/**
 * Writes models as ONNX graphs with the types that their callers have. {@code Model.load} reads
 * such a file as the same model.
 *
 * <pre>{@code
 * new OnnxExport(true, Set.of("age", "rooms")).save(model, Path.of("model.onnx"));
 * }</pre>
 *
 * @param isNamed whether the output {@code label}, [rows], is the name of the class, a string, as
 *     opposed to its number from 0, an int64
 * @param int64 the names of inputs that are int64: columns of numbers or of categories, parts of a
 *     date such as {@code day/month}, or {@code features}. An int64 is never a missing value
 */
public record OnnxExport(boolean isNamed, Set<String> int64) {
  /**
   * Writes a model.
   *
   * @param model the model
   * @param file the file, which is replaced as a whole; its name ends in {@code .onnx}
   * @throws IllegalArgumentException if standard operators cannot express the model, if it has no
   *     names of classes for labels that are names, or if it has no such input
   * @throws IllegalStateException if a parameter is not finite, as after a training that diverged
   * @throws IOException if the file cannot be written; an existing file then stays as it was
   */
  public void save(Model model, Path file) throws IOException {
    model.save(OutputStream.nullOutputStream()); // refuses parameters that are not finite
    OnnxFormat.write(model, file, isNamed, int64);
  }
}
