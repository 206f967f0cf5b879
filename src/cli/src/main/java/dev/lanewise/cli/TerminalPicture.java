package dev.lanewise.cli;

import dev.lanewise.files.Subject;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Metrics;
import dev.lanewise.recipe.RecipeRun;
import dev.lanewise.report.LineChart;
import dev.lanewise.report.TrainingCurves;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.DisplayWidth;
import dev.lanewise.terminal.Output;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The picture of a finished training on a terminal: both curves, and the confusion matrix of the
 * test rows.
 */
public final class TerminalPicture {
  /** The width of a terminal of unknown width. */
  private static final int USUAL = 80;

  private static final int NARROWEST = 24;

  /** The least width for curves side by side. */
  private static final int BESIDE = 76;

  private static final int WIDEST = 60; // chart
  private static final int ROWS = 9;
  private static final int GAP = 3;
  private static final int MOST_CLASSES = 12;

  private final int columns;
  private final boolean unicode;
  private final List<String> lines = new ArrayList<>();

  TerminalPicture(int columns, boolean unicode) {
    this.columns = columns;
    this.unicode = unicode;
  }

  /**
   * Prints the picture.
   *
   * @param test null without test rows of classes
   */
  public static void print(RecipeRun run, Subject subject, Evaluation test, Output output) {
    TerminalPicture picture =
        new TerminalPicture(columns(System.getenv("COLUMNS")), isUnicode(output.err));
    picture.curves(run);
    if (test != null) {
      picture.confusions(subject.splitName, subject::className, Metrics.of(test));
    }
    picture.lines.forEach(output::aside);
  }

  /** Returns the width of the terminal from the environment. */
  static int columns(String text) {
    int columns = text == null ? USUAL : Arguments.integer(text);
    return columns < 0 ? USUAL : Math.max(columns, NARROWEST);
  }

  /** Returns whether braille characters can be printed; the Linux console has no font for them. */
  private static boolean isUnicode(PrintStream err) {
    Charset charset;
    try {
      charset = (Charset) PrintStream.class.getMethod("charset").invoke(err);
    } catch (ReflectiveOperationException e) { // before Java 18
      String name = System.getProperty("sun.stderr.encoding");
      charset = name == null ? Charset.defaultCharset() : Charset.forName(name);
    }
    return charset.newEncoder().canEncode('\u2801') && !"linux".equals(System.getenv("TERM"));
  }

  /** Draws the curves, with the epoch of the kept weights or of the smallest validation loss. */
  List<String> curves(RecipeRun run) {
    int best = run.bestEpoch() < 0 ? run.history().bestEpoch() : run.bestEpoch();
    boolean beside = columns >= BESIDE;
    int width = Math.min(WIDEST, beside ? (columns - 1 - GAP) / 2 : columns - 1);
    LineChart loss = TrainingCurves.loss(run.history(), run.model());
    LineChart accuracy = TrainingCurves.accuracy(run.history(), run.model());
    if (best >= 0) {
      loss = loss.withMark(best, "best " + best);
      accuracy = accuracy.withMark(best, "best " + best);
    }
    List<String> first = loss.text(width, ROWS, unicode);
    List<String> second = accuracy.text(width, ROWS, unicode);
    lines.add("");
    for (int i = 0; i < first.size(); i++) {
      lines.add(first.get(i) + (beside ? " ".repeat(GAP) + second.get(i) : ""));
    }
    if (!beside) {
      lines.addAll(second);
    }
    lines.add("");
    return lines;
  }

  /** Draws the confusion matrix if there is room. */
  List<String> confusions(String split, IntFunction<String> naming, Metrics metrics) {
    int classes = metrics.classes();
    List<String> names = new ArrayList<>();
    int widest = 0;
    for (int c = 0; c < classes && classes <= MOST_CLASSES; c++) {
      names.add(DisplayWidth.cut(naming.apply(c), columns / 4));
      widest = Math.max(widest, DisplayWidth.of(names.get(c)));
    }
    int room = (columns - 1 - widest) / classes - 2;
    if (classes <= MOST_CLASSES && room >= Math.max(3, String.valueOf(metrics.rows()).length())) {
      lines.add(Subject.CONFUSION.formatted(split));
      lines.addAll(Subject.confusion(metrics, names, room).lines());
      lines.add("");
    }
    return lines;
  }
}
