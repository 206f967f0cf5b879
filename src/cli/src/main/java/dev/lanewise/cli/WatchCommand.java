package dev.lanewise.cli;

import dev.lanewise.cli.http.HttpListener;
import dev.lanewise.cli.live.LiveServer;
import dev.lanewise.cli.live.RunWatcher;
import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.Interruption;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.cli.runs.RunFiles;
import java.io.IOException;

/** {@code watch}: the page of a training of another process, or of an earlier one. */
final class WatchCommand implements Command {
  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    if (!RunFiles.holds(arguments.file(0), RunFiles.GROWING, RunFiles.LOG)) {
      throw Problem.failure(
          "%s: no %s, expected the directory of a run of train", arguments.file(0), RunFiles.LOG);
    }
    RunWatcher run = new RunWatcher(arguments.file(0));
    run.read(); // refuses a folder that is not a run
    interruption.hold();
    interruption.isUsual();
    LiveServer server = new LiveServer(arguments.integer("port", 0, 65535), run, null, output);
    try (server) {
      while (!interruption.requested()) {
        HttpListener.pause(LiveServer.TICK);
      }
    }
  }
}
