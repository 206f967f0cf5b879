package dev.lanewise.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a command is called.
 *
 * @param command its name
 * @param operand what stands for the file that follows the name; empty if none does
 * @param summary what it does, in a line
 * @param options its own options
 * @param notes what else the help tells
 * @param examples command lines, without the program
 */
record Usage(
    String command,
    String operand,
    String summary,
    List<Option> options,
    List<String> notes,
    List<String> examples) {

  Optional<Option> option(String name) {
    return all().filter(option -> option.name().equals(name)).findFirst();
  }

  /** Its own options and those of all commands. */
  Stream<Option> all() {
    return Stream.concat(options.stream(), Option.COMMON.stream());
  }
}
