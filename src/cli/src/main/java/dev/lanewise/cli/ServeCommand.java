package dev.lanewise.cli;

import dev.lanewise.files.RunFiles;
import dev.lanewise.serve.Access;
import dev.lanewise.serve.ModelFile;
import dev.lanewise.serve.ModelServer;
import dev.lanewise.serve.ModelSlot;
import dev.lanewise.serve.PredictionService;
import dev.lanewise.serve.ServedModel;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Result;
import dev.lanewise.terminal.TextValue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code serve}: predictions over HTTP, until a signal comes. */
final class ServeCommand implements Command {
  private static final long POLL_MILLIS = 50;
  private static final int WATCH_TICKS = 20;
  private static final int FRAMES = 20; // a stack that overflowed has a thousand

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    PredictionService.Limits limits =
        new PredictionService.Limits(
            arguments.threads(),
            arguments.whole("queue"),
            arguments.whole("max-body"),
            arguments.whole("timeout"),
            Runtime.getRuntime().maxMemory() / 4);
    InetSocketAddress address = new InetSocketAddress(host(arguments), arguments.whole("port"));
    String host = arguments.text("host");
    Access access = Access.of(arguments, address.getAddress(), output);
    List<ModelFile> files = ModelFile.given(arguments, output, limits.bytes());
    List<ModelSlot> slots = new ArrayList<>();
    List<Json> models = new ArrayList<>();
    for (ModelFile each : files) {
      ServedModel model = each.load();
      slots.add(new ModelSlot(model));
      Json event = model.isNamed ? new Json().put("name", model.name) : new Json();
      Path file = RunFiles.model(each.path);
      models.add(event.put("model", file).put("sha256", model.card.sha256));
    }
    boolean isWatched = arguments.has("watch-models");
    output.kernelHint();
    interruption.hold();
    interruption.isUsual();
    ModelServer server;
    try {
      server = new ModelServer(slots, isWatched, address, limits, access, e -> log(e, output));
    } catch (IOException e) {
      throw Problem.failure(
          "--port: %s of %s is not available (%s), expected a free port (0: any)",
          address.getPort(), host, e.getMessage());
    }
    try (server) {
      int port = server.address().getPort();
      String name = host.contains(":") ? "[" + host + "]" : host;
      String url = "http%s://%s:%s/".formatted(access.tls == null ? "" : "s", name, port);
      Result serving = new Result("serving", output).put("url", url).put("port", port);
      boolean areNamed = slots.get(0).model().isNamed;
      if (areNamed) {
        List<String> each = models.stream().map(model -> model.in("{name} ({model})")).toList();
        serving.put("models", new TextValue(models, String.join(", ", each)));
      } else {
        serving.values.put(models.get(0));
      }
      serving
          .note("Serving {" + (areNamed ? "models" : "model") + "} at {url} (Ctrl-C ends)")
          .end();
      if (!address.getAddress().isLoopbackAddress()) {
        access.hintAtStrangers(url, output);
      }
      for (int tick = 1; !interruption.requested(); tick++) {
        Thread.sleep(POLL_MILLIS);
        for (int i = 0; i < slots.size() && isWatched && tick % WATCH_TICKS == 0; i++) {
          files.get(i).look(slots.get(i));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    new Result("stopped", output).end();
  }

  /** Prints an error in a line, with the frames of the stack that tell most. */
  static void log(Throwable e, Output output) {
    StringBuilder text = new StringBuilder("internal error, please report it: ").append(e);
    Arrays.stream(e.getStackTrace()).limit(FRAMES).forEach(at -> text.append(" at ").append(at));
    output.error(text.toString());
  }

  private static InetAddress host(Arguments arguments) {
    try {
      return InetAddress.getByName(arguments.text("host"));
    } catch (IOException e) {
      throw arguments.wrong("host", "a name or an address of this machine");
    }
  }
}
