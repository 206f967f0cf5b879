package dev.lanewise.cli.live;

import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.Interruption;
import dev.lanewise.cli.print.Output;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Results that come one by one, such as those of folds or trials, for a live page. */
public final class LiveResults<T> implements LiveSource, AutoCloseable {
  private final String title;
  private final String of; // such as of 10
  private final BiFunction<List<T>, Map<String, String>, String> drawing;
  private final List<T> results = new ArrayList<>();
  private boolean hasEnded;
  private LiveServer page; // null without --live

  /**
   * Begins without results.
   *
   * @param most number of results to come; 0 if nobody knows
   * @param drawing draws results and facts
   */
  public LiveResults(
      String title, int most, BiFunction<List<T>, Map<String, String>, String> drawing) {
    this.title = title;
    of = most == 0 ? "" : " of " + most;
    this.drawing = drawing;
  }

  /** Begins to show the results if --live is given. */
  public void show(Arguments arguments, Interruption interruption, Output output) {
    page = LiveServer.of(arguments, this, interruption, output);
  }

  public synchronized void add(T result) {
    results.add(result);
  }

  public synchronized void end() {
    hasEnded = true;
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public void read() {
    // add brings what is new
  }

  @Override
  public String html() {
    List<T> known;
    Map<String, String> facts = new LinkedHashMap<>();
    synchronized (this) {
      known = List.copyOf(results);
      facts.put("State", hasEnded ? "has ended" : "goes on");
    }
    facts.put("Results", known.size() + of);
    return drawing.apply(known, facts);
  }

  @Override
  public synchronized boolean hasEnded() {
    return hasEnded;
  }

  @Override
  public void close() {
    if (page != null) {
      page.close();
    }
  }
}
