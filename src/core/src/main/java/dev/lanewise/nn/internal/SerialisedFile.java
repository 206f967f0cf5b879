package dev.lanewise.nn.internal;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.SealedNpz;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.util.Map;

/**
 * What a stream of Java objects has in place of a value: the bytes of its .npz file, which are
 * checked like a file. Such streams are read by the version that wrote them.
 */
public abstract class SerialisedFile implements Serializable {
  private static final long serialVersionUID = 1L;

  private final byte[] npz;

  /**
   * Takes the place of a value.
   *
   * @param arrays those of its file
   */
  protected SerialisedFile(Map<String, NdArray> arrays) {
    npz = bytes(arrays);
  }

  /** {@return the bytes of a file with these arrays} */
  public static byte[] bytes(Map<String, NdArray> arrays) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      SealedNpz.write(out, arrays);
      return out.toByteArray();
    } catch (IOException e) {
      throw new AssertionError("memory takes all", e);
    }
  }

  /** {@return the value of an open file} */
  protected abstract Object read(SealedNpz file) throws IOException;

  /** {@return the value} */
  protected final Object readResolve() throws ObjectStreamException {
    try (SealedNpz file = SealedNpz.open(new ByteArrayInputStream(npz), "serialised", false)) {
      return read(file);
    } catch (IOException | RuntimeException e) {
      InvalidObjectException invalid = new InvalidObjectException(e.getMessage());
      invalid.initCause(e);
      throw invalid;
    }
  }

  /** {@return the error for a stream with the fields of a class, which this class never writes} */
  public static InvalidObjectException missing() {
    return new InvalidObjectException("fields of a model, expected the bytes of its file");
  }
}
