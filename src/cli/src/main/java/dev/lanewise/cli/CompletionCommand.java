package dev.lanewise.cli;

import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.Interruption;
import dev.lanewise.cli.options.Usage;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Problem;
import java.util.stream.Collectors;

/** {@code completion}: a script with which a shell completes commands, options and files. */
final class CompletionCommand implements Command {
  private static final int WIDTH = 60; // longest description of an option

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption) {
    String shell = arguments.file(0).toString();
    String script =
        switch (shell) {
          case "bash" -> bash();
          case "zsh" -> zsh();
          default -> throw Problem.usage("SHELL: '" + shell + "', expected bash or zsh");
        };
    script.lines().forEach(output::result);
  }

  private static String bash() {
    return """
        # Completion of lanewise for bash.
        _lanewise() {
          local current=${COMP_WORDS[COMP_CWORD]} words=
          if ((COMP_CWORD == 1)); then
            words='%s --help --version'
          elif [[ $current == -* ]]; then
            case ${COMP_WORDS[1]} in
        %s    esac
          fi
          COMPREPLY=($(compgen -W "$words" -- "$current"))
        }
        complete -o default -F _lanewise lanewise
        """
        .formatted(
            String.join(" ", Usage.COMMANDS),
            cases(usage -> "words='" + String.join(" ", usage.hyphenated()) + "'"));
  }

  private static String zsh() {
    String commands =
        Usage.descriptions().entrySet().stream()
            .map(command -> described(command.getKey(), command.getValue()))
            .collect(Collectors.joining(" "));
    return """
        #compdef lanewise
        # Completion of lanewise for zsh.
        _lanewise() {
          local -a listed
          if ((CURRENT == 2)); then
            listed=(%s)
            _describe command listed
          elif [[ $words[CURRENT] == -* ]]; then
            case $words[2] in
        %s    esac
            _describe -o option listed
          else
            _files
          fi
        }
        if [[ $funcstack[1] == _lanewise ]]; then
          _lanewise "$@" # zsh has loaded this file as a function
        else
          compdef _lanewise lanewise
        fi
        """
        .formatted(commands, cases(CompletionCommand::options));
  }

  private static String options(Usage usage) {
    return usage.descriptions.entrySet().stream()
        .map(option -> described("--" + option.getKey(), option.getValue()))
        .collect(Collectors.joining(" ", "listed=(", ")"));
  }

  private interface Words {
    String of(Usage usage);
  }

  /** Returns the lines that choose the words of a command. */
  private static String cases(Words words) {
    return Usage.COMMANDS.stream()
        .map(name -> "      " + name + ") " + words.of(Usage.of(name)) + " ;;\n")
        .collect(Collectors.joining());
  }

  /** Returns a name with its description in single quotes, cut where it becomes long. */
  private static String described(String name, String description) {
    String text = description;
    if (text.length() > WIDTH) {
      text = text.substring(0, text.lastIndexOf(' ', WIDTH)) + " ...";
    }
    return "'" + name + ":" + text.replace("'", "'\\''") + "'";
  }
}
