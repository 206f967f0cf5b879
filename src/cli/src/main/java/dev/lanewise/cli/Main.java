package dev.lanewise.cli;

import dev.lanewise.format.Budget;
import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.parallel.Team;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Nearest;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Usage;
import dev.lanewise.terminal.Words;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The main class: {@code java -jar lanewise.jar COMMAND [options]}. */
public final class Main {
  private Main() {}

  /**
   * Runs a command.
   *
   * @param args the command and its options
   */
  public static void main(String[] args) {
    int code = run(System.out, System.err, args);
    if (code != 0) { // with code 0 the JVM goes on, which may be Maven's
      System.exit(code);
    }
  }

  /** Runs a command, reports what went wrong, and returns the exit code; never throws. */
  static int run(PrintStream out, PrintStream err, String... words) {
    try {
      return dispatch(out, err, Arrays.asList(words));
    } catch (IOException | RuntimeException | Error e) {
      return Problem.report(e, Arrays.asList(words).contains("--debug"), err);
    }
  }

  private static int dispatch(PrintStream out, PrintStream err, List<String> words)
      throws IOException {
    String name = words.isEmpty() ? "" : words.get(0);
    if (name.equals("--help")) {
      return print(out, err, Usage.ofProgram());
    } else if (name.equals("--version")) {
      return print(out, err, "Lanewise " + Usage.version());
    }
    try (Command command = command(name)) {
      if (words.stream().noneMatch(word -> word.matches("--help(=all)?"))) {
        checkProperties();
        command.prepare();
      }
      return run(command, new Arguments(Usage.of(name), words.subList(1, words.size())), out, err);
    }
  }

  private static int run(Command command, Arguments arguments, PrintStream out, PrintStream err)
      throws IOException {
    if (arguments.has("help")) {
      return print(out, err, arguments.help());
    }
    arguments.word("progress");
    arguments.threads();
    Output output = new Output(out, err, arguments.has("quiet"), arguments.has("json"));
    Budget budget = budget(arguments);
    Interruption interruption = new Interruption(output);
    boolean complete;
    try {
      command.run(arguments, output, interruption);
      complete = output.finish();
    } catch (IllegalArgumentException e) { // the library knows rows, but not their file
      String problem = Words.of(e);
      boolean isOfFile = problem.startsWith("data: ") && arguments.has("data");
      throw isOfFile ? Problem.failure("%s: %s", arguments.text("data"), problem) : e;
    } finally {
      interruption.close();
      if (budget != null) {
        budget.close();
      }
    }
    return interruption.wasRequested() ? interruption.exitCode() : complete ? 0 : Problem.FAILED;
  }

  /** Returns the limit of --unfold for compressed files, or null. */
  private static Budget budget(Arguments arguments) {
    if (!arguments.has("unfold")) {
      return null;
    }
    double bytes = Arguments.number(arguments.text("unfold"));
    if (!(bytes >= 0)) {
      throw arguments.wrong("unfold", "a number of bytes such as 4e9");
    }
    return Budget.of((long) bytes);
  }

  private static int print(PrintStream out, PrintStream err, String text) {
    out.print(text.stripTrailing() + "\n");
    return new Output(out, err, false, false).finish() ? 0 : Problem.FAILED;
  }

  private static Command command(String name) {
    return switch (name) {
      case "train" -> new TrainingCommand();
      case "search" -> new SearchCommand();
      case "cross-validate" -> new CrossValidateCommand();
      case "evaluate" -> new EvaluateCommand();
      case "predict" -> new PredictCommand();
      case "uncertain" -> new UncertainCommand();
      case "explain" -> new ExplainCommand();
      case "drift" -> new DriftCommand();
      case "check" -> new CheckCommand();
      case "calibrate" -> new CalibrateCommand();
      case "cover" -> new CoverCommand();
      case "decide" -> new DecideCommand();
      case "report" -> new ReportCommand();
      case "compare" -> new CompareCommand();
      case "verify" ->
          (arguments, output, interruption) -> new Verification().run(arguments, output);
      case "inspect" -> new InspectCommand();
      case "serve" -> new ServeCommand();
      case "info" -> new InfoCommand();
      case "convert" -> new ConvertCommand();
      default -> {
        String expected = ", expected one of " + String.join(", ", Usage.COMMANDS);
        List<String> known = new ArrayList<>(Usage.COMMANDS);
        known.addAll(List.of("--help", "--version"));
        String suggestion = Nearest.suggestion(name, known);
        throw Problem.usage(
            name.isEmpty()
                ? "no command" + expected + "; see lanewise --help"
                : "'"
                    + name
                    + "': no such command"
                    + (suggestion.isEmpty() ? expected : suggestion));
      }
    };
  }

  /** Refuses wrong values of system properties before the command runs. */
  private static void checkProperties() {
    try {
      System.setProperty(KernelChoice.QUIET_PROPERTY, ""); // a command gives its own hint
      if (System.getProperty(KernelChoice.KERNELS_PROPERTY) != null
          || System.getProperty(KernelChoice.LANES_PROPERTY) != null) {
        KernelChoice.current(); // otherwise by those commands that compute
      }
      Team.isFixed();
    } catch (ExceptionInInitializerError e) {
      if (e.getCause() instanceof IllegalArgumentException wrong) {
        throw Problem.usage(wrong.getMessage());
      }
      throw e;
    } catch (IllegalArgumentException e) {
      throw Problem.usage(e.getMessage());
    }
  }
}
