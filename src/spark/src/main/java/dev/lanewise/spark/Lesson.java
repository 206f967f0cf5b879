package dev.lanewise.spark;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.Split;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Messages;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.rows.Schema;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.LoadOptions;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.table.ScaleOptions;
import dev.lanewise.table.Table;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.TaskContext;

/**
 * The rows of a training in a task.
 *
 * @param settings the options of the training
 * @param columns the columns of the rows
 * @param train the training rows as bytes, in the canonical order
 * @param valid the validation rows; may be empty
 */
record Lesson(
    LanewiseEstimator<?> settings,
    TrainingColumns columns,
    List<byte[]> train,
    List<byte[]> valid) {

  /** The library's name of a row in a table that is made from maps. */
  private static final Pattern PLACE = Pattern.compile("^maps: row ([0-9]+)(, |: )");

  /** Encodes the rows, and returns the training on them. */
  Networks networks() throws IOException {
    if (train.isEmpty()) {
      throw new IllegalArgumentException("no training rows, expected at least one row");
    }
    Dataset data = columns.isVector() ? vectors() : table(TaskContext.get().cpus());
    List<Message> notes = Messages.of(data.notes());
    Optional<Schema> schema = Schema.of(data);
    if (!columns.isVector() && !valid.isEmpty()) {
      data = Dataset.of(data.train(), likeTraining(data));
    }
    return new Networks(settings, data, schema, notes);
  }

  private Dataset vectors() {
    byte[] first = train.get(0);
    Split split = split(train, first);
    Dataset data = valid.isEmpty() ? Dataset.of(split) : Dataset.of(split, split(valid, first));
    double share = settings.valueOf(settings.validationFraction);
    if (share > 0) {
      data = data.withValidation(share, columns.classes());
    }
    data = data.withScaling(ScaleChoice.named(settings.valueOf(settings.scale)));
    return columns.classes() ? data : data.withTargetScaling(settings.scalingOfTargets());
  }

  /** Returns a split of the rows, which are removed from the list to save memory. */
  private Split split(List<byte[]> rows, byte[] first) {
    int size = columns.read(first).vector().length;
    double[][] vectors = new double[rows.size()][];
    Object[] targets = new Object[vectors.length];
    float[] weights = new float[vectors.length];
    for (int i = 0; i < vectors.length; i++) {
      TrainingColumns.Learned row = columns.read(rows.get(i));
      if (row.vector().length != size) {
        throw new IllegalArgumentException(
            "column %s has %s numbers in the row with %s, and %s in that with %s, expected the same number in every row"
                .formatted(
                    columns.name(columns.features()),
                    row.vector().length,
                    columns.describe(rows.get(i)),
                    size,
                    columns.describe(first)));
      }
      vectors[i] = row.vector();
      targets[i] = row.target();
      weights[i] = row.weight();
      rows.set(i, null);
    }
    Split split;
    if (!columns.classes()) {
      split = Split.of(vectors, Arrays.stream(targets).mapToDouble(t -> (Double) t).toArray());
    } else if (targets[0] instanceof String) {
      split = Split.of(vectors, Arrays.copyOf(targets, targets.length, String[].class));
    } else {
      split =
          Split.of(
              vectors, Arrays.stream(targets).mapToInt(t -> ((Double) t).intValue()).toArray());
    }
    return columns.weight() < 0 ? split : split.withRowWeights(weights);
  }

  private Dataset table(int threads) throws IOException {
    ReadOptions reading =
        ReadOptions.defaults()
            .withTarget(columns.name(columns.label()))
            .withCategorical(List.of(settings.getOrDefault(settings.categoricalCols)))
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
  private Split likeTraining(Dataset data) throws IOException {
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
  private Dataset dataset(List<byte[]> rows, Maker maker) throws IOException {
    Iterable<Map<String, Object>> maps =
        () -> {
          Iterator<byte[]> each = rows.iterator();
          return new Iterator<>() {
            @Override
            public boolean hasNext() {
              return each.hasNext();
            }

            @Override
            public Map<String, Object> next() {
              return map(columns.read(each.next()));
            }
          };
        };
    try {
      return maker.dataset(Table.of(maps));
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
