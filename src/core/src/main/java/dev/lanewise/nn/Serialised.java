package dev.lanewise.nn;

import dev.lanewise.format.SealedNpz;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.Serializable;

/**
 * Replaces a network, a model or a schema in Java serialization by the bytes of its file with their
 * checksum, so that a stream depends on the file format, not on the fields of a class.
 *
 * @param type the class of the object
 * @param npz the file
 */
record Serialised(Class<? extends Serializable> type, byte[] npz) implements Serializable {
  private Object readResolve() throws ObjectStreamException {
    try (SealedNpz file = SealedNpz.open(new ByteArrayInputStream(npz), "serialised", false)) {
      if (type == Schema.class) {
        return ModelFile.schema(file);
      }
      Model model = ModelFile.read(file);
      return type == Mlp.class ? Mlp.only(model, "serialised") : model;
    } catch (IOException | RuntimeException e) {
      InvalidObjectException invalid = new InvalidObjectException(e.getMessage());
      invalid.initCause(e);
      throw invalid;
    }
  }

  /** Returns the error for a stream with the fields of a class, which this class never writes. */
  static InvalidObjectException missing() {
    return new InvalidObjectException("fields of a model, expected the bytes of its file");
  }
}
