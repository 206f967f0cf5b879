package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.lanewise.cli.options.Interruption;
import dev.lanewise.cli.runs.FileDigest;
import dev.lanewise.cli.runs.RunRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests {@code forget}: what it removes, what it leaves, and what it refuses. */
class ForgetTest {
  private static final String OPTIONS = "--hidden 5 --epochs 2 --seed 3 --members 1";

  @TempDir Path directory;
  private Path data;
  private Path run;
  private Path out;

  @BeforeEach
  void setUp() throws IOException {
    data = Fixtures.rooms(directory);
    run = directory.resolve("run");
    out = directory.resolve("out");
  }

  private void train(Object... more) {
    Run.line("train", data, "--out", run, OPTIONS, Run.words(more)).ok();
  }

  private Run forget(Object... words) {
    return Run.line("forget", run, "--out", out, Run.words(words));
  }

  private Path rows(String... lines) throws IOException {
    return Fixtures.text(directory.resolve("rows.csv"), String.join("\n", lines));
  }

  /** Returns the digests of all files in a directory. */
  private static Map<String, String> digests(Path folder) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    for (String name : Fixtures.names(folder)) {
      digests.put(name, FileDigest.one("", folder.resolve(name)).sha256());
    }
    return digests;
  }

  /** A file keeps its mark, line ends, quotes and empty lines, and loses only the rows. */
  @ParameterizedTest
  @ValueSource(strings = {"rooms.csv", "rooms.csv.gz"})
  void theRestIsByteForByteTheOldFile(String name) throws Exception {
    List<String> lines = new ArrayList<>(Files.readAllLines(data));
    lines.set(5, "\"12\",4,\"a\",\"yes\"");
    String removed = " 9 ,\"1,5\r\nand\n\n\"\"x\"\"\", a,yes";
    lines.set(8, removed);
    lines.set(9, "\r\n" + lines.get(9));
    String last = lines.remove(lines.size() - 1);
    String text = "\ufeff" + String.join("\r\n", lines) + "\n\n" + last;
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    data = directory.resolve(name);
    Files.write(data, name.endsWith("gz") ? RandomTable.gzip(bytes) : bytes);
    train("--ignore age");
    Map<String, String> before = digests(run);

    forget("--index 7,149").ok("Forgets 2 of 150 rows of " + data + " (7, 149)");

    Path rest = out.resolve(name.replace("rooms", "remaining"));
    byte[] found = Files.readAllBytes(rest);
    if (name.endsWith("gz")) {
      found = new GZIPInputStream(new ByteArrayInputStream(found)).readAllBytes();
    }
    String expected = text.replace(removed + "\r\n", "");
    expected = expected.substring(0, expected.length() - last.length());
    assertEquals(expected, new String(found, StandardCharsets.UTF_8));
    assertEquals(before, digests(run));
    RunRecord manifest = RunRecord.read(out.resolve("forgotten.json"));
    byte[] salt = HexFormat.of().parseHex(manifest.text("salt"));
    List<String> digests = new ArrayList<>();
    for (String row : List.of(removed, last)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(salt);
      digests.add(HexFormat.of().formatHex(digest.digest(row.getBytes(StandardCharsets.UTF_8))));
    }
    Map<?, ?> part = (Map<?, ?>) manifest.get(List.class, "removed").get(0);
    assertEquals(digests, part.get("row_digests"));
    assertEquals(32, salt.length);
    assertEquals(List.of(150.0, 2.0), List.of(part.get("rows_before"), part.get("rows_removed")));
  }

  /** The manifest has the digests of both models, and the command gives the same model. */
  @Test
  void anyoneCanCheckTheModel() throws IOException {
    train("--missing=it's,NA");
    forget("--index 3,17,20-29,17").ok("forgotten: 12 rows; " + out.resolve("forgotten.json"));
    RunRecord manifest = RunRecord.read(out.resolve("forgotten.json"));
    for (Path of : List.of(run, out)) {
      RunRecord record = RunRecord.of(of);
      String which = of.equals(run) ? "old_model" : "new_model";
      assertEquals(record.text("weights", "final"), manifest.text(which, "weights_sha256"));
      Path model = of.resolve("nn_model.npz");
      assertEquals(FileDigest.one("", model).sha256(), manifest.text(which, "file_sha256"));
    }
    Map<?, ?> file = (Map<?, ?>) manifest.get(List.class, "data").get(0);
    assertEquals(FileDigest.of(data).sha256(), file.get("old_sha256"));
    assertEquals(FileDigest.of(out.resolve("remaining.csv")).sha256(), file.get("new_sha256"));
    String command = manifest.text("command");
    assertTrue(command.contains(" '--missing=it'\\''s,NA' "), command);
    Path again = directory.resolve("again");
    String words = command.replace("'--missing=it'\\''s,NA'", "--missing=it's,NA");
    Run.of(words.replace("lanewise ", "").replace("DIR", again.toString()).split(" ")).ok();
    assertArrayEquals(
        Files.readAllBytes(again.resolve("nn_model.npz")),
        Files.readAllBytes(out.resolve("nn_model.npz")));
    assertNotEquals(
        manifest.text("old_model", "weights_sha256"), manifest.text("new_model", "weights_sha256"));
    Run.line("verify", out).ok("verified: same weights, same metrics");
    Path second = directory.resolve("second"); // another salt
    Run.line("forget", run, "--out", second, "--index 3,17,20-29").ok();
    RunRecord other = RunRecord.read(second.resolve("forgotten.json"));
    assertNotEquals(manifest.text("salt"), other.text("salt"));
    assertEquals(manifest.text("new_model", "file_sha256"), other.text("new_model", "file_sha256"));
  }

  /** verify compares what the record says of the new run and of the rows that remain. */
  @Test
  void aFalseRecordIsRefused() throws IOException {
    train();
    forget("--index 3,17").ok();
    Path file = out.resolve("forgotten.json");
    Map<String, Object> members = RunRecord.read(file).object();
    for (String name :
        List.of(
            "format",
            "removed[0].option",
            "removed[0].rows_before",
            "removed[0].rows_removed",
            "data[0].new",
            "data[0].new_sha256",
            "new_model.weights_sha256",
            "new_model.file_sha256",
            "command",
            "row_digest",
            "promise")) {
      Forger.write(file, Forger.with(members, name));
      Run.line("verify", out).failed(file + ": " + name + " is ", "expected");
      Forger.write(file, Forger.without(members, name));
      Run.line("verify", out).failed(file.toString(), "expected");
    }
    for (String name : List.of("removed[0].row_digests[1]", "removed[0]", "salt", "run")) {
      Forger.write(file, Forger.without(members, name));
      Run.line("verify", out).failed(file.toString(), "expected");
    }
    members.put("audited", "yes");
    Forger.write(file, members);
    Run.line("verify", out).failed(file + ": audited is yes, expected nothing of that name");
  }

  /** Numbers of rows are those that predict prints. */
  @Test
  void rowsAreNumberedAsPredictDoes() throws IOException {
    train();
    List<String> predicted =
        Run.line("predict --split train --model", run, "--data", data).ok().lines();
    String number = predicted.get(9).split(",")[0];
    String line = Files.readAllLines(data).get(1 + Integer.parseInt(number));
    forget("--index", number).ok();
    List<String> expected = new ArrayList<>(Files.readAllLines(data));
    expected.remove(1 + Integer.parseInt(number));
    assertEquals(expected, Files.readAllLines(out.resolve("remaining.csv")), line);
  }

  /** Values decide, not the way they are written, the order of columns or the separator. */
  @Test
  void equalRowsAreFound() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(data));
    lines.set(1, "7,NA,a,yes");
    lines.set(2, "7.0,?,a,yes");
    lines.set(3, "7,0,a,yes");
    lines.set(4, "7,,b,yes");
    lines.set(5, "9007199254740993,1,a,no");
    lines.set(6, "9007199254740992,1,a,no");
    lines.set(7, "007,1,a,no");
    Files.write(data, lines);
    train();
    Path rows = rows("kind;area;age", "a;7e0;", "\"a\";9007199254740993;+1");
    forget("--rows", rows)
        .ok(
            rows + ", line 2: 2 rows have these values",
            "Forgets 3 of 150 rows of " + data + " (0, 1, 4)");
    lines.removeAll(List.of(lines.get(1), lines.get(2), lines.get(5)));
    assertEquals(lines, Files.readAllLines(out.resolve("remaining.csv")));
    Run.line("verify", out).ok("verified: same weights, same metrics");
  }

  @Test
  void rowsOfATableWithoutNamesAreFoundByPosition() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(data).subList(1, 151));
    lines.set(0, "1000,5,c,no");
    Files.write(data, lines);
    train();
    forget("--rows", rows("1000,5,c,no")).ok("Forgets 1 of 150 rows");
    assertEquals(lines.subList(1, 150), Files.readAllLines(out.resolve("remaining.csv")));
    out = directory.resolve("other");
    forget("--rows", rows("1000,5,c")).failed("3 columns, expected 4 as " + data);
  }

  /** Without the first row, the second one would be taken for the names of the columns. */
  @Test
  void theRestIsReadAsBefore() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(data).subList(1, 151));
    lines.replaceAll(line -> line.replaceAll("^[0-9]*[0-5],[0-9]*", "x,y"));
    lines.set(0, "5,x,a,yes");
    lines.set(1, "x,y,b,no");
    Files.write(data, lines);
    train("--ignore 0,1");
    forget("--index 0").failed(run + ": without the rows, the first line would name the columns");
    assertFalse(Files.exists(out));
    Run.line("train", data, "--force --out", run, OPTIONS, "--ignore 0,1 --header no").ok();
    forget("--index 0").ok();
    assertEquals(lines.subList(1, 150), Files.readAllLines(out.resolve("remaining.csv")));
  }

  /** Rows are also removed from files with validation and test rows, which may be the only ones. */
  @Test
  void rowsOfOtherFilesAreForgotten() throws IOException {
    List<String> lines = Files.readAllLines(data);
    Path valid = directory.resolve("valid.csv");
    Path test = directory.resolve("test.csv");
    List<String> held = new ArrayList<>(lines.subList(0, 60));
    held.add(30, "4321,1,a,yes");
    Files.write(valid, held);
    Files.write(test, lines);
    train("--valid-data", valid, "--test-data", test);
    forget("--rows", rows("area", "4321")).ok("Forgets 1 of 60 rows of " + valid + " (29)");
    assertEquals(lines.subList(0, 60), Files.readAllLines(out.resolve("remaining_valid.csv")));
    assertFalse(Files.exists(out.resolve("remaining.csv")));
    Map<String, Object> given = RunRecord.of(out).object("given");
    assertEquals(data.toString(), given.get("data"));
    assertEquals(out.resolve("remaining_valid.csv").toString(), given.get("valid-data"));
    assertEquals(test.toString(), given.get("test-data"));
    Run.line("verify", out).ok("verified: same weights, same metrics");
    Path more = directory.resolve("more");
    Run.line("forget", run, "--out", more, "--rows", rows(lines.get(0), lines.get(7))).ok();
    for (String name : List.of("remaining.csv", "remaining_valid.csv", "remaining_test.csv")) {
      assertFalse(Files.readAllLines(more.resolve(name)).contains(lines.get(7)), name);
    }
  }

  /** What a search found on the rows is named, also when more rows are forgotten later. */
  @Test
  void optionsOfASearchAreNamed() throws IOException {
    Run.line(
            "search",
            data,
            "--out",
            run,
            "--eta 0.01,0.02 --hidden 4 --members 1 --epochs 2 --quiet")
        .ok();
    RunRecord search = RunRecord.read(run.resolve("search.json"));
    Map<String, Object> chosen = search.object("winner", "options");
    String named = "Not forgotten: --" + String.join(", --", chosen.keySet()) + ", which a search";
    forget("--index 3").ok(named);
    RunRecord manifest = RunRecord.read(out.resolve("forgotten.json"));
    assertEquals(chosen, manifest.object("options_of_search"));
    Path more = directory.resolve("more");
    Run.line("forget", out, "--out", more, "--index 5").ok(named);
    manifest = RunRecord.read(more.resolve("forgotten.json"));
    assertEquals(chosen, manifest.object("options_of_search"));
    Run.line("train", data, "--force --out", run, OPTIONS).ok(); // not the winner any more
    Run.line("forget", run, "--out", out, "--force --index 5").ok().omits("Not forgotten");
  }

  @Test
  void refusesWhatItCannotForget() throws IOException {
    train();
    String header = "area,age,kind,sold";
    String first = Files.readAllLines(data).get(1);
    Path rows = rows(header, first, "1,2,3,4", "", "5,6,7,8");
    forget("--rows", rows)
        .failedWith(
            rows
                + ": line 3 (and 1 more): no such row in "
                + data
                + ", expected a row with the same values in area, age, kind, sold");
    forget("--rows", rows("area,price", "1,2"))
        .failed(rows + ": column price, expected one of " + data + ": area, age, kind, sold");
    forget("--rows", rows("37,1,b,no", "1,2,a,yes")).failed(rows + ": column 37, expected one of");
    forget("--rows", rows("area,area", "1,2")).failed("two columns of one name");
    forget("--rows", rows(header, "1,2")).failed(rows + ": line 2 has 2 columns, expected 4");
    forget("--rows", rows(header)).failed(rows + ": no rows, expected the rows to forget");
    assertFalse(Files.exists(out));
    Files.writeString(data, Files.readString(data).replace("yes", "yep"));
    forget("--index 1").failed(data + ": changed: sha256 ");
    assertFalse(Files.exists(out));
  }

  @Test
  void refusesOtherDataAndOtherModels() throws IOException {
    Path arrays = Fixtures.data(directory.resolve("data.npz"));
    Run.line("train", arrays, "--hidden 3 --epochs 1 --quiet --out", run).ok();
    forget("--index 1").failed(arrays + ": not a table as text, expected a CSV file or the like");
    run = directory.resolve("first");
    train();
    Path model = run.resolve("nn_model.npz");
    run = directory.resolve("next");
    Run.line("train", data, "--epochs 1 --quiet --initial-model", model, "--out", run).ok();
    forget("--index 1").failed("the training began from the model " + model);
    run = directory.resolve("parts");
    Run.line("train --data", directory.resolve("room*.csv"), "--out", run, OPTIONS).ok();
    forget("--index 1").failed("several files, expected a single file (join them");
    assertFalse(Files.exists(out));
  }

  /** A directory with other files may hold the rows; files of a run need --force. */
  @Test
  void refusesADirectoryWithOtherFiles() throws IOException {
    train();
    forget("--index 1").ok();
    Map<String, String> before = digests(out);
    forget("--index 2").failed(out + ": holds ", "--force");
    Path other = Fixtures.text(out.resolve("predictions.csv"), "1");
    forget("--index 2 --force").failed(out + ": holds predictions.csv, expected", "may have");
    Files.delete(other);
    for (String name : List.of("remaining.csv.lanewise", ".lanewise-1a2b-3c.tmp", ".lanewise")) {
      Path hidden = Fixtures.text(out.resolve(name), "1"); // encoded rows, or a part of a file
      forget("--index 2 --force").failed(out + ": holds " + name + ", expected a new or empty");
      Files.delete(hidden);
    }
    Fixtures.text(out.resolve(".lanewise.lock"), "1"); // left by a killed run
    assertEquals(before.size() + 1, digests(out).size());
    Files.delete(out.resolve(".lanewise.lock"));
    assertEquals(before, digests(out));
    Fixtures.text(out.resolve("remaining_test.csv"), Files.readString(data));
    forget("--index 2 --force").ok();
    assertEquals(before.keySet(), digests(out).keySet());
    assertNotEquals(before, digests(out));
    Run.line("train", data, "--force --out", out, OPTIONS).ok(); // it knows the rows again
    assertFalse(Files.exists(out.resolve("forgotten.json")));
    assertTrue(Files.exists(out.resolve("remaining.csv")));
  }

  /** A training that is refused or diverges leaves nothing, and an earlier run stays. */
  @Test
  void aRefusedTrainingLeavesNothing() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(data).subList(0, 70));
    lines.replaceAll(line -> line.replaceAll("yes$", "no"));
    for (int i = 1; i < 30; i++) {
      lines.set(i, lines.get(i).replaceAll("no$", "yes"));
    }
    Files.write(data, lines);
    train();
    Path rows = rows("sold", "yes");
    forget("--rows", rows).failed();
    assertFalse(Files.exists(out));
    Run.line("train", data, "--out", out, OPTIONS).ok();
    Map<String, String> before = digests(out);
    forget("--force --rows", rows).failed();
    assertEquals(before, digests(out));
    run = directory.resolve("wild");
    out = directory.resolve("none");
    Run.line("train", data, "--preset course --hidden 5 --epochs 9 --eta 1e38 --out", run)
        .failed("diverged");
    forget("--index 1").failed("diverged");
    assertFalse(Files.exists(out));
  }

  /** Ctrl-C in the training leaves nothing, as what it leaves would look finished. */
  @Test
  void anInterruptedForgetLeavesNothing() throws Exception {
    assumeFalse(ProcessTest.isIgnored("INT"), "background jobs ignore the signal");
    for (List<Object> words :
        List.<List<Object>>of(
            List.of(
                "train", data, "--preset course --hidden 99,99 --epochs 90000 --json --out", run),
            List.of("forget", run, "--index 1 --json --out", out))) {
      Run.Started started = Run.start(directory, Run.words(words.toArray()));
      while (!Files.readString(started.out()).contains("\"event\":\"epoch\"")
          && started.process().isAlive()) {
        Thread.sleep(10);
      }
      assertEquals(words.contains(out), Files.exists(out.resolve("remaining.csv")));
      started.signal("INT");
      assertEquals(Interruption.EXIT_CODE, started.end().code());
    }
    assertTrue(Files.exists(run.resolve("run.json")));
    assertFalse(Files.exists(out));
    assertEquals(Set.of("rooms.csv", "run"), Fixtures.names(directory));
  }
}
