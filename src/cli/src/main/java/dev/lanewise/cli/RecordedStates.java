package dev.lanewise.cli;

import java.io.IOException;
import java.util.List;

/** The digests of the state after every epoch, in the record of a network. */
final class RecordedStates {
  static final String STATES = "states";

  private RecordedStates() {}

  /** Refuses a run without a digest of the state after each epoch. */
  static void require(RunRecord network) throws IOException {
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
  static Problem none(RunRecord network) {
    return Problem.failure(
        "%s: no %s, expected the digest of the state after every epoch, which train --provable"
            + " records",
        network.file(), STATES);
  }
}
