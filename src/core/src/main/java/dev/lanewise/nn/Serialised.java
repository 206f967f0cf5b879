package dev.lanewise.nn;

import dev.lanewise.format.SealedNpz;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.Serializable;

/**
 * What stands for a model or a schema in a stream of objects: the bytes of its file, with their
 * checksum. A stream thus depends on the file format, not on the fields of a class.
 *
 * @param npz the file
 * @param isSchema whether it is a schema alone
 */
record Serialised(byte[] npz, boolean isSchema) implements Serializable {
  private Object readResolve() throws ObjectStreamException {
    try (SealedNpz file = SealedNpz.open(new ByteArrayInputStream(npz), "serialised", false)) {
      return isSchema ? ModelFile.schema(file) : Mlp.load(file);
    } catch (IOException | RuntimeException e) {
      InvalidObjectException invalid = new InvalidObjectException(e.getMessage());
      invalid.initCause(e);
      throw invalid;
    }
  }

  /** A stream with the fields of a class was not written by it. */
  static InvalidObjectException missing() {
    return new InvalidObjectException("fields of a model, expected the bytes of its file");
  }
}
