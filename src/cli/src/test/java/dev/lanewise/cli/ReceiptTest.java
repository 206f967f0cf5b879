package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.cli.runs.FileDigest;
import dev.lanewise.cli.runs.MerkleTree;
import dev.lanewise.cli.runs.RunRecord;
import dev.lanewise.format.internal.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests receipts of runs: what they say, and that each forged part is refused and named. */
class ReceiptTest {
  /** The keys of RFC 8410, section 10, as openssl writes them, too. */
  private static final String PRIVATE =
      """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
      -----END PRIVATE KEY-----
      """;

  private static final String PUBLIC =
      """
      -----BEGIN PUBLIC KEY-----
      MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
      -----END PUBLIC KEY-----
      """;

  @TempDir private Path directory;
  private Path run;
  private Path data;
  private Path receipt;
  private Path secret;
  private Path open;

  @BeforeEach
  void train() throws IOException {
    run = directory.resolve("run");
    data = Fixtures.rooms(directory);
    receipt = directory.resolve("receipt.json");
    secret = Fixtures.text(directory.resolve("key.pem"), PRIVATE);
    open = Fixtures.text(directory.resolve("public.pem"), PUBLIC);
    train("--provable");
  }

  private void train(String options) {
    Run.line(
            "train --hidden 5 --members 3 --binned-members 1 --epochs 4 --batch-size 32 --data",
            data,
            "--force --out",
            run,
            options)
        .ok();
  }

  private Run receipt(Object... words) {
    return Run.line("receipt", run, List.of(Run.words(words)));
  }

  private Run checked() {
    return receipt("--check", receipt, "--public", open);
  }

  private void signed() {
    receipt("--sign", secret, "--out", receipt).ok("Root ", " of 12 states");
    checked().ok("checked: the receipt is that of " + run + ", and signed by the owner");
  }

  @Test
  void aReceiptSaysWhatTheRunWasAndLeaksNoRowOrPath() throws IOException {
    receipt().ok("of 12 states", "supports evidence");
    Path file = run.resolve("receipt.json");
    String text = Files.readString(file);
    RunRecord made = RunRecord.read(file);
    RunRecord record = RunRecord.of(run);
    List<String> leaves = new ArrayList<>();
    for (RunRecord network : record.networks(3)) {
      List<?> states = network.get(List.class, "states");
      states.forEach(state -> leaves.add(state.toString()));
    }
    assertEquals(12, leaves.stream().distinct().count());
    assertEquals(MerkleTree.root(leaves), made.text("states", "root"));
    assertEquals(record.text("weights", "final"), made.text("model", "weights_sha256"));
    assertEquals("5", made.object("options").get("hidden"));
    assertFalse(text.contains(directory.toString()), text);
    for (String row : Files.readAllLines(data)) {
      assertFalse(text.contains(FileDigest.sha256(row)) || text.contains("\"" + row), text);
    }
    receipt().ok(); // it may be written again, with the same bytes
    assertEquals(text, Files.readString(file));
    receipt("--check", file).ok("checked: the receipt is that of " + run + ", but not signed");
    receipt("--out", data).failed("rooms.csv: exists and is not a receipt, expected a new name");
    Run.line("verify", run).ok("verified", "everything that --resume needs of each");
  }

  @Test
  void aRunWithoutTheDigestsIsRefused() throws IOException {
    train("--seed 0");
    receipt().failed("run.json: no states, expected", "train --provable");
    assertFalse(Files.exists(run.resolve("receipt.json")), "that of the earlier run is removed");
  }

  /** Also the bytes of the model are the same as without the digests. */
  @Test
  void theDigestsChangeNothing() throws IOException {
    byte[] model = Files.readAllBytes(run.resolve("nn_model.npz"));
    train("--checkpoint-every 1e-9");
    assertTrue(Arrays.equals(model, Files.readAllBytes(run.resolve("nn_model.npz"))), "bytes");
  }

  @Test
  void anyChangedMemberOfAReceiptIsNamed() throws IOException {
    signed();
    Map<String, Object> members = RunRecord.read(receipt).object();
    List<String> names = Forger.names(members);
    names.remove("sha256");
    assertTrue(names.size() > 60, names.toString());
    for (String name : names) {
      Forger.write(receipt, Forger.with(members, name));
      Run refused = checked().failed("expected");
      refused.warns(receipt + ": " + (name.equals("states.root") ? "states.root, of" : name) + " ");
    }
    for (String added : List.of("more", "options.more")) { // of the receipt, or of an object
      Map<String, Object> more = new LinkedHashMap<>(members);
      Map<String, Object> options = new LinkedHashMap<>(RunRecord.read(receipt).object("options"));
      (added.equals("more") ? more : options).put("more", "x");
      more.put("options", added.equals("more") ? members.get("options") : options);
      Forger.write(receipt, more);
      checked().failed(receipt + ": " + added + " is x, expected null");
    }
    Forger.write(receipt, members);
    checked().ok();
  }

  /** The file without a new seal, so that any byte may be changed. */
  @Test
  void anyChangedByteOfAReceiptIsRefused() throws IOException {
    signed();
    byte[] bytes = Files.readAllBytes(receipt);
    for (int i = 0; i < bytes.length; i += 7) {
      byte[] changed = bytes.clone();
      changed[i] ^= 1;
      Files.write(receipt, changed);
      checked().failed(receipt.toString());
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    String spaced = text.substring(0, text.lastIndexOf("  \"sha256\"")).replace("\": ", "\":  ");
    String seal = "  \"sha256\": \"" + FileDigest.sha256(spaced) + "\"\n}\n";
    Files.writeString(receipt, spaced + seal); // the same members in another text
    checked().failed("in another spelling");
  }

  @Test
  void anyChangedByteOfTheSignatureIsRefused() throws IOException {
    signed();
    Map<String, Object> members = RunRecord.read(receipt).object();
    String signature = "" + members.get("signature");
    assertEquals(64, Base64.getDecoder().decode(signature).length);
    for (int i = 0; i < signature.length(); i++) {
      for (String other : List.of("A", "z", "")) {
        String forged = signature.substring(0, i) + other + signature.substring(i + 1);
        if (!forged.equals(signature)) {
          members.put("signature", forged);
          Forger.write(receipt, members);
          checked().failed(receipt + ": signature that ");
        }
      }
    }
  }

  @Test
  void anotherSignerIsRefused() throws IOException, GeneralSecurityException {
    signed();
    KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Path own = directory.resolve("own.pem");
    String base64 = Base64.getMimeEncoder().encodeToString(other.getPrivate().getEncoded());
    Fixtures.text(own, PRIVATE.replaceAll("\n[^-]+\n", "\n" + base64 + "\n"));
    receipt("--sign", own, "--out", receipt).ok();
    checked().failed(receipt + ": signature that " + open + " does not confirm");
    receipt("--check", receipt).failed("signed, expected --public FILE");
    receipt("--out", receipt).ok();
    checked().failed(receipt + ": not signed, expected a signature");
    receipt("--sign", open, "--out", receipt).failed("--sign: " + open + " is not a PEM file with");
    receipt("--check", receipt, "--public", secret).failed("not signed");
    receipt("--sign", data).failed("openssl genpkey -algorithm ed25519");
    Fixtures.text(own, PRIVATE.replaceAll("MC4C", "MC4D"));
    receipt("--sign", own)
        .failed("--sign: " + own + " is not a PEM file with an Ed25519 PRIVATE KEY");
  }

  /** With the neutral point as key, the signature of every text is known without a secret. */
  @Test
  void aKeyOfLowOrderIsRefused() throws IOException {
    signed();
    Map<String, Object> members = RunRecord.read(receipt).object();
    String ofAnybody = "01" + "00".repeat(63);
    members.put(
        "signature", Base64.getEncoder().encodeToString(HexFormat.of().parseHex(ofAnybody)));
    Forger.write(receipt, members);
    String eight = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05";
    String other = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a";
    String prefix = "302a300506032b6570032100";
    for (String point :
        List.of(
            "01" + "00".repeat(31),
            "ec" + "ff".repeat(30) + "7f",
            "00".repeat(32),
            "00".repeat(31) + "80",
            eight,
            eight.substring(0, 62) + "85",
            other,
            other.substring(0, 62) + "fa")) {
      String base64 = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(prefix + point));
      Files.writeString(open, PUBLIC.replaceAll("\n[^-]+\n", "\n" + base64 + "\n"));
      checked().failed("--public: " + open + " has a key of low order", "expected a key as from");
    }
  }

  /** Someone changes the run and everything in it that depends on the change, as far as it goes. */
  @Test
  void anyChangedMemberOfTheRunIsNamed() throws IOException {
    signed();
    Map<String, Object> members = RunRecord.of(run).object();
    byte[] before = Files.readAllBytes(run.resolve("run.json"));
    for (String name :
        List.of(
            "options.eta",
            "options.hidden",
            "jar_sha256",
            "machine.jdk",
            "schema_sha256",
            "metrics.test.acc")) {
      Forger.write(run.resolve("run.json"), Forger.with(members, name));
      checked()
          .failed(
              name.startsWith("metrics")
                  ? "run_sha256 is "
                  : name.replace("machine.", "") + " is ");
    }
    for (int network = 0; network < 3; network++) {
      for (int epoch = 0; epoch < 4; epoch++) { // each leaf
        Forger.write(
            run.resolve("run.json"),
            Forger.with(members, "members[" + network + "].states[" + epoch + "]"));
        checked().failed(receipt + ": states.root, of the digests of all states, is ");
      }
    }
    Forger.write(run.resolve("run.json"), Forger.with(members, "data[0].sha256"));
    checked().failed("rooms.csv: changed: sha256 ");
    Forger.write(run.resolve("run.json"), Forger.with(members, "weights.final"));
    checked().failed("nn_model.npz: weights sha256 ");
    Forger.write(run.resolve("run.json"), Forger.with(members, "members[1].weights.final"));
    checked().failed("networks[1].weights_sha256 is ");
    Files.write(run.resolve("run.json"), before);
    checked().ok();
  }

  @Test
  void anyChangedFileIsNamed() throws IOException {
    signed();
    for (Path file :
        List.of(
            data,
            run.resolve("nn_model.npz"),
            run.resolve("nn_stats.npz"),
            run.resolve("run.json"))) {
      byte[] bytes = Files.readAllBytes(file);
      for (int i = 0; i < bytes.length; i += 1 + bytes.length / 12) {
        byte[] changed = bytes.clone();
        changed[i] ^= 1;
        Files.write(file, changed);
        checked().failed(file.getFileName().toString());
      }
      Files.write(file, bytes);
    }
    checked().ok();
    Path moved = Files.move(data, directory.resolve("moved.csv"));
    checked().failed("rooms.csv: no such file");
    receipt("--check", receipt, "--public", open, "--data", moved).ok("checked");
  }

  /** The tree of RFC 6962 written out for up to five leaves. */
  @Test
  void rootsAreThoseOfTheRfc() {
    List<String> leaves = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      leaves.add(FileDigest.sha256("leaf " + i));
    }
    String[] h = leaves.stream().map(leaf -> sha256("00" + leaf)).toArray(String[]::new);
    String first = sha256("01" + h[0] + h[1]);
    String four = sha256("01" + first + sha256("01" + h[2] + h[3]));
    assertEquals(FileDigest.sha256(""), MerkleTree.root(List.of()));
    assertEquals(h[0], MerkleTree.root(leaves.subList(0, 1)));
    assertEquals(first, MerkleTree.root(leaves.subList(0, 2)));
    assertEquals(sha256("01" + first + h[2]), MerkleTree.root(leaves.subList(0, 3)));
    assertEquals(four, MerkleTree.root(leaves.subList(0, 4)));
    assertEquals(sha256("01" + four + h[4]), MerkleTree.root(leaves.subList(0, 5)));
    String rest = sha256("01" + sha256("01" + h[4] + h[5]) + h[6]);
    assertEquals(sha256("01" + four + rest), MerkleTree.root(leaves));
  }

  private static String sha256(String hex) {
    MessageDigest digest = Bytes.sha256();
    return HexFormat.of().formatHex(digest.digest(HexFormat.of().parseHex(hex)));
  }
}
