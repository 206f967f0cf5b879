package dev.lanewise.serve;

import dev.lanewise.terminal.Usage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** The counters of a server, in the text format of Prometheus (version 0.0.4). */
final class ServerMetrics {
  private final Map<String, Map<Integer, LongAdder>> requests = new ConcurrentSkipListMap<>();
  private final double started = System.currentTimeMillis() / 1e3;

  /** Counts an answered request. */
  void answered(String path, int status) {
    requests
        .computeIfAbsent(path, key -> new ConcurrentSkipListMap<>())
        .computeIfAbsent(status, key -> new LongAdder())
        .increment();
  }

  /**
   * Returns all counters as text.
   *
   * @param isWatched whether other files may take the places of the models
   * @param now current values by their names
   */
  String text(List<ModelSlot> slots, boolean isWatched, Map<String, Number> now) {
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
    begin(
        text,
        "request_seconds",
        "histogram",
        "Time of a request for predictions or an explanation.");
    slots.forEach(slot -> times(text, slot));
    Map<String, Function<ModelSlot, Number>> sums = new TreeMap<>();
    sums.put("rows_total counter Rows that were predicted.", of -> of.rows);
    sums.put(
        "unseen_values_total counter Categories that the model does not know, and missing"
            + " values where its training rows had none.",
        of -> of.unseen);
    sums.put(
        "scoring_seconds_total counter Time from the bodies of requests to results.",
        of -> of.scoringNanos.sum() / ModelSlot.SECOND);
    sums.put(
        "model_seconds_total counter Time of the model alone, within that of scoring.",
        of -> of.modelNanos.sum() / ModelSlot.SECOND);
    if (isWatched) {
      sums.put("reloads_total counter Models taken up from other files.", of -> of.reloads);
      sums.put(
          "reload_failures_total counter Files that could not be read as models.",
          of -> of.failures);
    }
    sums.put("start_time_seconds gauge When the server began, since 1970.", null);
    now.keySet().forEach(words -> sums.put(words, null));
    sums.forEach(
        (words, number) -> {
          String[] parts = words.split(" ", 3);
          begin(text, parts[0], parts[1], parts[2]);
          if (number == null) {
            line(text, parts[0], "", now.getOrDefault(words, started));
          } else {
            slots.forEach(slot -> line(text, parts[0], slot.label, number.apply(slot)));
          }
        });
    begin(text, "model_info", "gauge", "The model that answers.");
    for (ModelSlot slot : slots) {
      String info =
          "sha256=\"" + slot.model().card.sha256 + "\",version=\"" + Usage.version() + '"';
      line(text, "model_info", with(slot, info), 1);
    }
    return text.toString();
  }

  private static void times(StringBuilder text, ModelSlot slot) {
    long count = 0;
    for (int i = 0; i < slot.times.length; i++) {
      count += slot.times[i].sum();
      String bound = i < ModelSlot.BOUNDS.length ? Double.toString(ModelSlot.BOUNDS[i]) : "+Inf";
      line(text, "request_seconds_bucket", with(slot, "le=\"" + bound + '"'), count);
    }
    double sum = slot.nanos.sum() / ModelSlot.SECOND;
    line(text, "request_seconds_sum", slot.label, sum);
    line(text, "request_seconds_count", slot.label, count);
  }

  private static String with(ModelSlot slot, String label) {
    return slot.label.isEmpty() ? label : slot.label + ',' + label;
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
