package dev.lanewise.format.internal;

import dev.lanewise.format.FormatException;

/**
 * Allocates memory for the elements that a file declares, or reports that the heap is too small.
 */
public final class Room {
  private Room() {}

  /** {@return a new array of bytes} */
  public static byte[] bytes(long count, String where) throws FormatException {
    if (count > Shapes.MAX_LENGTH) {
      throw new FormatException(
          where, count + " bytes, expected at most " + Shapes.MAX_LENGTH + " in memory");
    }
    return (byte[]) elements(1, (int) count, where);
  }

  /** {@return a new array of floats} */
  public static float[] floats(int count, String where) throws FormatException {
    return (float[]) allocate(Float.BYTES, true, count, where);
  }

  /**
   * {@return a new byte[], short[], int[] or long[]}
   *
   * @param size bytes per element: 1, 2, 4 or 8
   */
  public static Object elements(int size, int count, String where) throws FormatException {
    return allocate(size, false, count, where);
  }

  private static Object allocate(int size, boolean floats, int count, String where)
      throws FormatException {
    long bytes = (long) count * size;
    OutOfMemoryError full = null;
    if (bytes <= Runtime.getRuntime().maxMemory()) {
      try {
        return switch (size) {
          case 1 -> new byte[count];
          case 2 -> new short[count];
          case 4 -> floats ? new float[count] : new int[count];
          default -> new long[count];
        };
      } catch (OutOfMemoryError e) { // the other objects in the heap are not affected
        full = e;
      }
    }
    throw new FormatException(
        where, bytes + " bytes of data, expected no more than the heap holds (see -Xmx)", full);
  }
}
