package dev.lanewise.cli.verification;

/** The first difference between a run and its repetition, whichever network has it. */
final class Differences {
  /** The number of networks of the run. */
  final int networks;

  private volatile String first; // null: none yet
  private Integer epoch; // of the first difference; null before the first

  Differences(int networks) {
    this.networks = networks;
  }

  /** Returns the first difference in words; null if there is none. */
  String first() {
    return first;
  }

  /** Returns its epoch; null before the first. */
  synchronized Integer epoch() {
    return epoch;
  }

  /** Keeps the first difference. */
  synchronized void add(Integer where, String what) {
    if (first == null) {
      first = what;
      epoch = where;
    }
  }
}
