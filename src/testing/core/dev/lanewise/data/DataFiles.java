package dev.lanewise.data;

import dev.lanewise.Stored;
import dev.lanewise.data.internal.ByteRows;
import dev.lanewise.data.internal.RowRange;
import dev.lanewise.data.internal.RowSource;
import dev.lanewise.data.internal.SelectedRows;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Helpers for tests of data sets. */
public final class DataFiles {
  private DataFiles() {}

  /** Returns the path of a golden file. */
  public static Path golden(String name) {
    return Stored.file(DataFiles.class, name);
  }

  /** Writes an .npz file of arrays, whose names are given with a blank between two. */
  public static Path npz(Path directory, String names, NdArray... arrays) throws IOException {
    Map<String, NdArray> named = new LinkedHashMap<>();
    for (String name : names.split(" ")) {
      named.put(name, arrays[named.size()]);
    }
    Path file = directory.resolve("data.npz");
    Npz.write(file, named);
    return file;
  }

  /** Returns all rows of a split, scaled. */
  public static float[] rows(Rows split) {
    float[] all = new float[split.rows() * split.features()];
    split.copyRows(null, 0, split.rows(), all, 0);
    return all;
  }

  /** Returns all labels of a split. */
  public static int[] labels(Rows split) {
    int[] all = new int[split.rows()];
    split.copyLabels(null, 0, split.rows(), all, 0);
    return all;
  }

  /** Returns whether a split stores its rows as bytes. */
  public static boolean keepsBytes(Rows split) {
    RowSource source = RowRange.of(split).source();
    return (source instanceof SelectedRows some ? some.all() : source) instanceof ByteRows;
  }
}
