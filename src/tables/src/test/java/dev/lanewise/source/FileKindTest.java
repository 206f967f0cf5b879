package dev.lanewise.source;

import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.TestFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileKindTest {
  private static final byte[] TEXT = utf8("5.1,3.5,Iris-setosa\n");
  private static final byte[] IDX = {0, 0, 8, 1, 0, 0, 0, 1, 7};
  private static final byte[] BINARY = {'B', 'I', 'N', '1', 21, 0, 21, -100};

  @TempDir Path directory;

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void assertKind(FileKind expected, byte[] content, String... names) throws IOException {
    for (String name : names) {
      assertEquals(expected, FileKind.of(TestFiles.write(directory, name, content)), name);
    }
  }

  @Test
  void textIsATableWhateverItsName() throws IOException {
    String[] names = {
      "iris.data", "a.csv", "a.tsv", "a.txt", "a", "a.gz", "A.CSV", "npz", "a.CSV.GZ"
    };
    assertKind(FileKind.CSV, TEXT, names);
    assertKind(FileKind.CSV, TestFiles.gzip(TEXT), names);
    assertKind(FileKind.CSV, utf8("\ufeffa\tb\r\n\u00e4\t\"\ud83d\ude00\"\r"), names);
    assertKind(FileKind.CSV, utf8("x"), names);
    assertKind(FileKind.CSV, utf8("PK,a\n1,2\n"), names);
    assertKind(FileKind.CSV, utf8("a b\n1 2\n"), names);
  }

  /** Such text counts as a table, so that the reader's error names the byte that is not UTF-8. */
  @Test
  void textInOtherEncodingsIsATable() throws IOException {
    for (String encoding : new String[] {"ISO-8859-1", "UTF-16", "UTF-16LE", "UTF-32"}) {
      String mark = encoding.equals("UTF-16LE") ? "\ufeff" : "";
      mark = encoding.equals("UTF-32") ? "\ufeff" : mark;
      byte[] bytes = (mark + "caf\u00e9,1\n").getBytes(Charset.forName(encoding));
      assertKind(FileKind.CSV, bytes, "a.txt", "a");
      assertKind(FileKind.CSV, TestFiles.gzip(bytes), "a.txt.gz", "a");
    }
  }

  /** The kind follows from the name here, so that the reader's error says what is wrong. */
  @Test
  void theNameCountsWhereTheContentDoesNotTell() throws IOException {
    assertKind(FileKind.UNKNOWN, TEXT, "a.npz", "a.npy", "A.NPZ");
    assertKind(FileKind.GZIP, TestFiles.gzip(TEXT), "a.npz", "a.npy");
    assertKind(FileKind.CSV, BINARY, "a.csv", "a.tsv", "a.TSV");
    assertKind(FileKind.CSV, TestFiles.gzip(BINARY), "a.csv.gz", "a.tsv.gz");
    assertKind(FileKind.CSV, Arrays.copyOf(TestFiles.gzip(TEXT), 12), "a.csv.gz");
    assertKind(FileKind.GZIP, Arrays.copyOf(TestFiles.gzip(TEXT), 12), "a.gz");
  }

  @Test
  void magicBytesCountWhateverTheName() throws IOException {
    String[] names = {"a.csv", "a.txt", "a.npz", "a"};
    assertKind(FileKind.NPZ, TestFiles.zip("x.npy", TEXT, false), names);
    assertKind(FileKind.NPY, TestFiles.npy("<f4", "(1,)", 4), names);
    assertKind(FileKind.IDX, IDX, names);
    assertKind(FileKind.GZIP, TestFiles.gzip(IDX), "a.gz", "a.txt", "a.npz", "a");
  }

  @Test
  void otherBytesAreUnknown() throws IOException {
    String[] names = {"a.parquet", "a.txt", "a.npz", "a"};
    assertKind(FileKind.UNKNOWN, BINARY, names);
    assertKind(FileKind.UNKNOWN, utf8("a\0b\n"), names);
    assertKind(FileKind.GZIP, TestFiles.gzip(BINARY), names);
    assertKind(FileKind.GZIP, TestFiles.gzip(new byte[0]), names);
    assertKind(FileKind.UNKNOWN, utf8("bell \u0007\n"), names);
    assertKind(FileKind.UNKNOWN, new byte[] {0}, names);
    byte[] late = utf8("a,b\n".repeat(1000));
    late[3990] = 1;
    assertKind(FileKind.UNKNOWN, late, names);
  }

  @Test
  void otherFormatsOfTablesAreRefused() throws IOException {
    Map<String, String> beginnings = new LinkedHashMap<>(); // in Latin-1
    beginnings.put("\u00d0\u00cf\u0011\u00e0\u00a1\u00b1", "an Excel workbook");
    beginnings.put("PAR1\u0015\4", "a Parquet file");
    beginnings.put("ARROW1\0\0", "a Feather file");
    beginnings.put("SQLite format 3\0", "an SQLite database");
    beginnings.put("\u0089HDF\r\n\u001a\n", "an HDF5 file");
    beginnings.put("\u0080\2]q", "a pickle of Python, which could run code");
    beginnings.put("\u0080\5\u0095\1", "a pickle of Python, which could run code");
    beginnings.put("BZh91AY&SY\0", "something compressed by bzip2");
    beginnings.put("\u00fd7zXZ\0", "something compressed by xz");
    beginnings.put("(\u00b5/\u00fd\4", "something compressed by Zstandard");
    for (Map.Entry<String, String> each : beginnings.entrySet()) {
      byte[] bytes = each.getKey().getBytes(StandardCharsets.ISO_8859_1);
      Path file = Files.write(directory.resolve("a.dat"), bytes);
      String message = assertThrows(FormatException.class, () -> FileKind.of(file)).getMessage();
      String said = each.getValue() + ", expected a table as text: save it as CSV in UTF-8";
      assertEquals(file + ": " + said, message);
    }
    for (String text :
        new String[] {"[[1, 2]]", "[ {\"a\": 1}]", "{\"a\": 1}", "<?xml?>", "<HTML>"}) {
      ByteArrayInputStream in = new ByteArrayInputStream(utf8(text));
      assertThrows(FormatException.class, () -> Csv.open(in, "stdin", CsvFormat.detect()), text);
    }
    assertKind(FileKind.CSV, utf8("[1],{a},<b>\n"), "a.csv"); // no other format
  }

  @Test
  void aLoopOfLinksIsNamed() throws IOException {
    Path one = directory.resolve("one");
    Path other = Files.createSymbolicLink(directory.resolve("other"), one);
    Files.createSymbolicLink(one, other);
    for (Path file : new Path[] {one, one.resolve("table.csv")}) {
      unreadable(() -> FileKind.of(file), file + ": a loop of links, expected a data file");
    }
  }
}
