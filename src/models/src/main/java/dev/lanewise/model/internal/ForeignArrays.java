package dev.lanewise.model.internal;

import dev.lanewise.format.NdArray;
import dev.lanewise.model.Model;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A reader of .npz files in which other programs named the arrays of a network, such as {@code
 * coefs_0} and {@code intercepts_0}. Providers are found by {@link java.util.ServiceLoader}.
 */
public interface ForeignArrays {
  /**
   * Tells whether a file with arrays of these names is a network of another program.
   *
   * @param names the names of all arrays
   * @return true if {@link #read} should read them
   */
  boolean isFor(List<String> names);

  /**
   * Makes a network from arrays.
   *
   * @param file the file, for errors
   * @param arrays all arrays by name
   * @param layers names of layers in their order; none: all layers in the order of their names
   * @return the network
   * @throws IOException if the arrays are not a network
   */
  Model read(String file, Map<String, NdArray> arrays, List<String> layers) throws IOException;
}
