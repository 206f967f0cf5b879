package dev.lanewise.cli;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.Fuzzing;
import dev.lanewise.format.Mutator;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Any command line is either accepted or refused with a message. */
class MutatedOptionsTest {
  private static final List<String> WORDS =
      List.of(
          ("adam sgd relu gelu,relu 16,80 none -1 0.01 1e-3 cosine plateau yes no a,b,c"
                  + " 0.8,0.1,0.1 1 1000 balanced mse softmax table image course robust 255 ; tab"
                  + " loss first error all")
              .split(" "));

  @TempDir Path directory;

  private static final Map<String, Usage> USAGES = new HashMap<>();

  static {
    Usage.COMMANDS.forEach(name -> USAGES.put(name, Usage.of(name)));
  }

  private record Line(String command, List<String> words) {}

  private Line line(Mutator m) {
    String command = m.oneOf(Usage.COMMANDS);
    List<String> names = new ArrayList<>(Usage.of(command).values.keySet());
    List<String> words = new ArrayList<>();
    for (int i = m.below(7); i >= 0; i--) {
      words.add("--" + m.oneOf(names));
      if (m.below(5) > 0) {
        words.add(m.oneOf(WORDS));
      }
    }
    int at = m.below(words.size());
    String word = words.get(at);
    switch (m.below(8)) {
      case 0 -> words.remove(at);
      case 1 -> words.add(at, word);
      case 2 -> words.set(at, m.text());
      case 3 -> words.set(at, word + m.text());
      case 4 -> words.set(at, word + "=" + m.oneOf(WORDS));
      case 5 ->
          words.set(
              at,
              new String(
                  m.mutate(word.getBytes(StandardCharsets.UTF_8)), StandardCharsets.ISO_8859_1));
      default -> {}
    }
    return new Line(command, words);
  }

  /**
   * Parses all options of all commands, and runs the commands that begin by reading their files.
   */
  @Test
  void options() {
    String none = directory.resolve(Fuzzing.NAME).toString();
    Fuzzing.<Line>run(
        "options",
        1_250,
        this::line,
        line -> {
          try {
            return read(line, none);
          } catch (Problem
              | FormatException
              | NoSuchFileException e) { // the message names whichever file is missing
            throw new FormatException(
                Fuzzing.NAME, Output.printable(e.getMessage()), (Throwable) null);
          }
        });
  }

  private static boolean read(Line line, String none) throws IOException {
    List<String> words = new ArrayList<>(line.words);
    Command command =
        switch (line.command) {
          case "train" -> new TrainingCommand();
          case "evaluate" -> new EvaluateCommand();
          case "predict" -> new PredictCommand();
          case "serve" -> new ServeCommand();
          default -> null;
        };
    if (command != null) { // the command ends at a missing file if all else is right
      if (!line.command.equals("serve")) {
        words.addAll(List.of("--data", none));
      }
      if (!line.command.equals("train")) {
        words.addAll(List.of("--model", none));
      }
    }
    Arguments arguments = new Arguments(Usage.of(line.command), words);
    arguments.json();
    for (String name : USAGES.get(line.command).values.keySet()) {
      if (arguments.text(name) != null) {
        Arguments.number(arguments.text(name));
        Arguments.integer(arguments.text(name));
      }
    }
    if (arguments.has("help") || command == null) {
      return true;
    }
    arguments.threads();
    PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
    Output output = new Output(nowhere, nowhere, true, false);
    Interruption interruption = new Interruption(output);
    try {
      command.run(arguments, output, interruption);
    } finally {
      interruption.close();
    }
    return true;
  }
}
