package dev.lanewise.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.StandardOpenOption;

/**
 * The cells of a table that are too many for memory, eight bytes each, in a file that goes when
 * this does: blocks of rows, column by column. They are written, not mapped, at first, for of a
 * full disk a mapping would tell by ending the JVM.
 */
final class CellFile {
  /** So many rows are a block, if they are not too many cells. */
  private static final int MOST_ROWS = 1 << 14;

  private static final int MOST_CELLS = 1 << 22;

  /** Bytes of memory for each cell of a block, so that this is a small share of it. */
  private static final int SHARE = 32;

  private final TableCache beside;
  private final FileChannel channel;
  private final int columns;
  private final int shift; // by which a row's number is that of its block
  private final ByteBuffer buffer; // of a block's column
  private LongBuffer[] blocks; // once all is written

  /** A file beside that of the encoded rows. */
  CellFile(TableCache beside, int columns, long memory) {
    this.columns = columns;
    this.beside = beside;
    long most = Math.max(1, Math.min(MOST_ROWS, Math.min(memory / SHARE, MOST_CELLS) / columns));
    shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(most);
    buffer = ByteBuffer.allocateDirect(Long.BYTES << shift).order(ByteOrder.nativeOrder());
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

  private UncheckedIOException wrong(IOException e) {
    return new UncheckedIOException(beside.unwritable(e));
  }

  /** The rows of a block. */
  int rows() {
    return 1 << shift;
  }

  /** Writes a block; the rows of its columns, which may be fewer, are the first from a row on. */
  void write(TableColumn[] all, int from, int count) {
    try {
      for (TableColumn column : all) {
        column.put(from, count, buffer.clear().asLongBuffer());
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      }
    } catch (IOException e) {
      throw wrong(e);
    }
  }

  /** Makes the blocks ready to be read. */
  void map() {
    map(1 << 30);
  }

  /** The same in maps of at most so many bytes, or of one block. */
  void map(int most) {
    int bytes = columns * Long.BYTES << shift;
    int blocksOfMap = Math.max(1, most / bytes);
    try (channel) {
      long size = channel.size();
      blocks = new LongBuffer[(int) (size / bytes)];
      for (int b = 0; b < blocks.length; b += blocksOfMap) {
        int count = Math.min(blocksOfMap, blocks.length - b);
        ByteBuffer map =
            channel
                .map(MapMode.READ_ONLY, (long) b * bytes, (long) count * bytes)
                .order(ByteOrder.nativeOrder());
        LongBuffer longs = map.asLongBuffer();
        for (int i = 0; i < count; i++) {
          blocks[b + i] = longs.slice(i * (bytes / Long.BYTES), bytes / Long.BYTES);
        }
      }
    } catch (IOException e) {
      throw wrong(e);
    }
  }

  /** Gives the file up, unless it is mapped. */
  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nobody needs what it may not have written.
    }
  }

  /** A cell. */
  long bits(int row, int column) {
    return blocks[row >>> shift].get((column << shift) + (row & (1 << shift) - 1));
  }
}
