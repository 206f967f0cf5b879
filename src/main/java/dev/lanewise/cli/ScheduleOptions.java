package dev.lanewise.cli;

import dev.lanewise.train.Schedule;

/** {@code --schedule}, {@code --warmup}, and the options that some schedules have. */
final class ScheduleOptions {
  private ScheduleOptions() {}

  /** The schedule that the options describe. */
  static Schedule of(Arguments arguments, int trainingEpochs) {
    String name =
        arguments.choice(
            "schedule",
            "constant",
            "step",
            "exponential",
            "inverse",
            "cosine",
            "cosine-log",
            "plateau");
    int warmup = arguments.integer("warmup", Schedule.constant()::withWarmup);
    boolean plateau = name.equals("plateau");
    String usual =
        switch (name) {
          case "step" -> "100";
          case "plateau" -> "10";
          default -> Integer.toString(Math.max(1, trainingEpochs - warmup)); // all that are left
        };
    double number =
        arguments.number(
            "schedule-epochs",
            usual,
            n -> {},
            "schedule",
            "step",
            "cosine",
            "cosine-log",
            "plateau");
    int epochs =
        Double.isNaN(number)
            ? 1
            : arguments.integer(
                "schedule-epochs",
                plateau ? n -> Schedule.plateau(n, 0.5, 0) : n -> Schedule.step(n, 1));
    double factor =
        arguments.number(
            "schedule-factor",
            name.equals("exponential") ? "0.99" : "0.1",
            plateau ? f -> Schedule.plateau(0, f, 0) : Schedule::exponential,
            "schedule",
            "step",
            "exponential",
            "plateau");
    double decay =
        arguments.number("schedule-decay", "0.01", Schedule::inverse, "schedule", "inverse");
    double minimum =
        arguments.number(
            "schedule-minimum", "0", m -> Schedule.cosine(1, m), "schedule", "cosine", "plateau");
    Schedule schedule =
        switch (name) {
          case "step" -> Schedule.step(epochs, factor);
          case "exponential" -> Schedule.exponential(factor);
          case "inverse" -> Schedule.inverse(decay);
          case "cosine" -> Schedule.cosine(epochs, minimum);
          case "cosine-log" -> Schedule.cosineLog(epochs);
          case "plateau" -> Schedule.plateau(epochs, factor, minimum);
          default -> Schedule.constant();
        };
    return schedule.withWarmup(warmup);
  }
}
