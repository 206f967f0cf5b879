package dev.lanewise.cli;

import dev.lanewise.kernel.KernelChoice;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the command that is meant, runs it and reports what went wrong. */
final class Program {
  static final List<Command> COMMANDS =
      List.of(
          new TrainCommand(),
          new EvaluateCommand(),
          new PredictCommand(),
          new UncertainCommand(),
          new CheckCommand(),
          new InspectCommand(),
          new InfoCommand());

  /** Commands of later versions. */
  private static final Set<String> LATER = Set.of("convert");

  private final PrintStream out;
  private final PrintStream err;

  Program(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Runs the command and returns the exit code; never throws. */
  int run(String... words) {
    boolean debug = Arrays.asList(words).contains("--debug");
    try {
      return dispatch(List.of(words));
    } catch (IOException | RuntimeException | Error e) {
      return Errors.report(e, debug, err);
    }
  }

  private int dispatch(List<String> words) throws IOException {
    if (words.isEmpty()) {
      throw Problem.usage("no command, expected one of " + names() + "; see lanewise --help");
    }
    String name = words.get(0);
    switch (name) {
      case "--help" -> {
        return print(Help.ofProgram(COMMANDS));
      }
      case "--version" -> {
        return print("lanewise " + Version.text() + "\n");
      }
      default -> {
        Command command = command(name);
        Arguments arguments = ArgumentParser.parse(command.usage(), words.subList(1, words.size()));
        return arguments.has("help")
            ? print(Help.ofCommand(command.usage()))
            : run(command, arguments);
      }
    }
  }

  private int run(Command command, Arguments arguments) throws IOException {
    checkKernels();
    arguments.choice("progress", "auto", "on", "off");
    arguments.threads();
    Output output = new Output(out, err, arguments.has("quiet"), arguments.has("json"));
    Interruption interruption = Interruption.listen(output);
    int code;
    try {
      code = command.run(arguments, output, interruption);
      code = output.finish() ? code : ExitCode.FAILED;
    } finally {
      interruption.close();
    }
    return interruption.requested() ? ExitCode.INTERRUPTED : code;
  }

  private int print(String text) {
    out.print(text);
    out.flush();
    return ExitCode.DONE;
  }

  /** The properties that force kernels are read once, when the first of them is needed. */
  private static void checkKernels() {
    try {
      KernelChoice.current();
    } catch (ExceptionInInitializerError e) {
      if (e.getCause() instanceof IllegalArgumentException wrong) {
        throw Problem.usage(wrong.getMessage());
      }
      throw e;
    }
  }

  private static Command command(String name) {
    if (LATER.contains(name)) {
      throw Problem.usage(name + " is not available in this version");
    }
    Optional<Command> found =
        COMMANDS.stream().filter(command -> command.usage().command().equals(name)).findFirst();
    return found.orElseThrow(
        () -> {
          List<String> known =
              new ArrayList<>(COMMANDS.stream().map(c -> c.usage().command()).toList());
          known.addAll(List.of("--help", "--version"));
          String suggestion = Nearest.suggestion(name, known);
          return Problem.usage(
              "'"
                  + name
                  + "': no such command"
                  + (suggestion.isEmpty() ? ", expected one of " + names() : suggestion));
        });
  }

  private static String names() {
    return String.join(", ", COMMANDS.stream().map(c -> c.usage().command()).toList());
  }
}
