package dev.lanewise.bench;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.lanewise.source.Csv;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.table.Table;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the time to read a CSV file with 28 numbers of six digits and a label per row, and to
 * make a table and a data set from it. Every reader parses all numbers: with {@link
 * Double#parseDouble}, or with its own parser like Lanewise and DuckDB. {@code
 * bench/peers.d/pandas_csv.py} does the same in pandas.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 6, time = 1)
@Measurement(iterations = 5, time = 1)
public class CsvBenchmark {
  private static final int COLUMNS = 28;
  private static final MathContext DIGITS = new MathContext(6);

  /**
   * The reader. The last four make a table or a scaled data set, on one or two threads, in place of
   * a sum.
   */
  @Param({"lanewise", "fastcsv", "univocity", "duckdb", "table", "table2", "dataset", "dataset2"})
  public String reader;

  /** Number of rows of the file. */
  @Param("500000")
  public int rows;

  private Path file;

  /**
   * Writes the file, and checks that all readers return the same numbers.
   *
   * @throws IOException if the disk is full
   */
  @Setup(Level.Trial)
  public void prepare() throws IOException, SQLException {
    file = Files.createTempFile("lanewise", ".csv");
    Random random = new Random(28);
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int c = 0; c < COLUMNS; c++) {
        out.append("x").append(Integer.toString(c)).append(',');
      }
      out.append("label\n");
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < COLUMNS; c++) {
          double number = random.nextGaussian();
          out.append(new BigDecimal(number).round(DIGITS).toPlainString()).append(',');
        }
        out.append(random.nextBoolean() ? "1\n" : "0\n");
      }
    }
    double ours = lanewise();
    for (double theirs : new double[] {fastCsv(), univocity(), duckDb()}) {
      if (theirs != ours) {
        throw new AssertionError("the sum is " + theirs + ", expected " + ours);
      }
    }
  }

  /** Deletes the file. */
  @TearDown(Level.Trial)
  public void delete() throws IOException {
    Files.delete(file);
  }

  /** Reads the file once, and returns the sum of its numbers, the table or the data set. */
  @Benchmark
  public Object read() throws IOException, SQLException {
    return switch (reader) {
      case "lanewise" -> lanewise();
      case "fastcsv" -> fastCsv();
      case "univocity" -> univocity();
      case "duckdb" -> duckDb();
      case "table" -> Table.read(file);
      case "table2" -> Table.read(file, ReadOptions.defaults().withThreads(2));
      case "dataset" -> Datasets.load(file);
      case "dataset2" -> Datasets.load(file, ReadOptions.defaults().withThreads(2));
      default -> throw new IllegalArgumentException(reader);
    };
  }

  private double lanewise() throws IOException {
    double sum = 0;
    try (Csv csv = Csv.open(file)) {
      csv.next();
      while (csv.next()) {
        for (int i = 0; i < csv.fields(); i++) {
          sum += csv.number(i);
        }
      }
    }
    return sum;
  }

  private double fastCsv() throws IOException {
    double sum = 0;
    try (CsvReader<CsvRecord> csv = CsvReader.builder().ofCsvRecord(file)) {
      boolean isHeader = true;
      for (CsvRecord record : csv) {
        List<String> fields = isHeader ? List.of() : record.getFields();
        for (int i = 0; i < fields.size(); i++) {
          sum += Double.parseDouble(fields.get(i));
        }
        isHeader = false;
      }
    }
    return sum;
  }

  private double univocity() {
    CsvParserSettings settings = new CsvParserSettings();
    settings.setHeaderExtractionEnabled(true);
    settings.setReadInputOnSeparateThread(false);
    CsvParser parser = new CsvParser(settings);
    File source = file.toFile();
    double sum = 0;
    parser.beginParsing(source);
    for (String[] row = parser.parseNext(); row != null; row = parser.parseNext()) {
      for (String field : row) {
        sum += Double.parseDouble(field);
      }
    }
    return sum;
  }

  private double duckDb() throws SQLException {
    double sum = 0;
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET threads = 1");
      String query = "SELECT * FROM read_csv('" + file + "', header = true)";
      try (ResultSet result = statement.executeQuery(query)) {
        while (result.next()) {
          for (int c = 1; c <= COLUMNS + 1; c++) {
            sum += result.getDouble(c);
          }
        }
      }
    }
    return sum;
  }
}
