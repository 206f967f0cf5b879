package dev.lanewise.kernel.gemm;

/**
 * Memory that the products of one thread share, because each needs it only while it is computed.
 * Products state their needs when they are made; the memory is allocated at the first use.
 */
public final class Workspace {
  private int length;
  private float[] floats;

  /** Makes an empty workspace. */
  public Workspace() {}

  /**
   * Asks for a minimum of memory.
   *
   * @param values the minimum number of floats
   */
  public void require(int values) {
    if (values > length) {
      length = values;
      floats = null;
    }
  }

  /** {@return the memory, whose contents any product may overwrite} */
  public float[] floats() {
    if (floats == null) {
      floats = new float[length];
    }
    return floats;
  }
}
