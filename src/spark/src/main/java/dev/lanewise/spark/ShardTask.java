package dev.lanewise.spark;

import static dev.lanewise.data.internal.DatasetOrigin.UNKNOWN;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.internal.DatasetState;
import dev.lanewise.data.internal.GivenRows;
import dev.lanewise.data.internal.Grid;
import dev.lanewise.data.internal.Labels;
import dev.lanewise.data.internal.RowRange;
import dev.lanewise.nn.Scaling;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.train.Checkpoint;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.TaskCompletionListener;
import scala.Tuple2;

/**
 * One of the tasks of a training in shards. It writes the rows of its shards, and all validation
 * rows, to files in Spark's local directory, and trains with the other tasks.
 *
 * @param settings the options of the training
 * @param columns the columns of the rows
 * @param survey of all rows
 * @param shards of the training
 * @param secret of this attempt to train
 * @param file the checkpoint
 */
record ShardTask(
    LanewiseEstimator<?> settings,
    TrainingColumns columns,
    ShardSurvey survey,
    int shards,
    byte[] secret,
    ShardFile file)
    implements Serializable {
  private static final String OK = "ok";
  private static final String REFUSED = "rows or options that training refuses";
  private static final String CHANGED =
      "rows that changed while Spark read them, expected the same each time";

  /**
   * Trains in this task; the first task returns the model or the reason why there is none. All
   * return null if one of them refuses its rows, which a task with all rows then explains.
   */
  Answer run(Iterator<Tuple2<Long, byte[]>> rows) throws IOException {
    BarrierTaskContext task = BarrierTaskContext.get();
    int rank = task.partitionId();
    LocalFiles files = new LocalFiles(new Spool(), new Spool());
    files.use();
    String host = SparkEnv.get().blockManager().blockManagerId().host();
    long limit = SparkEnv.get().conf().getTimeAsSeconds("spark.network.timeout", "120s");
    ShardLinks links = new ShardLinks(host, rank, secret, limit);
    task.addTaskCompletionListener((TaskCompletionListener) ended -> links.close());
    Networks networks = null;
    Checkpoint checkpoint = null;
    String state = OK;
    Sum sum = new Sum();
    try {
      networks = networks(rows, files.folder(), rank, task.getTaskInfos().length, sum);
      networks.check();
    } catch (IllegalArgumentException e) {
      state = REFUSED;
    } catch (IllegalStateException e) {
      state = e.getMessage();
    }
    try {
      checkpoint = file.load(files.folder()).orElse(null);
    } catch (IllegalArgumentException e) {
      state = state.equals(OK) ? Advice.of(e) : state;
    }
    String begins = checkpoint == null ? "" : checkpoint.sha256();
    String address = host + ":" + links.port();
    String own = String.join("\n", address, begins, Long.toString(sum.checksum), state);
    List<InetSocketAddress> addresses = new ArrayList<>();
    long found = 0;
    for (String each : task.allGather(own)) {
      String[] parts = each.split("\n", 4);
      if (parts[3].equals(REFUSED)) {
        return null;
      } else if (!parts[3].equals(OK)) {
        return Answer.failed(survey.train() + survey.valid(), parts[3]);
      } else if (!parts[1].equals(begins)) {
        throw new IllegalStateException(
            "tasks that read different checkpoints, expected a checkpointPath that all executors"
                + " reach");
      }
      found += Long.parseLong(parts[2]);
      int colon = parts[0].lastIndexOf(':');
      int port = Integer.parseInt(parts[0].substring(colon + 1));
      addresses.add(new InetSocketAddress(parts[0].substring(0, colon), port));
    }
    if (found != survey.checksum()) {
      return Answer.failed(survey.train() + survey.valid(), CHANGED);
    }
    links.connect(addresses);
    ShardPeers peers =
        new ShardPeers(
            rank,
            shards,
            survey.train(),
            survey.identity(),
            links,
            task,
            kept -> file.save(kept, files.folder()));
    try {
      Answer answer = networks.together(peers, checkpoint, file);
      links.finish();
      return answer;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** The checksum of rows, in the first task also of the validation rows, which all tasks have. */
  private static final class Sum {
    private long checksum;
  }

  private Networks networks(
      Iterator<Tuple2<Long, byte[]>> rows, Path folder, int rank, int tasks, Sum sum)
      throws IOException {
    int first = ShardPeers.cut(rank, tasks, shards);
    int end = ShardPeers.cut(rank + 1, tasks, shards);
    int own = 0;
    for (int s = first; s < end; s++) {
      own += (int) (((long) survey.train() + shards - 1 - s) / shards);
    }
    Rows train = split(rows, own, folder, sum);
    Sum ofValid = rank == 0 ? sum : new Sum();
    Rows valid = survey.valid() == 0 ? null : split(rows, survey.valid(), folder, ofValid);
    if (rows.hasNext()) {
      throw new IllegalStateException(CHANGED);
    }
    Dataset data =
        new DatasetState(train, valid, null, survey.outputs(), survey.names(), new int[0], UNKNOWN)
            .dataset()
            .withScaling(ScaleChoice.fixed(survey.scaling(settings)));
    if (!columns.classes()) {
      data = data.withTargetScaling(ScaleChoice.fixed(survey.targetScaling(settings)));
    }
    Recipe recipe = settings.recipe().resolvedFor(survey.train(), survey.largestShare());
    return new Networks(settings, data, recipe);
  }

  private Rows split(Iterator<Tuple2<Long, byte[]>> rows, int count, Path folder, Sum sum)
      throws IOException {
    Path file = Files.createTempFile(folder, "", ".npy");
    Map<Object, Integer> places = new HashMap<>();
    survey.names().forEach(name -> places.put(name, places.size()));
    boolean classes = columns.classes();
    int[] labels = new int[classes ? count : 0];
    double[] numbers = new double[classes ? 0 : count];
    float[] weights = new float[columns.weight() < 0 ? 0 : count];
    try (DataOutputStream out = LocalFiles.vectors(file, count, survey.width())) {
      for (int i = 0; i < count; i++) {
        if (!rows.hasNext()) {
          throw new IllegalStateException(CHANGED);
        }
        byte[] bytes = rows.next()._2();
        sum.checksum += ShardSurvey.checksum(bytes);
        TrainingColumns.Learned row = columns.read(bytes);
        for (double number : row.vector()) {
          out.writeDouble(number);
        }
        if (!classes) {
          numbers[i] = (Double) row.target();
        } else if (row.target() instanceof Double number) {
          labels[i] = (int) (double) number;
        } else {
          labels[i] = places.get(row.target());
        }
        if (weights.length > 0) {
          weights[i] = row.weight();
        }
      }
    }
    Labels targets =
        classes ? new Labels(labels, 0, "data") : GivenRows.numbers(Grid.column(numbers));
    Rows split = RowRange.split(LocalFiles.mapped(file), targets, Scaling.none());
    return weights.length == 0 ? split : split.withRowWeights(weights);
  }
}
