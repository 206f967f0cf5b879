package dev.lanewise.nn.internal;

import dev.lanewise.format.internal.Fields;
import java.io.IOException;

/**
 * Reads the further inputs of a network: a service of lanewise-models, which is looked for when a
 * file has such inputs.
 */
public interface FurtherInputsReader {
  /**
   * Reads the inputs.
   *
   * @param file a file that has them
   * @return the inputs
   * @throws IOException if the arrays are not those of further inputs
   */
  FurtherInputs read(Fields file) throws IOException;
}
