package dev.lanewise.selection.internal;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.selection.Trial;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The results of a search as CSV, a line per result in their order. The same search writes the same
 * bytes on every machine, as no times are among them.
 *
 * <p>Lines are appended one by one. A killed program leaves whole lines and perhaps the beginning
 * of another, which {@link #read} leaves out and the next {@link #append} removes.
 */
public final class TrialFile {
  private static final MathContext[] DIGITS = {
    new MathContext(15), MathContext.DECIMAL64, new MathContext(17)
  };

  /** A comma outside of quotes. The group is possessive, because others use the stack per pair. */
  private static final String COMMA = ",(?=(?:[^\"]*\"[^\"]*\")*+[^\"]*$)";

  private final Path file;
  private final List<String> options;
  private final String head;
  private long size; // bytes of whole lines

  /**
   * Describes a file.
   *
   * @param file the file, which need not exist
   * @param options the options of the search space in their order; columns have their names on the
   *     command line
   * @param score the name of the column of the score, such as {@code accuracy}
   */
  public TrialFile(Path file, List<String> options, String score) {
    this.file = file;
    this.options = List.copyOf(options);
    List<String> names = new ArrayList<>(List.of("trial", "rung", "epochs"));
    options.forEach(option -> names.add(Recipe.option(option).flag()));
    names.addAll(List.of("best_epoch", "validation_loss", "validation_" + score, "sha256"));
    head = String.join(",", names);
  }

  /**
   * Reads all whole lines.
   *
   * @return the results; none if there is no file
   * @throws FormatException if the file has other columns, or a line is not one of a result
   * @throws IOException if reading fails
   */
  public List<Trial> read() throws IOException {
    List<Trial> trials = new ArrayList<>();
    if (Files.notExists(file)) {
      return trials;
    }
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    text = text.substring(0, text.lastIndexOf('\n') + 1);
    List<String> lines = text.lines().toList();
    if (!lines.isEmpty() && !lines.get(0).equals(head)) {
      throw new FormatException(
          file.toString(), "columns %s, expected %s as this search has", lines.get(0), head);
    }
    for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
      Trial trial;
      try {
        trial = trial(line.split(COMMA, -1));
      } catch (NumberFormatException | IndexOutOfBoundsException e) {
        trial = null;
      }
      if (trial == null || !line(trial).equals(line)) {
        throw new FormatException(
            file.toString(),
            "line %s is '%s', expected a line that a search wrote",
            trials.size() + 2,
            line);
      }
      trials.add(trial);
    }
    size = text.length();
    return trials;
  }

  private Trial trial(String[] cells) {
    Map<String, String> values = new LinkedHashMap<>();
    int at = 3;
    for (String option : options) {
      String cell = cells[at++].replace("\"", "");
      if (!cell.isEmpty()) {
        values.put(option, cell);
      }
    }
    String best = cells[at];
    return new Trial(
        Integer.parseInt(cells[0]),
        Integer.parseInt(cells[2]),
        values,
        best.isEmpty() ? -1 : Integer.parseInt(best),
        number(cells[at + 1]),
        number(cells[at + 2]),
        cells[at + 3]);
  }

  private static double number(String cell) {
    return cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
  }

  private String line(Trial trial) {
    List<String> cells = new ArrayList<>();
    cells.add(Integer.toString(trial.number()));
    cells.add("1"); // how often the trial was trained
    cells.add(Integer.toString(trial.epochs()));
    for (String option : options) {
      String value = trial.options().getOrDefault(option, "");
      cells.add(value.indexOf(',') < 0 ? value : '"' + value + '"');
    }
    cells.add(trial.bestEpoch() < 0 ? "" : Integer.toString(trial.bestEpoch()));
    cells.add(text(trial.loss()));
    cells.add(text(trial.score()));
    cells.add(trial.sha256());
    return String.join(",", cells);
  }

  /** Returns the shortest decimal number that is read as this one, the same on every JDK. */
  private static String text(double value) {
    if (!Double.isFinite(value)) {
      return "";
    }
    BigDecimal exact = new BigDecimal(value);
    for (MathContext digits : DIGITS) {
      BigDecimal rounded = exact.round(digits);
      if (rounded.doubleValue() == value) {
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toString();
      }
    }
    throw new AssertionError("17 digits distinguish all doubles");
  }

  /**
   * Appends a result as a whole line, and waits until the disk has it.
   *
   * @param trial the result
   * @throws IOException if writing fails
   */
  public void append(Trial trial) throws IOException {
    String text = (size == 0 ? head + "\n" : "") + line(trial) + "\n";
    if (size == 0) {
      AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.ISO_8859_1)));
    } else {
      try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) { // no channel, which
        out.setLength(size); // an interrupt of the thread would close
        out.seek(size);
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.getFD().sync();
      } catch (IOException e) {
        String problem = "cannot be written (" + e + "), expected the file that the search left";
        throw new FileSystemException(file.toString(), null, problem);
      }
    }
    size += text.length();
  }

  /** {@return the file} */
  public Path file() {
    return file;
  }
}
