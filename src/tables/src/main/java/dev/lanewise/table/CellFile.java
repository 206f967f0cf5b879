package dev.lanewise.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.StandardOpenOption;

/**
 * A temporary file with the cells of a table that is larger than memory: blocks of rows, column by
 * column, with eight bytes per cell. Cells are written before the file is mapped, as writing to a
 * mapping on a full disk would end the JVM.
 */
final class CellFile {
  /** Maximum number of rows per block. */
  private static final int MOST_ROWS = 1 << 14;

  private static final int MOST_CELLS = 1 << 22;

  /** Bytes of memory for tables per cell of a block, so that a block is a small part of it. */
  private static final int SHARE = 32;

  private final SpillFile beside;
  private final FileChannel channel;
  private final int columns;
  private final int shift; // row >>> shift is the block
  private final ByteBuffer buffer; // for one column of a block
  private DoubleBuffer[] blocks; // null until all is written

  /** Creates the file next to the file of the encoded rows. */
  CellFile(SpillFile beside, int columns, long memory) {
    this.columns = columns;
    this.beside = beside;
    long most = Math.max(1, Math.min(MOST_ROWS, Math.min(memory / SHARE, MOST_CELLS) / columns));
    shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(most);
    buffer = ByteBuffer.allocateDirect(Double.BYTES << shift).order(ByteOrder.nativeOrder());
    try {
      channel =
          FileChannel.open(
              beside.unused(),
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException e) {
      throw wrong(e);
    }
  }

  /** Creates an empty file next to this one, for the cells of one column. */
  CellFile ofOneColumn() {
    return new CellFile(beside, 1, SpillFile.memory());
  }

  private UncheckedIOException wrong(IOException e) {
    return new UncheckedIOException(beside.unwritable(e));
  }

  int rows() {
    return 1 << shift;
  }

  /** Writes a column of a block, fewer rows of the last one; the columns come in their order. */
  void write(double[] cells, int from, int count) {
    buffer.clear().asDoubleBuffer().put(cells, from, count);
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw wrong(e);
    }
  }

  /** Maps the blocks for reading. */
  void map() {
    map(1 << 30);
  }

  /** Maps the blocks, with a maximum number of bytes per mapping, but at least one block. */
  void map(int most) {
    int bytes = columns * Double.BYTES << shift;
    int blocksOfMap = Math.max(1, most / bytes);
    try (channel) {
      long size = channel.size();
      blocks = new DoubleBuffer[(int) (size / bytes)];
      for (int b = 0; b < blocks.length; b += blocksOfMap) {
        int count = Math.min(blocksOfMap, blocks.length - b);
        ByteBuffer map =
            channel
                .map(MapMode.READ_ONLY, (long) b * bytes, (long) count * bytes)
                .order(ByteOrder.nativeOrder());
        DoubleBuffer doubles = map.asDoubleBuffer();
        for (int i = 0; i < count; i++) {
          blocks[b + i] = doubles.slice(i * (bytes / Double.BYTES), bytes / Double.BYTES);
        }
      }
    } catch (IOException e) {
      throw wrong(e);
    }
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Unwritten bytes do not matter any more.
    }
  }

  double cell(int row, int column) {
    return blocks[row >>> shift].get((column << shift) + (row & (1 << shift) - 1));
  }
}
