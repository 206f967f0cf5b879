package dev.lanewise.format.internal;

import dev.lanewise.format.FormatException;

/** Memory for as many elements as a file declares, or the error that there is not so much. */
public final class Room {
  private Room() {}

  /**
   * Allocates bytes.
   *
   * @param count how many
   * @param where the file, for errors
   * @return the array
   * @throws FormatException if the heap is too small
   */
  public static byte[] bytes(long count, String where) throws FormatException {
    if (count > Shapes.MAX_LENGTH) {
      throw new FormatException(
          where, count + " bytes, expected at most " + Shapes.MAX_LENGTH + " in memory");
    }
    return (byte[]) elements(1, (int) count, where);
  }

  /**
   * Allocates floats.
   *
   * @param count how many
   * @param where the file, for errors
   * @return the array
   * @throws FormatException if the heap is too small
   */
  public static float[] floats(int count, String where) throws FormatException {
    return (float[]) allocate(Float.BYTES, true, count, where);
  }

  /**
   * Allocates elements of one size.
   *
   * @param size bytes per element: 1, 2, 4 or 8
   * @param count how many
   * @param where the file, for errors
   * @return byte[], short[], int[] or long[]
   * @throws FormatException if the heap is too small
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
      } catch (OutOfMemoryError e) { // of this one array: what the heap holds is untouched
        full = e;
      }
    }
    throw new FormatException(
        where, bytes + " bytes of data, expected no more than the heap holds (see -Xmx)", full);
  }
}
