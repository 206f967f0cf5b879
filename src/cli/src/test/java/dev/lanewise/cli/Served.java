package dev.lanewise.cli;

import dev.lanewise.model.Model;
import dev.lanewise.serve.Access;
import dev.lanewise.serve.ModelServer;
import dev.lanewise.serve.ModelSlot;
import dev.lanewise.serve.Outputs;
import dev.lanewise.serve.PredictionService;
import dev.lanewise.serve.ServedModel;
import dev.lanewise.table.ReadOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;

/** A server for tests, with the errors that it reported. */
public final class Served implements AutoCloseable {
  /** Returns who may send requests to a server of this machine. */
  static Access access(List<byte[]> tokens, SSLSocketFactory tls) {
    InetAddress here = InetAddress.getLoopbackAddress();
    return new Access(here, "127.0.0.1", List.of("test.example"), tokens, tls);
  }

  final ModelServer server;
  final List<Throwable> problems = Collections.synchronizedList(new ArrayList<>());

  public Served(Model model) {
    this(model, 2, 8, 100_000);
  }

  public Served(Model model, int most, int queue, int bytes) {
    this(Outputs.of(model), most, queue, bytes);
  }

  public Served(Outputs outputs, int most, int queue, int bytes) {
    this(List.of(slot(null, outputs, bytes)), most, queue, bytes);
  }

  public Served(List<ModelSlot> slots, int most, int queue, int bytes) {
    this(slots, most, queue, bytes, access(List.of(), null));
  }

  public Served(List<ModelSlot> slots, int most, int queue, int bytes, Access access) {
    this(slots, new PredictionService.Limits(most, queue, bytes, 30, 1L << 27), access);
  }

  public Served(List<ModelSlot> slots, PredictionService.Limits limits, Access access) {
    try {
      server =
          new ModelServer(
              slots,
              slots.size() > 1,
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              limits,
              access,
              problems::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static ModelSlot slot(String name, Outputs outputs, int bytes) {
    return new ModelSlot(new ServedModel(name, outputs, ReadOptions.defaults(), bytes));
  }

  public RawHttp connect() throws IOException {
    return new RawHttp(server.address());
  }

  /** Stops the server, and fails if anything went wrong. */
  @Override
  public void close() {
    server.close();
    if (!problems.isEmpty()) {
      throw new AssertionError(problems.size() + " problems", problems.get(0));
    }
  }
}
