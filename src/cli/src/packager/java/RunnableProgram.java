import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Puts lines of shell in front of a jar, so that the file can be started as a program: {@code java
 * RunnableProgram.java JAR PROGRAM}. A jar is read from its end, so it stays one.
 */
final class RunnableProgram {
  private static final String SHELL =
      "#!/bin/sh\nexec \"${JAVA_HOME:+$JAVA_HOME/bin/}java\" --add-modules jdk.incubator.vector -jar \"$0\" \"$@\"\n";

  private RunnableProgram() {}

  public static void main(String[] args) throws IOException {
    Path program = Path.of(args[1]);
    try (OutputStream out = Files.newOutputStream(program)) {
      out.write(SHELL.getBytes(StandardCharsets.US_ASCII));
      Files.copy(Path.of(args[0]), out);
    }
    program.toFile().setExecutable(true, false);
  }
}
