package dev.lanewise.spark;

import dev.lanewise.recipe.Recipe;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.Partitioner;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;

/**
 * Trains one network in shards on all executors together. The driver surveys the rows, sorts them
 * and deals them to as many tasks as can run at a time, which then connect to each other. If a task
 * is lost, all begin again at the last checkpoint, on as many executors as there are then.
 */
final class ShardTraining {
  private static final Logger LOG = LoggerFactory.getLogger(LanewiseEstimator.class);

  /** Attempts without a new checkpoint between them. */
  private static final int ATTEMPTS = 4;

  /** Seconds that a lost executor has to be replaced. */
  private static final int REPLACED = 15;

  /** What Spark says of a job that a user has ended. */
  private static final Pattern CANCELLED = Pattern.compile("Job \\d+ (was )?cancell?ed");

  private static final int SECRET = 32;
  private static final Set<String> SCALES = Set.of("none", "255", "standard", "minmax");

  /** The bit of the number of a validation row, which follows all training rows of its task. */
  private static final long VALID = 1L << 62;

  private static final int OF_TASK = 40; // the bits of a validation row before its task

  private final LanewiseEstimator<?> settings;
  private final TrainingColumns columns;
  private final int shards;

  ShardTraining(LanewiseEstimator<?> settings, TrainingColumns columns) {
    this.settings = settings;
    this.columns = columns;
    this.shards = settings.shards();
  }

  /** Deals rows to tasks by their numbers. */
  private static final class Dealer extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final int tasks;
    private final int[] ofShard;

    Dealer(int tasks, int shards) {
      this.tasks = tasks;
      ofShard = new int[shards];
      for (int r = 0; r < tasks; r++) {
        for (int s = ShardPeers.cut(r, tasks, shards); s < shards; s++) {
          ofShard[s] = r;
        }
      }
    }

    @Override
    public int numPartitions() {
      return tasks;
    }

    @Override
    public int getPartition(Object key) {
      long row = (Long) key;
      return row < VALID ? ofShard[(int) (row % ofShard.length)] : (int) (row - VALID >> OF_TASK);
    }
  }

  /** Begins a stage whose tasks run at the same time. */
  private static final class Together<T> extends AbstractFunction1<Iterator<T>, Iterator<T>>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<T> apply(Iterator<T> rows) {
      return rows;
    }

    static <T> JavaRDD<T> of(RDD<T> rows) {
      ClassTag<T> tag = ClassTag$.MODULE$.apply(Object.class);
      return JavaRDD.fromRDD(rows.barrier().mapPartitions(new Together<>(), false, tag), tag);
    }
  }

  /**
   * Trains the model; empty if one task has to do it, whose bits are the same.
   *
   * @param sorted the rows as bytes, in the canonical order
   */
  Optional<Answer> fit(JavaRDD<byte[]> sorted) {
    SparkContext context = sorted.context();
    Optional<String> reason = reason(context);
    if (reason.isEmpty()) {
      ShardSurvey survey = survey(sorted);
      if (!survey.isSound() || survey.scaling(settings) == null) {
        return Optional.empty(); // the task that gathers the rows says why
      } else if (survey.valid() == 0 && settings.recipe().hasFolds()) {
        reason = Optional.of("the preset keeps a fold for validation (set validationIndicatorCol)");
      } else {
        try {
          return Optional.ofNullable(fit(context, sorted, survey));
        } catch (IOException e) {
          throw new UncheckedIOException("lanewise: checkpointPath: " + e.getMessage(), e);
        }
      }
    }
    LOG.warn("lanewise: The training is one task, as {}", reason.get());
    return Optional.empty();
  }

  /** Returns why one task has to train, if that is known before the rows are. */
  private Optional<String> reason(SparkContext context) {
    Recipe recipe = settings.recipe();
    String scale = settings.valueOf(settings.scale);
    String problem = null;
    if (context.getConf().getBoolean("spark.dynamicAllocation.enabled", false)) {
      problem = "Spark starts no tasks together with spark.dynamicAllocation.enabled";
    } else if (!columns.isVector()) {
      problem = "inputCols are encoded there (featuresCol takes vectors)";
    } else if (recipe.members() > 1 || settings.trials() > 0) {
      problem = "it has several networks (preset table-fast has one)";
    } else if (!SCALES.contains(scale)) {
      problem = "scale %s reads all rows there (expected one of none, 255, standard, minmax)";
      problem = problem.formatted(scale);
    } else if (!recipe.value("bins", settings.lossOfTraining(), true).equals("0")) {
      problem = "bins need all rows";
    } else if (settings.<Double>valueOf(settings.validationFraction) > 0) {
      problem = "validationFraction draws from all rows (set validationIndicatorCol)";
    } else if (settings.weighsClasses()) {
      problem = "balancedClassWeights, and classWeights of 0, need all rows";
    }
    return Optional.ofNullable(problem);
  }

  /** Returns how many tasks the application can run at the same time. */
  private static int slots(SparkContext context) {
    return context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
  }

  private ShardSurvey survey(JavaRDD<byte[]> rows) {
    TrainingColumns of = columns;
    ShardSurvey survey =
        rows.treeAggregate(
            new ShardSurvey(columns.classes()),
            (all, row) -> {
              all.add(of, row);
              return all;
            },
            ShardSurvey::add);
    if (survey.isSound() && survey.needsSecondPass(settings)) {
      survey.complete(
          rows.treeAggregate(
              survey.again(),
              (all, row) -> {
                all.addAgain(of, row);
                return all;
              },
              ShardSurvey::add));
    }
    return survey;
  }

  private Answer fit(SparkContext context, JavaRDD<byte[]> sorted, ShardSurvey survey)
      throws IOException {
    SerializableConfiguration hadoop = new SerializableConfiguration(context.hadoopConfiguration());
    String folder = settings.getOrDefault(settings.checkpointPath);
    String path = new Path(folder, "lanewise-" + name(survey) + ".npz").toString();
    double seconds = settings.valueOf(settings.checkpointSeconds);
    ShardFile file = new ShardFile(path, seconds, hadoop);
    JavaPairRDD<byte[], Long> train =
        sorted.filter(row -> !TrainingColumns.isValidation(row)).zipWithIndex();
    JavaPairRDD<byte[], Long> valid = sorted.filter(TrainingColumns::isValidation).zipWithIndex();
    file.tryFolder();
    awaitSlots(context, 1);
    int wanted = Math.min(shards, slots(context));
    long before = file.time();
    for (int attempt = 1; ; attempt++) {
      int tasks = Math.max(1, Math.min(wanted, slots(context)));
      byte[] secret = new byte[SECRET];
      new SecureRandom().nextBytes(secret);
      ShardTask task = new ShardTask(settings, columns, survey, shards, secret, file);
      try {
        List<byte[]> answers =
            Together.of(dealt(train, valid, tasks).rdd())
                .mapPartitions(own -> NetworkTasks.bytes(task.run(own)))
                .collect();
        file.delete();
        return (Answer) NetworkTasks.object(answers.get(0));
      } catch (Exception e) { // Scala does not declare an InterruptedException
        boolean wasEnded = e instanceof InterruptedException || context.isStopped();
        if (wasEnded || CANCELLED.matcher(String.valueOf(e.getMessage())).find()) {
          throw e;
        }
        long now = file.time();
        attempt = now != before ? 0 : attempt;
        before = now;
        String begins = now == 0 ? "the beginning" : "the last checkpoint";
        if (attempt == ATTEMPTS) {
          throw e;
        }
        LOG.warn("lanewise: A task was lost, the training goes on from {}: {}", begins, cause(e));
        awaitSlots(context, wanted);
      }
    }
  }

  private JavaPairRDD<Long, byte[]> dealt(
      JavaPairRDD<byte[], Long> train, JavaPairRDD<byte[], Long> valid, int tasks) {
    return train
        .mapToPair(Tuple2::swap)
        .union(
            valid.flatMapToPair(
                row ->
                    IntStream.range(0, tasks)
                        .mapToObj(
                            task ->
                                new Tuple2<>(VALID + ((long) task << OF_TASK) + row._2(), row._1()))
                        .iterator()))
        .repartitionAndSortWithinPartitions(new Dealer(tasks, shards));
  }

  /** Returns a name that only a training on the same rows with the same options has. */
  private String name(ShardSurvey survey) {
    String text = String.join("\n", settings.notes()) + "\n" + survey.identity();
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 12).toLowerCase(Locale.ROOT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the first line of what a task said. */
  private static String cause(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** Waits until a lost executor is replaced, but not for long. */
  private static void awaitSlots(SparkContext context, int wanted) {
    for (int i = 0; i < REPLACED * 10 && slots(context) < wanted; i++) {
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
