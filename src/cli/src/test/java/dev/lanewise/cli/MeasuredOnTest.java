package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.files.Subject;
import dev.lanewise.files.Subject.Decided;
import dev.lanewise.model.Calibration;
import dev.lanewise.model.Model;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Usage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what is known of the rows on which figures are measured. */
class MeasuredOnTest {
  private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());
  private static final Output SILENT = new Output(NOWHERE, NOWHERE, true, false);

  @TempDir Path directory;

  private static Subject subject(Object... words) throws IOException {
    List<String> options = List.of(words).stream().map(String::valueOf).toList();
    return Subject.load(new Arguments(Usage.of("evaluate"), options), SILENT, false);
  }

  private static Set<Decided> rows(Object... words) throws IOException {
    return subject(words).decided();
  }

  @Test
  void splitsSayWhatTheirRowsDecided() throws IOException {
    StringBuilder text = new StringBuilder("who,x,kind\n");
    for (int row = 0; row < 200; row++) {
      text.append(row / 4).append(',').append(row % 7).append(row % 7 < 3 ? ",a\n" : ",b\n");
    }
    Path table = Files.writeString(directory.resolve("table.csv"), text);
    Path run = directory.resolve("run");
    Run.line(
            "train --preset course --epochs 1 --group who --calibration-fraction 0.2 %s --target kind --out %s",
            table, run)
        .ok();
    Path calibrated = directory.resolve("calibrated.npz");
    Model model = Model.load(run.resolve("nn_model.npz"));
    model.withCalibration(Optional.of(Calibration.temperature(2))).save(calibrated);
    assertEquals(Set.of(Decided.WEIGHTS), rows(run, "--split=train"));
    assertEquals(Set.of(Decided.EPOCH), rows(run, "--split=valid"));
    assertEquals(Set.of(), rows(run, "--split=test"));
    assertEquals(Set.of(), rows(run, "--split=calibration"));
    assertEquals(Set.of(Decided.TEMPERATURE), rows(calibrated, table, "--split=calibration"));
    Run.line("evaluate", run, "--split=all --json").ok().says("\"split\":\"all\",\"rows\":200,");
    Run.line("evaluate", run, "--split=all")
        .ok(
            "test and calibration ",
            "No 95% intervals: the model was trained on some of these rows")
        .says(" Test -");
    Path others = Files.writeString(directory.resolve("others.csv"), text + "99,1,a\n");
    assertEquals(Set.of(), rows(run, others)); // it has the column who
    Path without = Files.writeString(directory.resolve("without.csv"), "x,kind\n1,a\n5,b\n");
    assertEquals(Set.of(), rows(run, without));
  }
}
