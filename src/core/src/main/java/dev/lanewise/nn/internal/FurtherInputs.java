package dev.lanewise.nn.internal;

import dev.lanewise.engine.internal.Expansion;
import dev.lanewise.format.NdArray;
import java.util.Map;

/** Inputs of a network that are computed of its features, such as bins; has {@code equals}. */
public interface FurtherInputs extends Expansion {
  /** {@return the arrays of a file that say so} */
  Map<String, NdArray> arrays();
}
