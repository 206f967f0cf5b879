package dev.lanewise.cli;

/** The main class: {@code java -jar lanewise.jar COMMAND [options]}. */
public final class Main {
  private Main() {}

  /**
   * Runs a command.
   *
   * @param args the command and its options
   */
  public static void main(String[] args) {
    int code = new Program(System.out, System.err).run(args);
    if (code != ExitCode.DONE) { // else the JVM goes on, which may be Maven's
      System.exit(code);
    }
  }
}
