package dev.lanewise.selection;

import static dev.lanewise.Refusals.unreadable;
import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.FormatException;
import dev.lanewise.selection.internal.TrialFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file with the results of a search, also after a kill in the middle of a line. */
class TrialFileTest {
  private static final List<String> OPTIONS = List.of("hidden", "learningRate");

  private static final List<Trial> TRIALS =
      List.of(
          new Trial(1, 10, Map.of("hidden", "8,8", "learningRate", "0.1"), 3, 0.1 + 0.2, 1, "ab"),
          new Trial(2, 10, Map.of("hidden", "8"), -1, Double.NaN, Double.NaN, ""),
          new Trial(3, 30, Map.of("hidden", "8,8", "learningRate", "0.1"), 29, 5e-9, -2.5, "cd"));

  private static final String TEXT =
      """
      trial,rung,epochs,hidden,eta,best_epoch,validation_loss,validation_r2,sha256
      1,1,10,"8,8",0.1,3,0.30000000000000004,1,ab
      2,1,10,8,,,,,
      3,1,30,"8,8",0.1,29,5E-9,-2.5,cd
      """;

  @TempDir private Path directory;

  private TrialFile file() {
    return new TrialFile(directory.resolve("trials.csv"), OPTIONS, "r2");
  }

  private void write(List<Trial> trials) throws IOException {
    TrialFile file = file();
    file.read();
    for (Trial trial : trials) {
      file.append(trial);
    }
  }

  @Test
  void linesAreWholeAndInOrder() throws IOException {
    assertEquals(List.of(), file().read());
    write(TRIALS);
    assertEquals(TEXT, Files.readString(file().file()));
    assertEquals(TRIALS, file().read());
  }

  @Test
  void aTornLineIsDroppedAndWrittenAgain() throws IOException {
    for (int length = 0; length <= TEXT.length(); length++) {
      Files.writeString(file().file(), TEXT.substring(0, length));
      List<Trial> read = file().read();
      assertEquals(TRIALS.subList(0, read.size()), read);
      write(TRIALS.subList(read.size(), TRIALS.size()));
      assertEquals(TEXT, Files.readString(file().file()));
    }
  }

  @Test
  void changedLinesAreRefused() throws IOException {
    for (String[] change :
        new String[][] {
          {"5E-9", "5e-9"},
          {"1,ab", "1,a\"b"},
          {"1,ab", "1," + "\"".repeat(100_001)}, // more pairs than the stack has frames
          {",0.1,3", ",0.1"},
          {"2,1,10", "x,1,10"},
          {"0.30000000000000004", "0.300000000000000043"},
          {"8,,,,,", "8,,,,"},
          {"-2.5,", ",,"}
        }) {
      assertTrue(TEXT.contains(change[0]));
      Files.writeString(file().file(), TEXT.replace(change[0], change[1]));
      unreadable(file()::read, "trials.csv: line ");
    }
    TrialFile other = new TrialFile(file().file(), List.of("hidden"), "r2");
    assertContains(assertThrows(FormatException.class, other::read).getMessage(), "columns trial,");
  }

  @Property(tries = 300)
  void numbersAreReadBackToTheBit(@ForAll double loss, @ForAll double score) throws IOException {
    Path file = Files.createTempFile("trials", ".csv");
    Files.delete(file);
    Trial trial =
        new Trial(1, 1, Map.of(), 0, loss == 0 ? 0.0 : loss, score == 0 ? 0.0 : score, "a");
    new TrialFile(file, List.of(), "accuracy").append(trial);
    Trial read = new TrialFile(file, List.of(), "accuracy").read().get(0);
    Files.delete(file);
    assertEquals(trial, read);
  }
}
