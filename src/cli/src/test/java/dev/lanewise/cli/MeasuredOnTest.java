package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.cli.inputs.Subject;
import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.Usage;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Result.Decided;
import dev.lanewise.cli.print.Result.MeasuredOn;
import dev.lanewise.model.Calibration;
import dev.lanewise.model.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
  @TempDir Path directory;

  private static MeasuredOn rows(Object... words) throws IOException {
    PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
    List<String> options = List.of(words).stream().map(String::valueOf).toList();
    Arguments arguments = new Arguments(Usage.of("evaluate"), options);
    return Subject.load(arguments, new Output(nowhere, nowhere, true, false), false).measuredOn();
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
            "train --preset course --epochs 1 --group who --calibration-fraction 0.2",
            table,
            "--target kind --out",
            run)
        .ok();
    Path calibrated = directory.resolve("calibrated.npz");
    Model model = Model.load(run.resolve("nn_model.npz"));
    model.withCalibration(Optional.of(Calibration.temperature(2))).save(calibrated);
    assertEquals(new MeasuredOn(Set.of(Decided.WEIGHTS), true), rows(run, "--split=train"));
    assertEquals(new MeasuredOn(Set.of(Decided.EPOCH), true), rows(run, "--split=valid"));
    assertEquals(new MeasuredOn(Set.of(), true), rows(run, "--split=test"));
    assertEquals(new MeasuredOn(Set.of(), true), rows(run, "--split=calibration"));
    assertEquals(
        new MeasuredOn(Set.of(Decided.TEMPERATURE), true),
        rows(calibrated, table, "--split=calibration"));
    Run.line("evaluate", run, "--split=all --json").ok().says("\"split\":\"all\",\"rows\":200,");
    Run.line("evaluate", run, "--split=all")
        .ok(
            "test and calibration ",
            "No 95% intervals: the model was trained on some of these rows")
        .says(" Test -");
    Path others = Files.writeString(directory.resolve("others.csv"), text + "99,1,a\n");
    assertEquals(new MeasuredOn(Set.of(), true), rows(run, others)); // it has the column who
    Path without = Files.writeString(directory.resolve("without.csv"), "x,kind\n1,a\n5,b\n");
    assertEquals(new MeasuredOn(Set.of(), false), rows(run, without));
  }
}
