package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Dataset;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.rows.Division;
import dev.lanewise.rows.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A file in any notations has the rows of the same file in plain numbers and dates of ISO 8601. */
class WrittenColumnsProperties {
  private static final int ROWS = 40;

  /** Ways to write numbers of two decimals, the last two of whole ones. */
  private static final List<String> NUMBERS =
      List.of(
          "1.234,5", "1,234.5", "(1,234.5)", "12,34,567.5", "$(1,234.5)", "45%", "days", "Tage");

  /** Ways to write dates of 1930 to 2023. */
  private static final List<String> DATES =
      List.of("dd.MM.uu", "M/d/uu", "d-MMM-uu", "uuuuMMdd", "dd.MM.uuuu", "uuuu/MM/dd");

  /** The same rows in notations and in plain text. */
  private static final class Written {
    private final Random random;
    private final String numbers;
    private final DateTimeFormatter dates;
    private final List<String> written = new ArrayList<>();
    private final List<String> plain = new ArrayList<>();

    Written(int seed, int number, int date) {
      random = new Random(seed);
      numbers = NUMBERS.get(number);
      dates = DateTimeFormatter.ofPattern(DATES.get(date), Locale.ENGLISH);
      for (int row = 0; row < ROWS; row++) {
        add(row);
      }
    }

    /** Adds a row: the date of a visit, a birth, a number and a class. */
    private void add(int row) {
      LocalDate visit = LocalDate.of(2023, 1, 1).plusDays(random.nextInt(700));
      LocalDate born = LocalDate.of(1930, 1, 1).plusDays(row * 850 + random.nextInt(850));
      boolean isWhole = numbers.length() == 4;
      boolean isUnit = isWhole && random.nextInt(3) == 0;
      long cents = random.nextInt(5) == 0 ? 0 : random.nextInt((int) Math.pow(10, 3 + row % 6));
      cents = row == 0 ? 123_456_789 : row == 1 ? -123_450 : row % 3 == 2 ? -cents : cents;
      cents = isUnit ? 100 : isWhole ? cents / 100 * 100 : cents;
      String end = row % 4 == 0 ? ";yes" : ";no";
      double value = Double.parseDouble(cents + (numbers.equals("45%") ? "e-4" : "e-2"));
      written.add(visit + ";" + dates.format(born) + ";" + text(cents, isUnit) + end);
      plain.add(visit + ";" + born + ";" + value + end);
    }

    private String text(long cents, boolean isUnit) {
      DecimalFormat english =
          new DecimalFormat("#,##0.##", DecimalFormatSymbols.getInstance(Locale.US));
      String absolute = english.format(Math.abs(cents) / 100.0);
      String sign = cents < 0 ? "-" : "";
      return switch (numbers) {
        case "1.234,5" -> sign + absolute.replace('.', '_').replace(',', '.').replace('_', ',');
        case "1,234.5" -> sign + absolute;
        case "(1,234.5)" -> cents < 0 ? "(" + absolute + ")" : absolute;
        case "12,34,567.5" ->
            sign
                + absolute
                    .replace(",", "")
                    .replaceAll("(?<=\\d)(?=(\\d\\d)*\\d{3}(\\.|$))(?<!\\..*)", ",");
        case "$(1,234.5)" -> cents < 0 ? "$(" + absolute + ")" : cents == 0 ? "0" : "$" + absolute;
        case "45%" -> cents == 0 ? "0" : sign + absolute.replace(",", "") + "%";
        case "days" -> sign + absolute.replace(",", "") + (isUnit ? " day" : " days");
        default ->
            cents == 0 ? "0" : sign + absolute.replace(",", "") + (isUnit ? " Tag" : " Tage");
      };
    }
  }

  private static Dataset load(Path file, List<String> rows) throws IOException {
    List<String> lines = new ArrayList<>(List.of("visit;born;size;kind"));
    lines.addAll(rows);
    return Datasets.load(Files.write(file, lines));
  }

  private static float[] inputs(Path file, List<String> rows, Schema schema) throws IOException {
    List<String> lines = new ArrayList<>(List.of("visit;born;size"));
    rows.forEach(row -> lines.add(row.substring(0, row.lastIndexOf(';'))));
    Architecture layers = Architecture.relu(schema.inputs(), List.of(), 2);
    Model model = Model.of(Mlp.initial(layers, Initializer.HE, 1)).withSchema(schema);
    try (RowStream stream = RowStream.open(Files.write(file, lines), model, false)) {
      float[] inputs = new float[ROWS * schema.inputs()];
      assertEquals(ROWS, stream.next(inputs));
      return inputs;
    }
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void trainingAndPredictionReadWhatPlainTextSays(
      @ForAll int seed, @ForAll @IntRange(max = 7) int number, @ForAll @IntRange(max = 5) int date)
      throws IOException {
    Written made = new Written(seed, number, date);
    Path folder = Files.createTempDirectory("written");
    Path file = folder.resolve("x.csv");
    try {
      Dataset expected = load(file, made.plain);
      Dataset found = load(file, made.written);
      assertEquals(
          Division.of(expected).orElseThrow().digest(), Division.of(found).orElseThrow().digest());
      Schema known = Schema.of(expected).orElseThrow();
      Schema schema = Schema.of(found).orElseThrow();
      assertEquals(known.columns(), schema.columns());
      float[] rows = inputs(file, made.plain, known);
      float[] others = inputs(file, made.written, schema);
      for (int i = 0; i < rows.length; i++) {
        assertEquals(rows[i], others[i], made.written.get(i / schema.inputs()));
      }
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }
}
