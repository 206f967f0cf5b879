package dev.lanewise.cli.live;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.lanewise.cli.print.ProgressBar;
import dev.lanewise.cli.print.PythonFormat;
import dev.lanewise.cli.runs.RunFiles;
import dev.lanewise.cli.runs.RunRecord;
import dev.lanewise.format.FormatException;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.report.Report;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.History;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the log of a training, also while it grows, and draws what a page shows of it. */
public final class RunWatcher implements LiveSource {
  private static final int MOST = 8192; // epochs, of which a drawing takes some milliseconds
  private static final int RECENT = 100; // epochs by which the speed is measured
  private static final List<Integer> UNKNOWN = List.of(-2); // epoch whose weights are kept

  final Path directory;
  private final List<List<EpochResult>> networks = new ArrayList<>();
  // norms after these numbers of epochs
  private final Map<Integer, double[]> norms = new TreeMap<>();
  private Path file; // the log of the run, or of the network that is trained now
  private long at; // bytes of the log that were read
  private String written; // when, to the second
  private Mlp model; // has the depth, the loss and the scaling of targets of the networks
  private int epochs;
  private int rows;
  String end; // name of the last event; null while the training goes on
  private boolean hasReport;
  private final Map<String, String> result = new LinkedHashMap<>(); // figures after the end

  public RunWatcher(Path directory) {
    this.directory = directory;
  }

  @Override
  public String title() {
    return directory.toString();
  }

  @Override
  public boolean hasEnded() {
    return end != null;
  }

  /** Reads what is new: of the file that grows if there is one, else of the log. */
  @Override
  public void read() throws IOException {
    Path growing = directory.resolve(RunFiles.GROWING);
    Path now = Files.exists(growing) ? growing : directory.resolve(RunFiles.LOG);
    try (InputStream in = Files.newInputStream(now)) {
      if (!now.equals(file) || Files.size(now) < at) { // another one, which has all epochs
        file = now;
        at = 0;
      }
      written = Files.getLastModifiedTime(now).toString().replaceFirst("\\..*", "Z");
      in.skipNBytes(at);
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, ISO_8859_1)); // bytes
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Map<String, Object> event = new LinkedHashMap<>();
        try {
          event.put("", RunRecord.parsed(line.getBytes(ISO_8859_1), file.toString()));
        } catch (FormatException e) { // a part of a line, of which the rest may come
          file = lines.readLine() == null ? file : null; // or that of another file
          return;
        }
        take(new RunRecord(file, new RunRecord(file, event).object("")));
        at += line.length() + 1;
      }
    }
  }

  private void take(RunRecord event) throws FormatException {
    String name = event.text("event");
    if ("start".equals(name)) {
      begin(event);
    } else if (model == null) {
      throw new FormatException(
          file.toString(),
          "its first line does not say that a run" + " started, expected the log of a run");
    } else if (name.equals("epoch")) {
      epoch(event, event.number("member", 1));
    } else {
      end = name;
      List<?> files = event.get(List.class, "files");
      hasReport =
          files != null && files.stream().anyMatch(f -> f.toString().endsWith(RunFiles.REPORT));
      for (String split : List.of("test", "valid")) {
        for (Map.Entry<String, Object> figure : event.object(split).entrySet()) {
          if (figure.getValue() instanceof Double value && !figure.getKey().equals("acc")) {
            result.put(
                split + " " + figure.getKey().replace('_', ' '), PythonFormat.measure(value));
          }
        }
      }
    }
  }

  @Override
  public String report() throws IOException {
    return hasReport ? Files.readString(directory.resolve(RunFiles.REPORT)) : null;
  }

  private void begin(RunRecord start) throws FormatException {
    String loss = start.text("model", "loss");
    if (loss == null) {
      throw new FormatException(
          file.toString(), "of an earlier version, expected a loss; report shows such a run");
    }
    networks.clear();
    norms.clear();
    end = null;
    hasReport = false;
    result.clear();
    epochs = start.get(Double.class, "options", "epochs").intValue();
    rows = start.get(Double.class, "model", "train_rows").intValue();
    Double members = start.get(Double.class, "model", "members");
    for (int m = 0; m < (members == null ? 1 : members); m++) {
      networks.add(new ArrayList<>());
    }
    List<?> hidden = start.get(List.class, "model", "hidden");
    boolean isScaled = !"none".equals(start.text("data", "target_scaling"));
    Architecture small = Architecture.relu(1, Collections.nCopies(hidden.size(), 1), 1);
    model =
        Mlp.initial(small, Initializer.COURSE, 0)
            .withLoss(Loss.of(loss))
            .withTargetScaling(isScaled ? Scaling.divide(1) : Scaling.none());
  }

  private void epoch(RunRecord event, int member) throws FormatException {
    EpochResult result =
        new EpochResult(
            event.number("epoch", 0),
            epochs,
            value(event, "train_ce"),
            value(event, "train_acc"),
            value(event, "train_ce_mean"),
            value(event, "train_acc_mean"),
            value(event, "valid_ce"),
            value(event, "valid_acc"),
            value(event, "seconds"),
            rows,
            value(event, "eta"));
    List<EpochResult> shown = networks.get(member - 1);
    int i = shown.size();
    while (i > 0 && shown.get(i - 1).epoch() > result.epoch()) {
      i--; // the best one may be written after later ones
    }
    if (i == 0 || shown.get(i - 1).epoch() < result.epoch()) {
      shown.add(i, result);
    }
    if (shown.size() > MOST && networks.size() == 1) {
      int best = new History(shown).bestEpoch();
      long stride = Long.highestOneBit(1 + 4L * result.epoch() / MOST); // leaves at most half
      shown.removeIf(each -> each.epoch() % stride != 0 && each.epoch() != best);
    }
    List<?> all = event.get(List.class, "norms");
    if (member == 1 && all != null && !all.contains(null)) {
      double[] ofLayers = all.stream().mapToDouble(each -> (Double) each).toArray();
      norms.put(result.epoch() + 1, ofLayers);
    }
  }

  private static double value(RunRecord event, String name) throws FormatException {
    Double value = event.get(Double.class, name);
    return value == null ? Double.NaN : value;
  }

  @Override
  public String html() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(end == null ? "Last line written" : "Training ended", end == null ? written : end);
    facts.putAll(result);
    History means = History.of(networks.stream().map(History::new).toList());
    if (means.epochs() > 0) {
      EpochResult last = means.results().get(means.epochs() - 1);
      int done = last.epoch() + 1;
      int from = Math.max(0, means.epochs() - RECENT);
      double seconds = 0; // duration of a recent epoch of all networks
      for (EpochResult each : means.results().subList(from, means.epochs())) {
        seconds += each.seconds() / (means.epochs() - from) / networks.size();
      }
      facts.put("Epochs", done + " of " + epochs);
      facts.put("Learning rate", PythonFormat.measure(last.learningRate()));
      facts.put("Rows a second", "" + Math.round(last.rows() / seconds));
      facts.put(
          "Time left, at most", end == null ? ProgressBar.time((epochs - done) * seconds) : "none");
    }
    return new Report("", Model.of(model)).history(means, UNKNOWN).norms(norms).training(facts);
  }
}
