package dev.lanewise.export;

import dev.lanewise.exchange.OnnxFormat;
import dev.lanewise.nn.Model;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes models as ONNX graphs whose inputs and outputs have the types that their users have.
 *
 * <pre>{@code
 * OnnxExport.usual().withClassNames().withInt64("age", "rooms").save(model, Path.of("model.onnx"));
 * }</pre>
 *
 * <p>{@code Model.load} reads such a file as the same model.
 *
 * @param isNamed whether the output {@code label}, [rows], is the name of the class, a string; if
 *     not, it is the number of the class from 0, an int64
 * @param int64 the names of inputs that are int64: columns of numbers or of categories, parts of a
 *     date such as {@code day/month}, or {@code features}. An int64 is never a missing value
 */
public record OnnxExport(boolean isNamed, Set<String> int64) {
  /**
   * Copies the set.
   *
   * @param isNamed whether labels are names
   * @param int64 the names of inputs
   */
  public OnnxExport {
    int64 = Collections.unmodifiableSet(new TreeSet<>(int64));
  }

  /** {@return what {@code Model.save} writes: numbers of classes, and no int64 input} */
  public static OnnxExport usual() {
    return new OnnxExport(false, Set.of());
  }

  /** {@return this export with the names of classes as labels} */
  public OnnxExport withClassNames() {
    return new OnnxExport(true, int64);
  }

  /**
   * {@return this export with other int64 inputs}
   *
   * @param inputs the names of all int64 inputs
   */
  public OnnxExport withInt64(String... inputs) {
    return new OnnxExport(isNamed, new TreeSet<>(Arrays.asList(inputs)));
  }

  /**
   * Writes a model.
   *
   * @param model the model
   * @param file the file, which is replaced as a whole; its name ends in {@code .onnx}
   * @throws IllegalArgumentException if standard operators cannot express the model, if labels are
   *     names and the model has no classes or no names of them, or if it has no such input
   * @throws IllegalStateException if a parameter is not finite, as after a training that diverged
   * @throws IOException if the file cannot be written; an existing file then stays as it was
   */
  public void save(Model model, Path file) throws IOException {
    model.save(OutputStream.nullOutputStream()); // refuses parameters that are not finite
    OnnxFormat.write(model, file, isNamed, int64);
  }
}
