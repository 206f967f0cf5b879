package dev.lanewise.spark;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.internal.GivenRows;
import dev.lanewise.data.internal.Grid;
import dev.lanewise.data.internal.Labels;
import dev.lanewise.data.internal.RowRange;
import dev.lanewise.data.internal.RowSource;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Messages;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.Schema;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.LoadOptions;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.table.ScaleOptions;
import dev.lanewise.table.Table;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import org.apache.spark.TaskContext;

/**
 * The rows of a training in a task.
 *
 * @param settings the options of the training
 * @param columns the columns of the rows
 * @param train the training rows as bytes, in the canonical order
 * @param valid the validation rows; may be empty
 * @param files where rows are that are too many for memory
 * @param note says that the rows are in files
 */
record Lesson(
    LanewiseEstimator<?> settings,
    TrainingColumns columns,
    Spool train,
    Spool valid,
    LocalFiles files,
    Optional<Message> note) {

  /** The library's name of a row in a table that is made from maps. */
  private static final Pattern PLACE = Pattern.compile("^maps: row ([0-9]+)(, |: )");

  /** Encodes the rows, which are gone then, and returns the training on them. */
  Networks networks() throws IOException {
    try {
      return encoded();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      files.remove();
    }
  }

  private Networks encoded() throws IOException {
    if (train.size() == 0) {
      throw new IllegalArgumentException("no training rows, expected at least one row");
    }
    Dataset data = columns.isVector() ? vectors() : table(TaskContext.get().cpus());
    List<Message> notes = new ArrayList<>(Messages.of(data.notes()));
    note.ifPresent(notes::add);
    Optional<Schema> schema = Schema.of(data);
    if (!columns.isVector() && valid.size() > 0) {
      data = Dataset.of(data.train(), likeTraining(data));
    }
    return new Networks(settings, data, schema, notes);
  }

  private Dataset vectors() throws IOException {
    byte[] first = train.get(0);
    Rows split = split(train, first);
    Dataset data = valid.size() == 0 ? Dataset.of(split) : Dataset.of(split, split(valid, first));
    double share = settings.valueOf(settings.validationFraction);
    if (share > 0) {
      data = data.withValidation(share, columns.classes());
    }
    data = data.withScaling(ScaleChoice.named(settings.valueOf(settings.scale)));
    Rows last = data.validation().orElse(data.train().slice(0, 1));
    for (int i = 0; i < last.rows() && !last.isInMemory(); i++) {
      // Refuses what is not finite after scaling, as scaling in memory does.
      last.copyRows(null, i, 1, new float[last.features()], 0);
    }
    return columns.classes() ? data : data.withTargetScaling(settings.scalingOfTargets());
  }

  /** Returns a split of the rows, which are removed. */
  private Rows split(Spool rows, byte[] first) throws IOException {
    int size = columns.read(first).vector().length;
    int count = rows.size();
    Path file = rows.isInFile() ? Files.createTempFile(files.folder(), "", ".npy") : null;
    double[][] vectors = new double[file == null ? count : 0][];
    Object[] targets = new Object[count];
    float[] weights = new float[count];
    Map<Object, Object> classes = new HashMap<>(); // one object for each
    Iterator<byte[]> each = rows.taken().iterator();
    try (DataOutputStream out = file == null ? null : LocalFiles.vectors(file, count, size)) {
      for (int i = 0; i < count; i++) {
        byte[] bytes = each.next();
        TrainingColumns.Learned row = columns.read(bytes);
        if (row.vector().length != size) {
          throw new IllegalArgumentException(
              "column %s has %s numbers in the row with %s, and %s in that with %s, expected the same number in every row"
                  .formatted(
                      columns.name(columns.features()),
                      row.vector().length,
                      columns.describe(bytes),
                      size,
                      columns.describe(first)));
        }
        if (out == null) {
          vectors[i] = row.vector();
        }
        for (int j = 0; out != null && j < size; j++) {
          out.writeDouble(row.vector()[j]);
        }
        Object target = row.target();
        targets[i] = columns.classes() ? classes.computeIfAbsent(target, t -> t) : target;
        weights[i] = row.weight();
      }
    }
    rows.clear();
    RowSource source =
        file == null ? GivenRows.source(Grid.of(vectors), count) : LocalFiles.mapped(file);
    Rows split = RowRange.split(source, labels(targets), Scaling.none());
    return columns.weight() < 0 ? split : split.withRowWeights(weights);
  }

  private Labels labels(Object[] targets) {
    if (columns.classes() && targets[0] instanceof String) {
      return GivenRows.classes(Arrays.copyOf(targets, targets.length, String[].class));
    }
    DoubleStream numbers = Arrays.stream(targets).mapToDouble(t -> (Double) t);
    return columns.classes()
        ? GivenRows.classes(numbers.mapToInt(t -> (int) t).toArray())
        : GivenRows.numbers(Grid.column(numbers.toArray()));
  }

  private Dataset table(int threads) throws IOException {
    ReadOptions reading =
        ReadOptions.defaults()
            .withTarget(columns.name(columns.label()))
            .withCategorical(List.of(settings.getOrDefault(settings.categoricalCols)))
            .withTotals(ReadOptions.Totals.KEEP) // as rows have no order
            .withMinCount(settings.valueOf(settings.minCount))
            .withThreads(threads);
    if (columns.weight() >= 0) {
      reading = reading.withWeight(columns.name(columns.weight()));
    }
    ScaleOptions scaling =
        ScaleOptions.defaults()
            .withLoss(settings.lossOfTraining())
            .withScale(ScaleChoice.named(settings.valueOf(settings.scale)));
    if (!columns.classes()) {
      scaling = scaling.withTargetScale(settings.scalingOfTargets());
    }
    double share = settings.valueOf(settings.validationFraction);
    DivisionOptions usual = DivisionOptions.defaults().withSeed(settings.seed());
    DivisionOptions division =
        share > 0
            ? usual.withSplitSizes(List.of(1 - share, share)).withStratified(columns.classes())
            : usual.withSplitSizes(List.of(1.0));
    LoadOptions[] options = {reading, division, scaling};
    return dataset(train, table -> table.dataset(options));
  }

  /** Returns the validation rows, encoded like the training rows. */
  private Rows likeTraining(Dataset data) throws IOException {
    Architecture layers = Architecture.relu(data.features(), List.of(), data.classes());
    Model model =
        Model.of(Mlp.initial(layers, Initializer.HE, 0))
            .withLoss(settings.lossOfTraining())
            .withScaling(data.scaling())
            .withTargetScaling(data.targetScaling())
            .withClassNames(data.classNames())
            .withSchema(Schema.of(data).orElseThrow());
    return dataset(valid, table -> table.dataset(model)).train();
  }

  private interface Maker {
    Dataset dataset(Table table) throws IOException;
  }

  /** Returns the data set of a table; errors have the values of a row in place of its number. */
  private Dataset dataset(Spool rows, Maker maker) throws IOException {
    Iterable<Map<String, Object>> maps =
        () -> rows.rows().map(row -> map(columns.read(row))).iterator();
    try {
      return maker.dataset(rows.isInFile() ? Table.of(maps, files.folder()) : Table.of(maps));
    } catch (IOException | IllegalArgumentException e) {
      Matcher place = PLACE.matcher(e.getMessage());
      if (!place.find()) {
        throw e;
      }
      byte[] row = rows.get(Integer.parseInt(place.group(1)));
      String problem = Advice.of(e).substring(place.end());
      throw new IllegalArgumentException(
          "%s, in the row with %s".formatted(problem, columns.describe(row)), e);
    }
  }

  private Map<String, Object> map(TrainingColumns.Learned row) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < row.values().length; i++) {
      map.put(columns.name(columns.inputs()[i]), row.values()[i]);
    }
    if (columns.weight() >= 0) {
      map.put(columns.name(columns.weight()), (double) row.weight());
    }
    map.put(columns.name(columns.label()), row.target());
    return map;
  }
}
