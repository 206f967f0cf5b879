package dev.lanewise.cli.training;

import dev.lanewise.cli.print.Problem;
import dev.lanewise.cli.runs.RecordDifference;
import dev.lanewise.cli.runs.RunRecord;
import java.io.IOException;
import java.util.List;

/** The digests of the state after every epoch, in the record of a network. */
public final class RecordedStates {
  public static final String STATES = "states";

  private RecordedStates() {}

  /** Refuses a run without a digest of the state after each epoch. */
  public static void require(RunRecord network) throws IOException {
    List<?> states = network.get(List.class, STATES);
    if (states == null) {
      throw none(network);
    }
    int epochs = network.number("epochs", -1);
    if (states.size() != epochs) {
      throw Problem.failure(
          "%s: %s %s, expected one for each of %s epochs",
          network.file(), states.size(), STATES, epochs);
    }
    for (Object state : states) {
      if (!("" + state).matches("[0-9a-f]{64}")) {
        throw Problem.failure(
            "%s: %s has %s, expected digests of 64 hexadecimal digits",
            network.file(), STATES, RecordDifference.brief(state));
      }
    }
  }

  /** Returns the refusal of a record without states. */
  public static Problem none(RunRecord network) {
    return Problem.failure(
        "%s: no %s, expected the digest of the state after every epoch, which train --provable"
            + " records",
        network.file(), STATES);
  }
}
