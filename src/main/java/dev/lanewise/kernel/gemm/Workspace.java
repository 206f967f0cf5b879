package dev.lanewise.kernel.gemm;

/**
 * Memory that the products of one thread share: each needs it for as long as it is computed. The
 * products say how much they need when they are made, and the memory comes with the first use.
 */
public final class Workspace {
  private int length;
  private float[] floats;

  /** Makes a workspace that nobody needs yet. */
  public Workspace() {}

  /**
   * Asks for memory.
   *
   * @param values how many floats must be there
   */
  public void require(int values) {
    if (values > length) {
      length = values;
      floats = null;
    }
  }

  /**
   * The memory, whose contents any product overwrites.
   *
   * @return at least as many floats as were required
   */
  public float[] floats() {
    if (floats == null) {
      floats = new float[length];
    }
    return floats;
  }
}
