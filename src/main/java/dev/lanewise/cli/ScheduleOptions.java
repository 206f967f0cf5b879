package dev.lanewise.cli;

import dev.lanewise.train.Schedule;

/** {@code --schedule}, {@code --warmup}, and the options that some schedules have. */
final class ScheduleOptions {
  private ScheduleOptions() {}

  /** The schedule that the options describe. */
  static Schedule of(Arguments arguments, int trainingEpochs) {
    String name =
        arguments.choice(
            "schedule", "constant", "step", "exponential", "inverse", "cosine", "plateau");
    int warmup = arguments.integer("warmup", 0, Integer.MAX_VALUE);
    boolean plateau = name.equals("plateau");
    String usual =
        switch (name) {
          case "step" -> "100";
          case "plateau" -> "10";
          default -> Integer.toString(Math.max(1, trainingEpochs - warmup)); // all that are left
        };
    double number =
        arguments.number("schedule-epochs", usual, "schedule", "step", "cosine", "plateau");
    int epochs =
        Double.isNaN(number)
            ? 1
            : arguments.integer("schedule-epochs", plateau ? 0 : 1, Integer.MAX_VALUE);
    usual = name.equals("exponential") ? "0.99" : "0.1";
    double factor =
        arguments.number("schedule-factor", usual, "schedule", "step", "exponential", "plateau");
    if (factor <= 0 || factor > 1 || (plateau && factor == 1)) {
      throw arguments.wrong(
          "schedule-factor", "a number above 0 and " + (plateau ? "below 1" : "at most 1"));
    }
    double decay = notNegative(arguments, "schedule-decay", "0.01", "inverse");
    double minimum = notNegative(arguments, "schedule-minimum", "0", "cosine", "plateau");
    Schedule schedule =
        switch (name) {
          case "step" -> Schedule.step(epochs, factor);
          case "exponential" -> Schedule.exponential(factor);
          case "inverse" -> Schedule.inverse(decay);
          case "cosine" -> Schedule.cosine(epochs, minimum);
          case "plateau" -> Schedule.plateau(epochs, factor, minimum);
          default -> Schedule.constant();
        };
    return schedule.withWarmup(warmup);
  }

  private static double notNegative(
      Arguments arguments, String option, String usual, String... schedules) {
    double value = arguments.number(option, usual, "schedule", schedules);
    return Double.isNaN(value) ? value : arguments.notNegative(option);
  }
}
