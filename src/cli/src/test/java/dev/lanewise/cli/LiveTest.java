package dev.lanewise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.lanewise.cli.live.LiveServer;
import dev.lanewise.cli.live.RunWatcher;
import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.Interruption;
import dev.lanewise.cli.options.Usage;
import dev.lanewise.cli.print.Json;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.runs.RunFiles;
import dev.lanewise.cli.runs.RunLog;
import dev.lanewise.cli.runs.RunRecord;
import dev.lanewise.format.FormatException;
import dev.lanewise.train.EpochResult;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page of a training that goes on, its events and its button. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LiveTest {
  private static final Path DIGITS = Path.of("data", "digits.npz").toAbsolutePath();
  private static final String START =
      "{'event':'start','options':{'epochs':10},'data':{'target_scaling':'%s'},"
          + "'model':{'hidden':[4],'members':%s,'loss':'%s','train_rows':20}}\n";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir private Path directory;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, UTF_8);
  private final Output output = new Output(out, out, true, false);

  private Path grow(String lines) throws IOException {
    Path file = directory.resolve(RunFiles.GROWING);
    StandardOpenOption[] append = {StandardOpenOption.CREATE, StandardOpenOption.APPEND};
    return Files.writeString(file, lines.replace('\'', '"'), append);
  }

  private static String epoch(int member, int epoch, double valid) {
    return ("{'event':'epoch','member':%s,'epoch':%s,'train_ce':1,'train_acc':0.5,"
            + "'train_ce_mean':1,'train_acc_mean':0.5,'valid_ce':%s,'valid_acc':0.5,'eta':0.25,"
            + "'seconds':0.5,'norms':[1,2,3,4]}\n")
        .formatted(member, epoch, valid);
  }

  private LiveServer serve(Interruption interruption) throws IOException {
    RunWatcher run = new RunWatcher(directory);
    run.read();
    return new LiveServer(0, run, interruption, output);
  }

  /** Returns the address that a command printed, when it is there. */
  private static URI address(Path file) throws Exception {
    while (!Files.readString(file).contains("/\n")) {
      Thread.sleep(10);
    }
    return URI.create(Files.readString(file).replaceFirst("(?s).*Live at (\\S*)\n.*", "$1"));
  }

  private URI address() {
    return URI.create(printed.toString(UTF_8).replaceFirst("(?s).*Live at (\\S*)\n.*", "$1"));
  }

  /** Opens the stream of events. */
  private static BufferedReader events(URI page) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(page.resolve("events")).build();
    return new BufferedReader(
        new InputStreamReader(CLIENT.send(request, BodyHandlers.ofInputStream()).body(), UTF_8));
  }

  /** Reads until a line has a text, and returns it. */
  private static String await(String text, BufferedReader events) throws IOException {
    String line = events.readLine();
    while (line != null && !line.contains(text)) {
      line = events.readLine();
    }
    Assertions.assertNotNull(line, text);
    return line;
  }

  private static int status(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString()).statusCode();
  }

  @Test
  void eachEventHasAllThatIsKnown() throws Exception {
    grow(START.formatted("none", 1, "softmax") + epoch(1, 0, 3) + epoch(1, 1, 2) + epoch(1, 2, 4));
    try (LiveServer server = serve(null)) {
      try (BufferedReader events = events(address())) {
        await("<dt><bdi>Epochs</bdi></dt><dd><bdi>3 of 10<", events);
        await("Rows a second</bdi></dt><dd><bdi>40<", events);
        await("Time left, at most</bdi></dt><dd><bdi>0:03<", events);
        await("3 epochs. The validation loss was smallest after epoch 1 (2.00000)", events);
        await("<title>Cross entropy</title>", events);
        await("<title>Norm of the gradients</title>", events);
        String next = epoch(1, 3, 1.5);
        grow(next.substring(0, 70)); // of a process that has not written the rest yet
        await(":", events);
        grow(next.substring(70));
        await("4 of 10", events);
      }
      try (BufferedReader again = events(address())) {
        await("4 epochs. The validation loss was smallest after epoch 3 (1.50000)", again);
        await("<desc>Training: 1 at 0 to 1 at 3", again);
        Files.writeString(directory.resolve(RunFiles.REPORT), "<p>the\nreport</p>");
        grow(
            "{'event':'interrupted','test':{'acc':0.5,'accuracy':0.25},'files':['a/report.html']}\n");
        await("Training ended</bdi></dt><dd><bdi>interrupted", again);
        await("test accuracy</bdi></dt><dd><bdi>0.25", again);
        await("event: report", again);
        await("data: <p>the", again);
        await("data: report</p>", again);
        Runnable end = server::close;
        end.run();
        await("event: end", again);
      }
    }
  }

  @Test
  void onlyThePageOfThisServerIsAnswered() throws Exception {
    grow(START.formatted("none", 1, "softmax"));
    Interruption interruption = new Interruption(output);
    try (LiveServer server = serve(interruption)) {
      Assertions.assertNotNull(server);
      URI page = address();
      URI stop = page.resolve("stop");
      HttpRequest.BodyPublisher none = HttpRequest.BodyPublishers.noBody();
      assertTrue(page.getPath().matches("/[0-9a-f]{32}/"), page.toString());
      assertEquals(200, status(HttpRequest.newBuilder(page)));
      String other = page.toString().replaceFirst("/.{32}/$", "/" + "0".repeat(32) + "/");
      for (String wrong : List.of("/", "/events", "/x/events", "/stop")) {
        assertEquals(404, status(HttpRequest.newBuilder(page.resolve(wrong))));
      }
      assertEquals(404, status(HttpRequest.newBuilder(URI.create(other))));
      assertEquals(404, status(HttpRequest.newBuilder(URI.create(other + "stop")).POST(none)));
      assertEquals(404, status(HttpRequest.newBuilder(stop)), "a GET");
      HttpRequest.Builder foreign = HttpRequest.newBuilder(stop).POST(none);
      assertEquals(403, status(foreign.header("Origin", "http://evil.example")));
      try (RawHttp http = new RawHttp(new InetSocketAddress("127.0.0.1", page.getPort()))) {
        String head = "POST " + stop.getPath() + " HTTP/1.1\r\nHost: evil.example\r\n\r\n";
        assertEquals(421, http.send(head).receive().status());
      }
      assertFalse(interruption.requested());
      HttpRequest.Builder own = HttpRequest.newBuilder(stop).POST(none);
      assertEquals(200, status(own.header("Origin", "http://" + page.getAuthority())));
      assertTrue(interruption.requested());
    } finally {
      interruption.close();
    }
    printed.reset();
    try (LiveServer server = serve(null)) {
      HttpRequest.Builder stop = HttpRequest.newBuilder(address().resolve("stop"));
      assertEquals(404, status(stop.POST(HttpRequest.BodyPublishers.noBody())), "" + server);
    }
  }

  /** A resumed run begins its file again; the log of an ended one has all. */
  @Test
  void anotherFileIsReadFromItsStart() throws Exception {
    Path growing = grow(START.formatted("standard", 2, "mse") + epoch(1, 0, 3) + epoch(2, 0, 5));
    grow(epoch(1, 1, 2));
    RunWatcher run = new RunWatcher(directory);
    run.read();
    assertTrue(run.html().contains("(2.00000)"), "of the one that is known");
    assertTrue(run.html().contains("mean validation loss"));
    assertTrue(run.html().contains(">MSE of scaled targets<"), run.html());
    Files.move(growing, directory.resolve(RunFiles.LOG));
    run.read();
    assertTrue(run.html().contains(">2 of 10<"), run.html());
    grow(START.formatted("none", 1, "softmax") + epoch(1, 0, 1));
    run.read();
    assertTrue(run.html().contains(">1 of 10<"), run.html());
    Path longer = directory.resolve(RunFiles.GROWING); // in its place before the next look
    Files.delete(longer);
    grow(START.formatted("none", 1, "softmax").replace(",'train_rows'", ", 'train_rows'"));
    grow(epoch(1, 0, 1) + epoch(1, 1, 1) + epoch(1, 2, 1));
    run.read();
    run.read();
    assertTrue(run.html().contains(">3 of 10<"), run.html());
  }

  /** Very short epochs are left out, but never the best one; those before a resumption never. */
  @Test
  void theBestEpochIsNotLeftOut() throws Exception {
    Json model = new Json().put("hidden", List.of(4)).put("loss", "mse").put("train_rows", 20);
    Json start =
        Json.event("start")
            .put("options", new Json().put("epochs", 9))
            .put("data", new Json().put("target_scaling", "none"))
            .put("model", model);
    try (RunLog log = new RunLog(directory, start, 1)) {
      for (int epoch = 0; epoch < 50_000; epoch++) {
        log.most = epoch < 40_000 ? Integer.MAX_VALUE : RunLog.MOST;
        double valid = epoch == 45_001 ? 0.5 : 1;
        EpochResult result = new EpochResult(epoch, 9, 1, 1, 1, 1, valid, 1, 0.1, 20, 0.1);
        log.add(0, result, null);
      }
      Thread.sleep(600);
      log.add(0, new EpochResult(50_000, 9, 1, 1, 1, 1, 2, 1, 0.1, 20, 0.1), null);
      RunWatcher run = new RunWatcher(directory);
      run.read();
      assertTrue(run.html().contains(" smallest after epoch 45001 (0.50000)"), run.html());
      assertTrue(run.html().contains(">50001 of 9<"), run.html());
    }
  }

  /** However many epochs there are, the curves begin with the first and are drawn evenly. */
  @Test
  void manyEpochsAreThinnedEvenly() throws Exception {
    StringBuilder lines = new StringBuilder(START.formatted("none", 1, "softmax"));
    for (int epoch = 0; epoch < 300_000; epoch++) {
      double valid = epoch == 77_777 ? 0.5 : 1;
      lines.append("{'event':'epoch','epoch':" + epoch + ",'valid_ce':" + valid + "}\n");
    }
    grow(lines.toString());
    RunWatcher run = new RunWatcher(directory);
    run.read();
    String html = run.html();
    assertTrue(html.contains("300,000 epochs. The validation loss was smallest after epoch 77777"));
    assertTrue(html.contains("Validation: 1 at 0 to 1 at 299999, lowest 0.5 at 77777"), html);
    assertTrue(html.contains(">Epoch 4480, ") && html.contains(">Epoch 50176, "), html);
  }

  @Test
  void whatIsNoLogIsRefused() throws Exception {
    Run.of("watch", directory.toString()).failed(": no log.jsonl, expected the directory");
    grow("{'event':'epoch'}\n");
    Run.of("watch", directory.toString())
        .failed("its first line does not say that a run started, expected the log of a run");
    Files.delete(directory.resolve(RunFiles.GROWING));
    grow("{'event':'start','model':{}}\n");
    Assertions.assertThrows(FormatException.class, () -> new RunWatcher(directory).read());
  }

  @Test
  void theNumberOfAPortMayBeLeftOut() {
    String[][] typed = {{"--live"}, {"--live", "x.csv"}, {"--live", "--quiet"}, {"--live=0"}};
    for (String[] words : typed) {
      Arguments arguments = new Arguments(Usage.of("train"), List.of(words));
      assertEquals("0", arguments.text("live"));
      assertEquals(List.of(words).contains("x.csv"), arguments.has("data"));
      assertFalse(arguments.own(role -> true).toString().contains("live"));
    }
    Arguments two = new Arguments(Usage.of("train"), List.of("--live", "81", "x.csv"));
    assertEquals("81 x.csv", two.text("live") + " " + two.text("data"));
  }

  @Test
  void bitsAndRecordsAreTheSame() throws Exception {
    Run plain = Run.line("train --quiet --epochs 40 --data", DIGITS, "--out", directory, "--force");
    String given = given();
    Run live =
        Run.line("train --quiet --live --epochs 40 --data", DIGITS, "--out", directory, "--force");
    assertEquals(plain.ok().out(), live.ok("Live at http://").out().replaceFirst("Live.*\n", ""));
    assertEquals(given, given());
    assertFalse(Files.exists(directory.resolve(RunFiles.GROWING)));
  }

  /** Trials and folds are shown as they come, and the button ends the command as Ctrl-C does. */
  @ParameterizedTest
  @CsvSource({
    "search, --trials 100000 --epochs 1 --eta 0.01..0.1, The results with the smallest validation",
    "cross-validate, --repeats 100000 --folds 2 --epochs 1, Results of each fold"
  })
  void resultsAreShownAsTheyCome(String command, String options, String table) throws Exception {
    Run.Started run =
        Run.start(directory, Run.words(command, options, "--live --out out --data", DIGITS));
    URI page = address(run.out());
    try (BufferedReader events = events(page)) {
      await("<dt><bdi>State</bdi></dt><dd><bdi>goes on<", events);
      await(table, events);
      HttpRequest.Builder stop = HttpRequest.newBuilder(page.resolve("stop"));
      assertEquals(200, status(stop.POST(HttpRequest.BodyPublishers.noBody())));
      await("<dt><bdi>State</bdi></dt><dd><bdi>has ended<", events);
      await("event: end", events);
    }
    assertEquals(Interruption.EXIT_CODE, run.process().waitFor());
    assertTrue(Files.readString(run.out()).contains("Interrupted"), Files.readString(run.out()));
  }

  private String given() throws IOException {
    Map<String, Object> record = RunRecord.of(directory).members();
    return "" + record.get("given") + record.get("options");
  }

  /** The button leaves what Ctrl-C leaves; a killed run and the resumed one can be watched. */
  @Test
  void theButtonEndsARunAndAKilledOneCanBeWatched() throws Exception {
    assumeFalse(ProcessTest.isIgnored("INT"), "background jobs ignore the signal");
    String long_ = "--epochs 900000 --checkpoint-every 0.1 --data";
    Path run = directory.resolve("run");
    Run.Started killed = Run.start(directory, Run.words("train", long_, DIGITS, "--out run"));
    while (Files.notExists(run.resolve("checkpoint_previous.npz"))) {
      Thread.sleep(10);
    }
    killed.process().destroyForcibly().waitFor();
    Run.Started watching = Run.start(directory, "watch", "run");
    Run.Started resumed = null;
    try (BufferedReader events = events(address(watching.out()))) {
      await("Last line written</bdi></dt><dd><bdi>2", events);
      resumed = Run.start(directory, "train", "--resume", "--out", "run", "--live");
      URI page = address(resumed.out());
      try (BufferedReader own = events(page)) {
        await("The validation loss was smallest after epoch", own);
        HttpRequest.Builder stop = HttpRequest.newBuilder(page.resolve("stop"));
        assertEquals(200, status(stop.POST(HttpRequest.BodyPublishers.noBody())));
        await("Training ended</bdi></dt><dd><bdi>interrupted", own);
        await("event: end", own);
      }
      Run ended = resumed.end();
      assertEquals(Interruption.EXIT_CODE, ended.code(), ended.err());
      ended.says("Interrupted in epoch ", "Weights sha256 ", "Saved in run: checkpoint.npz, ");
      Set<String> names = Fixtures.names(run);
      assertTrue(
          names.containsAll(Set.of("checkpoint.npz", "nn_model.npz", "log.jsonl")), "" + names);
      assertFalse(names.contains(RunFiles.GROWING));
      await("Training ended</bdi></dt><dd><bdi>interrupted", events);
      watching.signal("INT");
      assertEquals(0, watching.end().code());
    } finally {
      watching.process().destroyForcibly();
      if (resumed != null) {
        resumed.process().destroyForcibly();
      }
    }
  }
}
