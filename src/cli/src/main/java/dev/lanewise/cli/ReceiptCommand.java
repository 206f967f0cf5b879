package dev.lanewise.cli;

import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.Interruption;
import dev.lanewise.cli.options.Role;
import dev.lanewise.cli.print.Json;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.cli.print.Result;
import dev.lanewise.cli.print.Shown;
import dev.lanewise.cli.runs.FileDigest;
import dev.lanewise.cli.runs.MerkleTree;
import dev.lanewise.cli.runs.RecordDifference;
import dev.lanewise.cli.runs.RunDirectory;
import dev.lanewise.cli.runs.RunFiles;
import dev.lanewise.cli.runs.RunRecord;
import dev.lanewise.cli.runs.SigningKey;
import dev.lanewise.cli.training.RecordedStates;
import dev.lanewise.cli.training.RestoredRun;
import dev.lanewise.cli.verification.RecordComparison;
import dev.lanewise.cli.verification.Verification;
import dev.lanewise.format.FormatException;
import dev.lanewise.model.Model;
import dev.lanewise.rows.Division;
import dev.lanewise.train.History;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code receipt}: a short record of a provable run, which can be signed, given away, and compared
 * with the run later. It has digests of whole files and of states only, none of single rows, which
 * could be guessed from them. {@link MerkleTree} makes one digest of the digests of all states: its
 * leaves are the states after each epoch, of the first network, then of the next.
 */
final class ReceiptCommand implements Command {
  private static final String SIGNATURE = "signature";

  /** Members of run.json that are compared with files: with each other, and with the data. */
  private static final List<String> COMPARED =
      List.of("format", "data", "weights.final", "files", "sha256");

  /** Other members, which only a training can confirm, followed by those that nothing confirms. */
  private static final List<String> NOT_COMPARED =
      Stream.concat(
              Stream.of(
                  ("outcome train_rows epochs steps best_epoch loss metrics given options"
                          + " schema_sha256 weights.initial weights.after_epochs norms states"
                          + " members")
                      .split(" ")),
              RecordComparison.NOT_COMPARED.stream())
          .toList();

  private Path directory;
  private RunRecord record;
  private Model model;
  private List<RunRecord> networks;

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    boolean checks = arguments.has("check");
    if (checks) {
      arguments.refuse("not together with --check, which writes nothing", "out", "sign");
    } else {
      arguments.refuse("works with --check only", "public");
    }
    directory = arguments.file(0);
    Json receipt = receipt(arguments);
    if (checks) {
      check(arguments, receipt, output);
      return;
    }
    Path out = out(arguments);
    String text = RunRecord.text(receipt);
    if (arguments.has("sign")) {
      receipt.put(SIGNATURE, SigningKey.sign(arguments.path("sign"), unsealed(text)));
      text = RunRecord.text(receipt);
    }
    RunDirectory.write(out, text);
    boolean isSigned = arguments.has("sign");
    end(
        new Result("receipt", output)
            .put("file", out)
            .put("root", ((Json) receipt.members.get(RecordedStates.STATES)).members.get("root"))
            .say("Root {root} of {states} states", RecordedStates.STATES, states().size())
            .note(
                "Saved {file}, {signed}; it supports evidence together with verify, which trains"
                    + " again",
                "signed",
                new Shown(isSigned, isSigned ? "signed" : "not signed (--sign key.pem)")));
  }

  /** Returns the file to write, which may replace a receipt but nothing else. */
  private Path out(Arguments arguments) throws IOException {
    Path out = arguments.has("out") ? arguments.path("out") : directory.resolve(RunFiles.RECEIPT);
    try {
      if (Files.exists(out) && RunRecord.read(out).members().containsKey("receipt")) {
        return out;
      }
    } catch (FormatException e) {
      // Something else.
    }
    if (Files.exists(out)) {
      throw Problem.failure(
          "%s: exists and is not a receipt, expected a new name, as the file" + " would be lost",
          out);
    }
    return out;
  }

  /** Returns the receipt of a run, whose files must be as it left them. */
  private Json receipt(Arguments arguments) throws IOException {
    Verification run = new Verification();
    record = run.open(directory);
    requireKnown();
    networks =
        record.networks(History.load(directory.resolve(RunFiles.STATISTICS)).members().size());
    for (RunRecord network : networks) {
      RecordedStates.require(network);
    }
    List<Json> data = new ArrayList<>();
    for (Json file : new RestoredRun(record).data(arguments)) {
      data.add(
          new Json()
              .put("option", file.members.get("option"))
              .put("size", file.members.get("size"))
              .put("sha256", file.members.get("sha256")));
    }
    model = Model.load(directory.resolve(RunFiles.MODEL));
    String weights = record.text("weights", "final");
    if (!model.sha256().equals(weights)) {
      throw Problem.failure(
          "%s: weights sha256 %s, expected %s as %s says",
          directory.resolve(RunFiles.MODEL),
          FileDigest.brief(model.sha256()),
          FileDigest.brief(weights),
          record.file());
    }
    Map<String, Object> options = record.object("options");
    options.keySet().removeIf(option -> !Role.isCompared(option));
    return new Json()
        .put("format", RunRecord.FORMAT)
        .put("receipt", "of a training")
        .put("version", record.get(Object.class, "machine", "version"))
        .put("jdk", record.get(Object.class, "machine", "jdk"))
        .put("jar_sha256", record.text("jar_sha256"))
        .put("outcome", record.text("outcome"))
        .put("options", json(options))
        .put("data", data)
        .put("schema_sha256", record.text("schema_sha256"))
        .put("division", model.division().map(ReceiptCommand::json).orElse(null))
        .put("networks", networks())
        .put(
            RecordedStates.STATES,
            new Json().put("count", states().size()).put("root", MerkleTree.root(states())))
        .put("model", new Json().put("sha256", file(RunFiles.MODEL)).put("weights_sha256", weights))
        .put("statistics_sha256", file(RunFiles.STATISTICS))
        .put("run_sha256", record.text("sha256"));
  }

  /** Refuses a member of the record that is on none of the lists. */
  private void requireKnown() throws IOException {
    Map<String, Object> names = record.object();
    names.remove("weights");
    record.object("weights").forEach((name, value) -> names.put("weights." + name, value));
    names.keySet().removeAll(COMPARED);
    names.keySet().removeAll(NOT_COMPARED);
    for (String name : names.keySet()) {
      throw Problem.failure("%s: %s, expected nothing of that name", record.file(), name);
    }
  }

  private String file(String name) throws IOException {
    return record.text("files", name);
  }

  private static Json json(Map<String, Object> options) {
    Json json = new Json();
    options.forEach(json::put);
    return json;
  }

  /** Describes the division without the fingerprints of its rows. */
  private static Json json(Division division) {
    return new Json().put("rule", division.toString()).put("values_sha256", division.digest());
  }

  private List<Json> networks() throws IOException {
    List<Json> all = new ArrayList<>();
    for (RunRecord network : networks) {
      int best = network.number("best_epoch", -1);
      all.add(
          new Json()
              .put("train_rows", network.number("train_rows", -1))
              .put("epochs", network.number("epochs", -1))
              .put("best_epoch", best < 0 ? null : best)
              .put("initial_weights_sha256", network.text("weights", "initial"))
              .put("weights_sha256", network.text("weights", "final")));
    }
    return all;
  }

  /** Returns the leaves: the digests of the states of all networks in order. */
  private List<String> states() throws IOException {
    List<String> all = new ArrayList<>();
    for (RunRecord network : networks) {
      List<?> states = network.get(List.class, RecordedStates.STATES);
      states.forEach(state -> all.add(state.toString()));
    }
    return all;
  }

  /** Returns a text without its last member, the digest of the members before. */
  private static String unsealed(String text) {
    return text.substring(0, text.lastIndexOf("  \"sha256\": "));
  }

  /** Compares a receipt with what the run would have, and checks its signature. */
  private void check(Arguments arguments, Json receipt, Output output) throws IOException {
    Path file = arguments.path("check");
    RunRecord given = RunRecord.read(file);
    Map<String, Object> found = new LinkedHashMap<>(given.members());
    found.remove("sha256");
    Object signature = found.remove(SIGNATURE);
    byte[] text = receipt.toString().getBytes(StandardCharsets.UTF_8);
    RecordDifference first = RecordDifference.of("", found, RunRecord.parsed(text, ""));
    if (first != null) {
      String name =
          first.name().equals(RecordedStates.STATES + ".root")
              ? "states.root, of the digests of all states,"
              : first.name();
      throw Problem.failure(
          "%s: %s is %s, expected %s as in %s",
          file,
          name,
          RecordDifference.brief(first.recorded()),
          RecordDifference.brief(first.again()),
          directory);
    }
    String expected = RunRecord.text(receipt);
    String signed = unsealed(expected);
    if (signature != null) {
      expected = RunRecord.text(receipt.put(SIGNATURE, signature));
    }
    if (!Files.readString(file).equals(expected)) {
      throw Problem.failure(
          "%s: the right members in another spelling, expected the text that receipt wrote", file);
    }
    boolean isSigned = signature != null;
    if (isSigned != arguments.has("public")) {
      throw Problem.failure(
          isSigned
              ? "%s: signed, expected --public FILE with the public key of the signer"
              : "%s: not signed, expected a signature to check with --public (receipt --sign)",
          file);
    }
    if (isSigned && !SigningKey.isSigned(arguments.path("public"), signed, "" + signature)) {
      throw Problem.failure(
          "%s: signature that %s does not confirm, expected the signature of its owner",
          file, arguments.path("public"));
    }
    String how = isSigned ? "and signed by the owner of the key" : "but not signed by anybody";
    end(
        new Result("checked", output)
            .put("run", directory)
            .say(
                "checked: the receipt is that of {run}, {signed}",
                "signed",
                new Shown(isSigned, how)));
  }

  /** Prints what only a training can confirm, or nothing. */
  private static void end(Result result) {
    result
        .say(
            "Not compared: {not_compared}, as that takes a training (verify)",
            "not_compared",
            NOT_COMPARED)
        .end();
  }
}
