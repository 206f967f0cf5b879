import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * Puts lines of shell in front of a jar, so that the file can be started as a program: {@code java
 * RunnableProgram.java JAR PROGRAM}. A jar is read from its end, so it stays one.
 *
 * <p>The program maps its classes from an archive in the user's cache folder. The first start makes
 * the archive in the background, after the command has ended or a minute has passed. The name of
 * the archive depends on the jar and on the JVM. An empty file of this name says that another start
 * makes the archive, or that this JVM makes none; after a day it is tried again. A second file has
 * the size of the archive, because a JVM crashes on one that has been cut off; such an archive is
 * made again. The latest two archives stay.
 */
final class RunnableProgram {
  private static final String SHELL =
      """
      #!/bin/sh
      # Starts Lanewise with the Java of JAVA_HOME or PATH. JDK_JAVA_OPTIONS has options of the JVM, such as -Xmx8g.
      # LANEWISE_ARCHIVE=off neither makes nor uses an archive of classes in the cache folder.
      java=${JAVA_HOME:+$JAVA_HOME/bin/}java
      cache=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
      cache=${cache:+$cache/lanewise}
      [ "$LANEWISE_ARCHIVE" != off ] || cache=
      if [ -n "$cache" ]; then
        key=$(LC_ALL=C ls -lniL "$0" "$(command -v "$java")" 2>/dev/null | cksum)
        archive=$cache/JAR-${key%% *}.jsa
        { [ ! -s "$archive" ] || [ $(wc -c <"$archive") -eq $(cat "$archive.size") ] || rm -f "$archive"; } 2>/dev/null
        if [ -s "$archive" ]; then
          exec "$java" -XX:SharedArchiveFile="$archive" -Dlanewise.cache="$cache" '-Xlog:cds*=off' -jar "$0" "$@"
        elif (
          umask 077
          mkdir -p "$cache" && find "$cache" -name '*.jsa' -size 0 -mtime +0 -exec rm -f {} + &&
            set -C && : >"$archive"
        ) 2>/dev/null; then
          (
            (
              trap '' HUP INT
              umask 077
              seconds=0
              while [ $seconds -lt 60 ] && kill -0 $$; do
                sleep 1
                seconds=$((seconds + 1))
              done
              nice "$java" -XX:ArchiveClassesAtExit="$archive.$$" --add-exports java.base/jdk.internal.module=ALL-UNNAMED \\
                -cp "$0" dev.lanewise.cli.ClassArchiveRun && wc -c <"$archive.$$" >"$archive.size" && mv -f "$archive.$$" "$archive"
              rm -f "$archive.$$"
              ls -t "$cache"/*.jsa* | tail -n +5 | while IFS= read -r old; do rm -f "$old"; done
            ) &
          ) </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
        fi
      fi
      exec "$java" ${cache:+-Dlanewise.cache="$cache"} -jar "$0" "$@"
      """;

  private RunnableProgram() {}

  public static void main(String[] args) throws IOException {
    byte[] jar = Files.readAllBytes(Path.of(args[0]));
    CRC32 checksum = new CRC32();
    checksum.update(jar);
    Path program = Path.of(args[1]);
    try (OutputStream out = Files.newOutputStream(program)) {
      String shell = SHELL.replace("JAR", Long.toHexString(checksum.getValue()));
      out.write(shell.getBytes(StandardCharsets.US_ASCII));
      out.write(jar);
    }
    program.toFile().setExecutable(true, false);
  }
}
