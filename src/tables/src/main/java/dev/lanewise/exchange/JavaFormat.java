package dev.lanewise.exchange;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.model.Model;
import dev.lanewise.model.internal.ModelFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes models as the source of a Java class that predicts without Lanewise. Source cannot be
 * read.
 */
public final class JavaFormat implements ModelFormat {
  static final String ENDING = ".java";

  /** For the service loader. */
  public JavaFormat() {}

  @Override
  public String ending() {
    return ENDING;
  }

  /** Returns false, as Java source cannot be read. */
  @Override
  public boolean begins(byte[] first) {
    return false;
  }

  @Override
  public Model read(Path file, List<String> layers) throws IOException {
    throw new FormatException(
        file.toString(), "source of Java, expected .npz, .safetensors or .onnx to read");
  }

  @Override
  public Model read(InputStream in, String name) {
    throw new UnsupportedOperationException("no stream begins like a source of Java");
  }

  @Override
  public void write(Model model, Path file) throws IOException {
    String source = JavaSource.of(model, file.getFileName().toString());
    AtomicFile.write(file, out -> out.write(source.getBytes(StandardCharsets.US_ASCII)));
  }
}
