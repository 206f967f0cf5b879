package dev.lanewise.terminal;

import dev.lanewise.train.Figure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A result of a command in blocks: sentences, tables, and figures, each of which is given once.
 * People get a sentence or a table at once, as text. Programs get one event at the end, with all
 * figures and tables by their names.
 */
public final class Result {
  /** All figures and tables. */
  public final Json values = new Json();

  /** The parts by their names. */
  public final Map<String, Result> parts = new HashMap<>();

  private final String event;
  private final Output output;

  /**
   * Begins without blocks.
   *
   * @param event the name of the event; null for figures without an event
   */
  public Result(String event, Output output) {
    this.event = event;
    this.output = output;
  }

  /** Adds a figure that only programs see, unless a sentence names it. */
  public Result put(String name, Object value) {
    values.put(name, value);
    return this;
  }

  /** Adds figures that only programs see. */
  public Result put(List<Figure> figures) {
    values.put(figures);
    return this;
  }

  /**
   * Adds a sentence.
   *
   * @param sentence names figures of this result in braces, such as {@code {rows} rows}
   * @param figures further figures, each after its name
   */
  public Result say(String sentence, Object... figures) {
    output.result(in(sentence, figures));
    return this;
  }

  /** Adds a sentence that --quiet leaves out. */
  public Result note(String sentence, Object... figures) {
    output.note(in(sentence, figures));
    return this;
  }

  private String in(String sentence, Object... figures) {
    for (int i = 0; i < figures.length; i += 2) {
      put((String) figures[i], figures[i + 1]);
    }
    return values.in(sentence);
  }

  /** Adds an empty line, which separates blocks for people. */
  public Result line() {
    output.result("");
    return this;
  }

  /** Adds a table. */
  public Result table(String name, Table<?> table) {
    table.print(output);
    return put(name, table);
  }

  /** Adds a part, which programs see as an object. */
  public Result part(String name) {
    Result part = new Result(null, output);
    parts.put(name, part);
    put(name, part.values);
    return part;
  }

  /** Adds figures as a part; null for none. */
  public Result part(String name, Json figures) {
    Result part = part(name);
    return put(name, figures == null ? null : part.values.put(figures));
  }

  /** Returns the event with the figures and tables up to now. */
  public Json event() {
    return Json.event(event).put(values);
  }

  /** Sends programs the event. */
  public void end() {
    output.event(event());
  }
}
