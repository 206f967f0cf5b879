package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.lanewise.OwnJvm;
import dev.lanewise.files.FileDigest;
import dev.lanewise.files.RunRecord;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.Mlp;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Usage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what a run stores in run.json, and that verify can repeat the training from it. */
class VerifyTest {
  private static final String VERIFIED = "verified: same weights, same metrics";

  /** Groups of options; those of one group exclude each other. */
  static final String[][] GROUPS = {
    {
      "--optimizer momentum --momentum 0.8",
      "--optimizer rmsprop --eta 0.001",
      "--optimizer adam --beta1 0.8 --eta 0.01",
      "--optimizer adamw --eta 0.01"
    },
    {
      "--schedule step --schedule-epochs 2",
      "--schedule cosine --warmup 1",
      "--schedule cosine-log",
      "--schedule plateau --schedule-epochs 1",
      "--schedule exponential"
    },
    {"--weight-decay 0.01"},
    {"--clip-norm 0.3"},
    {"--dropout 0.2", "--dropout 0.4 --dropout-schedule flat-cosine"},
    {"--patience 1", "--best loss", "--best error --best-of-equals last"},
    {"--bias-rate 0.1", "--rate-by-inputs yes"},
    {"--input-rate 6"},
    {"--short-batch drop"},
    {"--batch-size -1", "--batch-size 7"},
    {"--no-shuffle", "--balanced"},
    {"--label-smoothing 0.1"},
    {"--class-weights balanced", "--class-weights 1,2,0.5"},
    {"--activation gelu", "--activation tanh,elu", "--hidden none"},
    {"--init he", "--init glorot"},
    {"--scale standard", "--scale none", "--scale minmax"},
    {"--seed -8", "--seed 9223372036854775807"},
    {"--preset image", "--preset table"},
    {"--verbose", "--checkpoint-every 1e-9"}
  };

  @TempDir Path directory;
  private Path data;
  private Path out;

  @BeforeEach
  void makeData() throws IOException {
    data = Fixtures.data(directory.resolve("data.npz"));
    out = directory.resolve("out");
  }

  private static Run run(String command, Object... words) {
    List<String> all = new ArrayList<>(List.of(Run.words(command)));
    for (Object word : words) {
      all.addAll(List.of(Run.words(word.toString().strip())));
    }
    all.removeIf(String::isEmpty);
    return Run.of(all.toArray(String[]::new));
  }

  private void trained(String options) {
    String sizes = options.contains("--hidden") ? "" : "--hidden 6,5";
    String file = options.contains("--data ") ? "" : "--data " + data;
    run("train --epochs 5 --batch-size 8", file, sizes, options, "--out", out, "--force").ok();
  }

  private Run verified(String options) throws IOException {
    Map<String, byte[]> before = contents();
    Run run = run("verify", out, options).ok(VERIFIED);
    Map<String, byte[]> after = contents();
    assertEquals(before.keySet(), after.keySet(), "it writes nothing");
    before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
    return run;
  }

  private Map<String, byte[]> contents() throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(out)) {
      for (Path file : files.toList()) {
        contents.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return contents;
  }

  private Map<String, Object> record() throws IOException {
    String text = Files.readString(out.resolve("run.json"));
    return JsonReader.object(text.replaceAll("(?m)^  (\"\\w+\"): ", "$1:").replace("\n", ""));
  }

  private void refused(String message, String options) {
    Run run = run("verify", out, options).failed();
    assertEquals(1, run.errors().lines().count(), run.err());
    run.warns(message, "expected");
    assertTrue(!run.out().contains("verified"), run.out());
  }

  private static String sha256(Path file) throws IOException {
    return NdArray.ofBytes(Files.readAllBytes(file), (int) Files.size(file)).sha256();
  }

  @Test
  void theRecordSaysWhatARunWas() throws IOException {
    trained("--preset image --seed 7");
    Map<String, Object> record = record();
    Mlp model = Mlp.load(out.resolve("nn_model.npz"));
    assertEquals("completed", record.get("outcome"));
    assertEquals(5.0, record.get("epochs"));
    Map<?, ?> weights = (Map<?, ?>) record.get("weights");
    assertEquals(64, ((String) weights.get("initial")).length());
    assertNotNull(((Map<?, ?>) weights.get("after_epochs")).get("1"));
    Map<?, ?> given = (Map<?, ?>) record.get("given");
    assertEquals("7", given.get("seed"));
    Map<?, ?> options = (Map<?, ?>) record.get("options");
    assertEquals("adam", options.get("optimizer"), "the preset's");
    assertEquals("0.001", options.get("eta"));
    Map<?, ?> file = (Map<?, ?>) ((List<?>) record.get("data")).get(0);
    assertEquals(data.toString(), file.get("file"));
    assertEquals(sha256(data), file.get("sha256"));
    assertEquals((double) Files.size(data), file.get("size"));
    Map<?, ?> files = (Map<?, ?>) record.get("files");
    assertEquals(sha256(out.resolve("nn_model.npz")), files.get("nn_model.npz"));
    assertEquals(Usage.version(), ((Map<?, ?>) record.get("machine")).get("version"));
    assertEquals("classes", record.get("jar_sha256"), "there is no jar in tests");
    assertEquals(model.sha256(), weights.get("final"));
  }

  /** Trains and verifies a dozen combinations of options. */
  @Test
  void runsOfAnyOptions() {
    Random random = new Random(1);
    for (int i = 0; i < 12; i++) {
      StringBuilder drawn = new StringBuilder();
      for (int g = 0; g < GROUPS.length; g++) {
        int o = (i + g * i / 7 + random.nextInt(2)) % (GROUPS[g].length + 1);
        drawn.append(o < GROUPS[g].length ? " " + GROUPS[g][o] : "");
      }
      String options = drawn.toString();
      if (options.contains("--hidden none") && options.matches(".*(tanh,elu|--dropout).*")) {
        continue; // these are refused without hidden layers
      }
      String sizes = options.contains("--hidden") ? "" : "--hidden 6,5";
      String batch = options.contains("--batch-size") ? "" : "--batch-size 8";
      Run run =
          run("train", "--epochs 5 --data", data, sizes, batch, options, "--out", out, "--force")
              .ok();
      run("verify", out, "--threads", 1 + random.nextInt(3)).ok(VERIFIED + "\nNot compared: ");
    }
  }

  /** Other kernels give the same bits, each in a JVM of its own. */
  @ParameterizedTest
  @ValueSource(strings = {"kernels=scalar", "kernels=vector", "lanes=128"})
  void onOtherKernels(String property) throws Exception {
    assumeFalse(
        !property.endsWith("scalar")
            && ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty());
    trained("--optimizer adam --dropout 0.1 --preset image");
    Run run =
        Run.start(
                Run.Launch.CLASS_PATH,
                directory,
                List.of("-Dlanewise." + property, "-Dlanewise.threads=fixed"),
                "verify",
                out.toString(),
                "--threads=2",
                "--json")
            .end()
            .ok();
    Map<String, Object> event = run.json();
    assertEquals("verified", event.get("event"));
    assertEquals(true, event.get("same"));
    assertEquals(5.0, event.get("epochs"));
  }

  @Test
  void runsOfOtherKindsOfData() throws IOException {
    Path table = directory.resolve("t/part-1.csv");
    Files.createDirectories(table.getParent());
    RandomTable rows = RandomTable.training(new Random(2), 90);
    rows.write(table, RandomTable.Style.PLAIN);
    trained("--data " + table + " --target target --hidden 6");
    assertEquals(64, ((String) record().get("schema_sha256")).length());
    verified("");
    rows.write(table.resolveSibling("part-2.csv"), RandomTable.Style.PLAIN);
    rows.write(table.resolveSibling("part-3.csv"), RandomTable.Style.PLAIN);
    trained("--data " + table.resolveSibling("part-*.csv") + " --target target");
    verified("");
    Path part = table.resolveSibling("part-2.csv");
    String lines = Files.readString(part);
    Files.writeString(part, lines.substring(0, lines.lastIndexOf('\n', lines.length() - 2) + 1));
    refused("part-*.csv: part-2.csv: changed", "");
    Files.delete(part);
    refused("part-*.csv: part-2.csv: no such file", "");
    Files.writeString(part, lines);
    trained("--data " + table + " --test-data " + table.resolveSibling("part-2.csv"));
    verified("");

    Path x = Fixtures.npy(directory.resolve("x.npy"), Fixtures.inputs(60));
    Path y = Fixtures.npy(directory.resolve("y.npy"), Fixtures.labels(60));
    trained("--data " + x + " --targets " + y);
    verified("");
    Path moved = Files.createDirectory(directory.resolve("moved"));
    Files.move(x, moved.resolve("inputs.npy"));
    Files.move(y, moved.resolve("y.npy"));
    refused("x.npy: no such file", "");
    verified("--data " + moved.resolve("inputs.npy"));

    Path idx = directory.resolve("train-images-idx3-ubyte");
    idx(idx, 3, Fixtures.inputs(60), 60, 2, 2);
    idx(directory.resolve("train-labels-idx1-ubyte"), 1, Fixtures.labels(60), 60);
    trained("--data " + idx);
    assertEquals(
        2, ((List<?>) ((Map<?, ?>) ((List<?>) record().get("data")).get(0)).get("files")).size());
    verified("");
    Path labels = directory.resolve("train-labels-idx1-ubyte");
    byte[] bytes = Files.readAllBytes(labels);
    bytes[20] ^= 1;
    Files.write(labels, bytes);
    refused("train-labels-idx1-ubyte: changed", "");
  }

  private static void idx(Path file, int rank, NdArray array, int... shape) throws IOException {
    byte[] bytes = new byte[4 + 4 * rank + array.length()];
    bytes[2] = 8;
    bytes[3] = (byte) rank;
    for (int d = 0; d < rank; d++) {
      bytes[4 + 4 * d + 3] = (byte) shape[d];
    }
    for (int i = 0; i < array.length(); i++) {
      bytes[4 + 4 * rank + i] = (byte) array.longAt(i);
    }
    Files.write(file, bytes);
  }

  private void trainedFrom(Path model) {
    String from = "--initial-model=" + model;
    run("train --epochs 3 --batch-size 8 --data", data, from, "--out", out, "--force").ok();
  }

  @Test
  void aRunFromAModel() throws IOException {
    trained("");
    Path first = Files.move(out.resolve("nn_model.npz"), directory.resolve("first.npz"));
    trainedFrom(first);
    verified("");
    trained("--seed 3");
    Path second = Files.move(out.resolve("nn_model.npz"), directory.resolve("second.npz"));
    trainedFrom(first);
    Files.copy(second, first, StandardCopyOption.REPLACE_EXISTING);
    refused("first.npz: changed", "");
  }

  @Test
  void aRunThatIsResumed() throws IOException {
    trained("--checkpoint-every 1e-9 --schedule cosine --best loss");
    Run run = run("train --resume --epochs 9 --out", out).ok();
    Map<?, ?> weights = (Map<?, ?>) record().get("weights");
    assertNotNull(weights.get("initial"), "the initial weights of the first run");
    assertNotNull(((Map<?, ?>) weights.get("after_epochs")).get("1"));
    assertTrue(verified("").out().contains("Compared 9 epochs"));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aRunThatIsInterrupted() throws Exception {
    assumeFalse(ProcessTest.isIgnored("INT"), "background jobs ignore the signal");
    Run.Started started =
        Run.start(
            directory,
            ("train --json --epochs 1000000 --patience 900000 --data data.npz --out " + out)
                .split(" "));
    started.await(() -> Files.size(started.out()) >= 5_000);
    started.signal("INT");
    assertEquals(Interruption.EXIT_CODE, started.end().code());
    assertEquals("stopped", record().get("outcome"));
    verified("--data " + data);
  }

  @Test
  void whatWasChangedIsRefusedByName() throws IOException {
    trained("--eta 0.1");
    Path json = out.resolve("run.json");
    String text = Files.readString(json);
    String[][] changes = {
      {
        text.replace("\"eta\":\"0.1\"", "\"eta\":\"0.2\""), "run.json: changed since it was written"
      },
      {text.substring(0, text.length() / 2), "run.json: line "},
      {"", "run.json: line 1, byte 1 is the end"},
      {"{}", "run.json: changed since it was written"},
      {"[1]", "run.json: not a JSON object"}
    };
    for (String[] change : changes) {
      Files.writeString(json, change[0]);
      refused(change[1], "");
    }
    Files.delete(json);
    refused(out + ": no run.json", "");
    Files.writeString(json, text);

    Path model = out.resolve("nn_model.npz");
    byte[] bytes = Files.readAllBytes(model);
    byte[] other = bytes.clone();
    other[200] ^= 1;
    Files.write(model, other);
    refused("nn_model.npz: changed: sha256 ", "");
    Mlp changed = Mlp.load(new ByteArrayInputStream(bytes), "changed");
    float[] parameters = changed.parameters();
    parameters[3] += 0.5f;
    changed.withParameters(parameters).save(model); // with a valid checksum
    refused("nn_model.npz: changed: sha256 ", "");
    Files.delete(model);
    refused("nn_model.npz: no such file", "");
    Files.write(model, bytes);
    Path log = out.resolve("log.jsonl");
    String lines = Files.readString(log);
    Files.writeString(log, lines.replace("\"acc\":", "\"acc\":0.9"));
    refused("log.jsonl: changed: sha256 ", "");
    Files.delete(log);
    refused("log.jsonl: no such file", "");
    Files.writeString(log, lines);

    byte[] rows = Files.readAllBytes(data);
    Fixtures.splits(data, 30);
    refused("data.npz: changed: sha256 ", "");
    Path elsewhere = Files.write(directory.resolve("elsewhere.npz"), rows);
    verified("--data " + elsewhere);
    refused("data.npz: changed: sha256 ", "--data " + data);
    Files.delete(data);
    refused("data.npz: no such file", "");
  }

  /** The record is intact but belongs to a run with another result. */
  @Test
  void theFirstEpochThatDiffersIsTold() throws IOException {
    trained("--seed 1");
    Map<String, Object> one = RunRecord.of(out).object();
    Set<String> files = Fixtures.names(out);
    trained("--seed 2");
    forge("given", one.get("given"));
    forge("options", one.get("options"));
    Run run = run("verify", out).failed(out + ": differs: initial weights sha256");
    forge("weights.initial", Forger.value(one, "weights.initial"));
    run = run("verify", out, "--json").failed(out + ": differs from epoch 0 on: train loss ");
    Map<String, Object> event = run.json();
    assertEquals(false, event.get("same"));
    assertEquals(0.0, event.get("epoch"));
    assertEquals(files, Fixtures.names(out));
  }

  /** Changes a value of the record, and seals it anew. */
  private void forge(String name, Object value) throws IOException {
    Map<String, Object> members = RunRecord.read(out.resolve("run.json")).object();
    if (name.indexOf('.') < 0) {
      members.put(name, value);
    }
    Forger.write(
        out.resolve("run.json"),
        name.indexOf('.') < 0 ? members : Forger.with(members, name, value));
  }

  /** The digests in the record are those of files that somebody else has put there. */
  @Test
  void whatIsSealedAnewIsRefused() throws IOException {
    trained("--seed 2");
    byte[] otherModel = Files.readAllBytes(out.resolve("nn_model.npz"));
    byte[] otherStatistics = Files.readAllBytes(out.resolve("nn_stats.npz"));
    trained("--seed 1");
    String json = Files.readString(out.resolve("run.json"));
    byte[] model = Files.readAllBytes(out.resolve("nn_model.npz"));
    byte[] statistics = Files.readAllBytes(out.resolve("nn_stats.npz"));
    Files.write(out.resolve("nn_model.npz"), otherModel);
    forge("files.nn_model.npz", sha256(out.resolve("nn_model.npz")));
    refused("files.nn_model.npz ", "");
    Files.write(out.resolve("nn_model.npz"), model);

    Files.write(out.resolve("nn_stats.npz"), otherStatistics);
    Files.writeString(out.resolve("run.json"), json);
    forge("files.nn_stats.npz", sha256(out.resolve("nn_stats.npz")));
    refused("differs from epoch 0 on: train loss", "");
    Map<String, NdArray> arrays = new TreeMap<>();
    arrays.put("test_acc", NdArray.of(new double[] {0, 1}, 1, 2)); // no command reads this array
    try (Npz npz = Npz.open(new ByteArrayInputStream(statistics), "statistics")) {
      for (String name : npz.names()) {
        arrays.put(name, npz.read(name));
      }
    }
    Npz.write(out.resolve("nn_stats.npz"), arrays);
    forge("files.nn_stats.npz", sha256(out.resolve("nn_stats.npz")));
    refused("files.nn_stats.npz ", "");
    Files.write(out.resolve("nn_stats.npz"), statistics);

    Files.writeString(out.resolve("run.json"), json);
    verified("");
  }

  /**
   * A name with a line break also works in the options of a record, of a checkpoint and of verify.
   */
  @Test
  void aColumnWhoseNameGoesOverTwoLines() throws IOException {
    Path table =
        Files.writeString(directory.resolve("t.csv"), "x,\"a\nb\"\n" + "1,yes\n2,no\n".repeat(12));
    List<String> words = new ArrayList<>(List.of("train", table.toString(), "--target", "a\nb"));
    words.addAll(List.of("--epochs", "2", "--hidden", "2", "--checkpoint-every", "1e-9"));
    words.addAll(List.of("--out", out.toString()));
    Run run = Run.of(words.toArray(String[]::new)).ok();
    verified("");
    run("train --resume --epochs 3 --out", out).ok();
    verified("");
  }

  /** A run in shards is verified, and goes on, with its shards. */
  @Test
  void shardsAreRepeated() throws IOException {
    String digits = OwnJvm.ROOT.resolve("data/digits.npz").toString();
    String options =
        "train --hidden 8 --batch-size 256 --dropout 0.2 --checkpoint-every 1e-9 --data";
    run(options, digits, "--epochs 2 --shards 4 --out", out).ok();
    Path whole = directory.resolve("whole");
    run(options, digits, "--epochs 4 --shards 4 --out", whole).ok();
    Path other = directory.resolve("other");
    run(options, digits, "--epochs 4 --shards 2 --out", other).ok();
    assertEquals("4", RunRecord.of(out).object("given").get("shards"));
    verified("");
    run("train --resume --epochs 4 --out", out).ok();
    verified("");
    Path one = directory.resolve("one");
    run(options, digits, "--epochs 4 --shards 1 --out", one).ok();
    run(options, digits, "--epochs 4 --out", directory.resolve("none")).ok();
    List<Object> finals = new ArrayList<>();
    for (Path run : List.of(out, whole, other, one, directory.resolve("none"))) {
      finals.add(RunRecord.of(run).object("weights").get("final"));
    }
    assertEquals(finals.get(1), finals.get(0));
    assertEquals(finals.get(4), finals.get(3));
    assertEquals(3, Set.copyOf(finals).size());
  }

  /** A schedule has as many epochs as the training unless the user gives another number. */
  @ParameterizedTest
  @CsvSource({
    "schedule-epochs, --schedule cosine",
    "dropout-epochs, --dropout 0.3 --dropout-schedule flat-cosine"
  })
  void onlyOptionsThatWereGivenAreShownAsSuch(String curve, String options) throws IOException {
    trained(options + " --checkpoint-every 1e-9");
    assertEquals(false, RunRecord.of(out).object("given").containsKey(curve));
    assertEquals("5", RunRecord.of(out).object("options").get(curve));
    assertTrue(!Files.readString(out.resolve("report.html")).contains("--" + curve));
    run("train --resume --out", out).ok();
    assertEquals(false, RunRecord.of(out).object("given").containsKey(curve));
    run("train --resume --epochs 6 --out", out).ok();
    assertEquals("5", RunRecord.of(out).object("given").get(curve), "as it was");
  }

  /** The command of a record gives the same model; its words are quoted for a shell. */
  @Test
  void theCommandOfARecordTrainsTheModel() throws IOException {
    trained("--target sold --missing=it's,NA --data " + Fixtures.rooms(directory));
    String command = RunRecord.of(out).command();
    assertTrue(command.contains(" '--missing=it'\\''s,NA' "), command);
    String words = command.replace("'--missing=it'\\''s,NA'", "--missing=it's,NA");
    Path again = directory.resolve("again");
    Run.line(words.replace("lanewise ", ""), "--out", again).ok();
    assertArrayEquals(
        Files.readAllBytes(out.resolve("nn_model.npz")),
        Files.readAllBytes(again.resolve("nn_model.npz")));
  }

  /** What an earlier version said of removed rows is not compared, so nothing is confirmed. */
  @Test
  void aRecordOfRemovedRowsIsRefused() throws IOException {
    trained("");
    Path forgotten = Files.writeString(out.resolve("forgotten.json"), "{}");
    refused(forgotten + ": a record of removed rows by an earlier version, ", "");
    Files.delete(forgotten);
    verified("");
    Set<String> own = Fixtures.names(out);
    for (String name : List.of("forgotten.json", "receipt.json", "kept_1_2.npz")) {
      Files.createFile(out.resolve(name));
    }
    trained("--seed 1");
    assertEquals(own, Fixtures.names(out), "no old file survives beside another model");
  }

  /** A model in the directory of a diverged run is refused. */
  @Test
  void aRunThatDivergedLeavesNoModel() throws IOException {
    trained("");
    Path model = Files.move(out.resolve("nn_model.npz"), directory.resolve("m.npz"));
    run("train --eta 1e30 --epochs 9 --data", data, "--out", out).failed();
    assertEquals("diverged", record().get("outcome"));
    verified("");
    Files.copy(model, out.resolve("nn_model.npz"));
    refused("nn_model.npz: there is a model, expected none as the run diverged", "");
  }

  /**
   * A name that occurs twice is refused, because programs differ in which of its values they use.
   */
  @Test
  void noMemberStandsTwiceInARecord() throws IOException {
    trained("");
    Path file = out.resolve("run.json");
    String text =
        Files.readString(file).replace("  \"metrics\"", "  \"loss\": \"x\",\n  \"metrics\"");
    String head = text.substring(0, text.lastIndexOf("  \"sha256\""));
    Files.writeString(file, head + "  \"sha256\": \"" + FileDigest.sha256(head) + "\"\n}\n");
    refused("is one of two members loss, expected each name once", "");
  }

  @Test
  void otherDefaultsAreNamed() throws IOException {
    trained("");
    forge("options.eta", "0.02");
    refused("run.json: --eta was 0.02, and is 0.01 in this version", "");
    forge("format", 1.0);
    refused("run.json: format 1.0, expected 3: its figures or presets mean", "");
    forge("format", 4.0);
    refused("run.json: format 4.0, expected 3", "");
  }
}
