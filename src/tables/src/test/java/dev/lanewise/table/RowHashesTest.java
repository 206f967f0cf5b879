package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.DataFiles;
import dev.lanewise.data.Dataset;
import dev.lanewise.format.NdArray;
import dev.lanewise.rows.Division;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model recognises its training file, even if an earlier version trained it. */
class RowHashesTest {
  @TempDir Path directory;

  private static String digest(Dataset data) {
    return Division.of(data).map(Division::digest).orElseThrow();
  }

  /** The table has numbers, words, dates and gaps. */
  @Test
  void tables() throws IOException {
    StringBuilder text = new StringBuilder("x,word,day,y\n");
    for (int i = 0; i < 40; i++) {
      text.append(i % 9 == 3 ? "" : i % 9 == 4 ? "-0" : "" + i * 0.37).append(',');
      text.append("word").append(i % 3).append(",2024-05-").append(10 + i % 20).append(',');
      text.append(i % 2 == 0 ? "no\n" : "yes\n");
    }
    Path file = Files.writeString(directory.resolve("table.csv"), text);
    assertEquals(
        "160e72a685276c3c27e2da1b8496c38f04515dd438bf0224a5690bde494f668c",
        digest(Datasets.load(file)));
  }

  /** Few rows are all examined, and of many rows a sample. */
  @Test
  void arrays() throws IOException {
    String[] expected = {
      "f33752d5cc0fef6fcee2b4bc1f6ec08ab89df38b2ffabf48457a297eddfb01a8",
      "26ec6b39ad87c513fea64165b0b2c068d8e4c66e4acf424fe9e08429fb60678c"
    };
    int[] rows = {30, 3000};
    for (int n = 0; n < 2; n++) {
      double[] values = new double[rows[n] * 2];
      int[] labels = new int[rows[n]];
      for (int i = 0; i < values.length; i++) {
        values[i] = i % 37 * 0.25;
        labels[i / 2] = i / 2 % 3;
      }
      NdArray x = NdArray.of(values, rows[n], 2);
      Path file = DataFiles.npz(directory, "x y", x, NdArray.of(labels, rows[n]));
      assertEquals(expected[n], digest(Datasets.load(file)));
    }
  }
}
