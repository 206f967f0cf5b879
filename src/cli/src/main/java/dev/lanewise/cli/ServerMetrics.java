package dev.lanewise.cli;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** The counters of a server, in the text format of Prometheus (version 0.0.4). */
final class ServerMetrics {
  /** Upper bounds of the times of requests in seconds, each about twice the one before. */
  private static final double[] BOUNDS = {
    .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10
  };

  private static final double SECOND = 1e9;

  private final Map<String, Map<Integer, LongAdder>> requests = new ConcurrentSkipListMap<>();
  private final LongAdder[] times = new LongAdder[BOUNDS.length + 1];
  private final LongAdder nanos = new LongAdder();
  private final LongAdder scoringNanos = new LongAdder();
  private final LongAdder modelNanos = new LongAdder();
  private final LongAdder rows = new LongAdder();
  private final LongAdder unseen = new LongAdder();
  private final double started = System.currentTimeMillis() / 1e3;

  ServerMetrics() {
    for (int i = 0; i < times.length; i++) {
      times[i] = new LongAdder();
    }
  }

  /** Counts an answered request with its time. */
  void answered(String path, int status, long took) {
    requests
        .computeIfAbsent(path, key -> new ConcurrentSkipListMap<>())
        .computeIfAbsent(status, key -> new LongAdder())
        .increment();
    if (path.equals(ModelServer.PREDICT)) {
      int i = 0;
      while (i < BOUNDS.length && took > BOUNDS[i] * SECOND) {
        i++;
      }
      times[i].increment();
      nanos.add(took);
    }
  }

  /** Counts predicted rows with the time from body to results. */
  void scored(Scorer.Scored scored, long took) {
    rows.add(scored.rows);
    unseen.add(scored.unseen);
    scoringNanos.add(took);
    modelNanos.add(scored.nanos);
  }

  /** Returns all counters as text, with current values by their names. */
  String text(String model, Map<String, Number> now) {
    StringBuilder text = new StringBuilder();
    begin(text, "requests_total", "counter", "Requests that were answered.");
    requests.forEach(
        (path, codes) ->
            codes.forEach(
                (code, count) ->
                    line(
                        text,
                        "requests_total",
                        "path=\"" + path + "\",code=\"" + code + '"',
                        count)));
    begin(text, "request_seconds", "histogram", "Time of a request for predictions.");
    long count = 0;
    for (int i = 0; i < times.length; i++) {
      count += times[i].sum();
      String bound = i < BOUNDS.length ? Double.toString(BOUNDS[i]) : "+Inf";
      line(text, "request_seconds_bucket", "le=\"" + bound + '"', count);
    }
    line(text, "request_seconds_sum", "", nanos.sum() / SECOND);
    line(text, "request_seconds_count", "", count);
    Map<String, Number> sums = new TreeMap<>();
    sums.put("rows_total counter Rows that were predicted.", rows);
    sums.put(
        "unseen_values_total counter Categories that the model does not know, and gaps where its"
            + " training rows had none.",
        unseen);
    sums.put(
        "scoring_seconds_total counter Time from the bodies of requests to results.",
        scoringNanos.sum() / SECOND);
    sums.put(
        "model_seconds_total counter Time of the model alone, within that of scoring.",
        modelNanos.sum() / SECOND);
    sums.put("start_time_seconds gauge When the server began, since 1970.", started);
    sums.putAll(now);
    sums.forEach(
        (words, number) -> {
          String[] parts = words.split(" ", 3);
          begin(text, parts[0], parts[1], parts[2]);
          line(text, parts[0], "", number);
        });
    begin(text, "model_info", "gauge", "The model that answers.");
    line(text, "model_info", "sha256=\"" + model + "\",version=\"" + Usage.version() + '"', 1);
    return text.toString();
  }

  private static void begin(StringBuilder text, String name, String type, String help) {
    text.append("# HELP lanewise_").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE lanewise_").append(name).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder text, String name, String labels, Number value) {
    text.append("lanewise_").append(name);
    text.append(labels.isEmpty() ? "" : '{' + labels + '}').append(' ').append(value).append('\n');
  }
}
