package dev.lanewise.spark;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Mlp;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.selection.Search;
import dev.lanewise.selection.SearchRun;
import dev.lanewise.selection.Trial;
import dev.lanewise.selection.TrialScoring;
import dev.lanewise.train.History;
import dev.lanewise.train.Score;
import dev.lanewise.train.TrainingRun;
import dev.lanewise.train.TrainingRun.Outcome;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.storage.StorageLevel;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Trains the networks of one model. Where that saves time, each network is a task of its own, which
 * any executor may run, and Spark repeats a lost one alone. A first task gathers and encodes the
 * rows. It trains short trainings itself. Rows stay on the disk of their executor; another executor
 * reads them once, for all of its tasks.
 */
final class NetworkTasks implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * Operations of a training that takes some seconds of a core, longer than three jobs of Spark.
   */
  private static final double LONG = 3e11;

  static final ClassTag<Object> ANY = ClassTag$.MODULE$.apply(Object.class);
  private static final String NO_ROWS = "no rows, expected at least one row";

  private final LanewiseEstimator<?> settings;
  private final TrainingColumns columns;

  NetworkTasks(LanewiseEstimator<?> settings, TrainingColumns columns) {
    this.settings = settings;
    this.columns = columns;
  }

  /** The networks of a training in an executor. Tasks get the same object by its broadcast. */
  private static final class Shared implements Serializable {
    private static final long serialVersionUID = 1L;

    private transient Networks networks;

    synchronized Networks get(Supplier<Networks> otherwise) {
      if (networks == null) {
        networks = otherwise.get();
      }
      return networks;
    }

    synchronized void set(Networks made) {
      networks = made;
    }
  }

  /** A trained network; or the reason why there is none. */
  private record Trained(byte[] npz, Outcome outcome, int bestEpoch, String error)
      implements Serializable {
    TrainingRun run() {
      Mlp network = SharedModel.model(npz).members().get(0);
      return new TrainingRun(network, new History(List.of()), outcome, 1, bestEpoch);
    }
  }

  /**
   * Trains the model.
   *
   * @param sorted the rows as bytes, in one partition and the canonical order
   */
  Answer fit(JavaRDD<byte[]> sorted) {
    JavaRDD<byte[]> rows = DeferredRows.of(sorted);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(sorted.context());
    String wanted = settings.valueOf(settings.networkTasks);
    int cores = context.defaultParallelism() / context.getConf().getInt("spark.task.cpus", 1);
    double least = wanted.equals("always") ? 0 : LONG;
    boolean isSearch = settings.trials() > 0;
    if (!isSearch && (wanted.equals("never") || wanted.equals("auto") && cores < 2)) {
      return answer(rows.mapPartitions(each -> bytes(one(gathered(each), null, 0))));
    }
    Broadcast<Shared> shared = context.broadcast(new Shared());
    sorted.persist(StorageLevel.DISK_ONLY());
    try {
      Answer first = answer(rows.mapPartitions(each -> bytes(one(gathered(each), shared, least))));
      if (first.error() != null || first.model() != null) {
        return first;
      } else if (isSearch) {
        return searched(context, rows, shared, first, Math.max(1, cores));
      }
      List<JavaRDD<byte[]>> tasks = new ArrayList<>();
      for (int m = 0; m < first.networks(); m++) {
        int member = m;
        tasks.add(rows.mapPartitions(each -> bytes(trained(member, shared, each))));
      }
      List<byte[]> trained = all(context, tasks).collect();
      Optional<String> error =
          trained.stream()
              .map(NetworkTasks::trained)
              .map(Trained::error)
              .filter(Objects::nonNull)
              .findFirst();
      if (error.isPresent()) {
        return Answer.failed(first.rows(), error.get());
      }
      Broadcast<byte[][]> networks = context.broadcast(trained.toArray(new byte[0][]));
      try {
        return answer(rows.mapPartitions(each -> bytes(assembled(networks, shared, each))));
      } finally {
        networks.destroy();
      }
    } finally {
      release(sorted, shared);
    }
  }

  /** Removes what tasks share, also after an interrupt, which would end the requests to do so. */
  private static void release(JavaRDD<byte[]> sorted, Broadcast<Shared> shared) {
    boolean wasInterrupted = Thread.interrupted();
    sorted.unpersist();
    shared.destroy();
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** A trained trial; or the reason why there is none. */
  private record Tried(
      double loss, double score, int epochs, int bestEpoch, byte[] npz, String error)
      implements Serializable {}

  /** The options of a trial among the best of a search, and its model. */
  private record Candidate(LinkedHashMap<String, String> options, byte[] npz)
      implements Serializable {}

  /** Searches with as many trials at a time as there are cores, each in a task of its own. */
  private Answer searched(
      JavaSparkContext context,
      JavaRDD<byte[]> rows,
      Broadcast<Shared> shared,
      Answer first,
      int cores) {
    TrialScoring scoring =
        recipe -> {
          Map<String, String> changes = new LinkedHashMap<>(recipe.changes());
          JavaRDD<byte[]> task = rows.mapPartitions(each -> bytes(tried(changes, shared, each)));
          Tried tried;
          try {
            tried = (Tried) object(task.collect().get(0));
          } catch (Exception e) { // Scala does not declare an InterruptedException
            if (!(e instanceof InterruptedException)) {
              throw e;
            }
            Thread.currentThread().interrupt();
            return Optional.empty();
          }
          if (tried.error() != null) {
            throw new IllegalArgumentException(tried.error());
          }
          Optional<Model> model = Optional.ofNullable(tried.npz()).map(SharedModel::model);
          return Optional.of(
              new TrialScoring.Result(
                  new Score(tried.loss(), tried.score()),
                  tried.epochs(),
                  tried.bestEpoch(),
                  model));
        };
    SearchRun run;
    try {
      run =
          Search.of(settings.recipe(), settings.space())
              .seed(settings.seed())
              .trials(settings.trials())
              .threads(Math.min(cores, settings.trials()))
              .run(scoring);
    } catch (IllegalArgumentException e) {
      return Answer.failed(first.rows(), Advice.of(e));
    }
    if (run.wasEnded()) {
      return Answer.failed(first.rows(), "search was interrupted");
    } else if (run.candidates().isEmpty()) {
      String error = "all %s trials diverged, expected a finite loss (a smaller learningRate)";
      return Answer.failed(first.rows(), error.formatted(run.count()));
    }
    List<Candidate> best = new ArrayList<>();
    run.candidates()
        .forEach(
            (trial, model) ->
                best.add(
                    new Candidate(new LinkedHashMap<>(trial.options()), SharedModel.bytes(model))));
    Broadcast<byte[]> candidates = context.broadcast(bytes(new ArrayList<>(best)).next());
    try {
      return answer(rows.mapPartitions(each -> bytes(ensemble(candidates, shared, each))));
    } finally {
      candidates.destroy();
    }
  }

  private Tried tried(
      Map<String, String> changes, Broadcast<Shared> shared, Iterator<byte[]> rows) {
    return attempt(
        () -> {
          Recipe recipe = Recipe.named(settings.recipe().name()).with(changes);
          TrialScoring.Result result = networks(shared, rows).trial(recipe);
          byte[] npz = result.model().map(SharedModel::bytes).orElse(null);
          Score score = result.score();
          return new Tried(
              score.loss(), score.accuracy(), result.epochs(), result.bestEpoch(), npz, null);
        },
        error -> new Tried(Double.NaN, Double.NaN, 0, -1, null, error));
  }

  @SuppressWarnings("unchecked")
  private Answer ensemble(
      Broadcast<byte[]> candidates, Broadcast<Shared> shared, Iterator<byte[]> rows) {
    Map<Trial, Model> models = new LinkedHashMap<>();
    for (Candidate each : (List<Candidate>) object(candidates.value())) {
      int place = models.size() + 1; // of trials, the selection needs the order and the options
      Trial trial = new Trial(place, 1, each.options(), -1, 0, 0, "");
      models.put(trial, SharedModel.model(each.npz()));
    }
    return made(shared, rows, networks -> networks.ensemble(models));
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static JavaRDD<byte[]> all(JavaSparkContext context, List<JavaRDD<byte[]>> tasks) {
    return context.union(tasks.toArray(new JavaRDD[0]));
  }

  /** Returns a result as bytes, because not every serializer of Spark can write records. */
  static Iterator<byte[]> bytes(Serializable result) {
    ByteBuffer bytes = serializer().serialize(result, ANY);
    return List.of(Arrays.copyOf(bytes.array(), bytes.limit())).iterator();
  }

  static Object object(byte[] bytes) {
    ClassLoader loader = NetworkTasks.class.getClassLoader();
    return serializer().deserialize(ByteBuffer.wrap(bytes), loader, ANY);
  }

  private static SerializerInstance serializer() {
    return new JavaSerializer(SparkEnv.get().conf()).newInstance();
  }

  private static Answer answer(JavaRDD<byte[]> task) {
    List<byte[]> answers = task.collect();
    return answers.isEmpty() ? Answer.failed(0, NO_ROWS) : (Answer) object(answers.get(0));
  }

  private static Trained trained(byte[] bytes) {
    return (Trained) object(bytes);
  }

  private Gathered gathered(Iterator<byte[]> rows) {
    Gathered gathered = new Gathered(settings, columns);
    try {
      rows.forEachRemaining(gathered::add);
    } catch (OutOfMemoryError e) {
      gathered.giveUp();
    }
    return gathered;
  }

  /** Trains all networks, or leaves them, or the trials of a search, to other tasks. */
  private Answer one(Gathered gathered, Broadcast<Shared> shared, double least) {
    return gathered.rows() == 0
        ? Answer.failed(0, NO_ROWS)
        : Answer.of(
            gathered,
            networks -> {
              boolean areTasks = networks.count() > 1 && networks.work() >= least;
              if (shared != null && (areTasks || settings.trials() > 0)) {
                shared.value().set(networks);
                return Optional.empty();
              }
              return Optional.of(networks.all());
            });
  }

  /** Returns the networks that tasks of this executor share, with the rows of another executor. */
  private Networks networks(Broadcast<Shared> shared, Iterator<byte[]> rows) {
    return shared
        .value()
        .get(
            () -> {
              Gathered gathered = gathered(rows);
              try {
                return gathered.lesson().networks();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } catch (OutOfMemoryError e) {
                throw new IllegalStateException(gathered.outOfMemory(), e);
              }
            });
  }

  private Trained trained(int member, Broadcast<Shared> shared, Iterator<byte[]> rows) {
    return attempt(
        () -> {
          TrainingRun run = networks(shared, rows).one(member);
          byte[] npz = SharedModel.bytes(Model.of(run.model()));
          return new Trained(npz, run.outcome(), run.bestEpoch(), null);
        },
        error -> new Trained(null, null, -1, error));
  }

  private Answer assembled(
      Broadcast<byte[][]> trained, Broadcast<Shared> shared, Iterator<byte[]> rows) {
    List<TrainingRun> runs =
        Arrays.stream(trained.value()).map(NetworkTasks::trained).map(Trained::run).toList();
    return made(shared, rows, networks -> networks.model(runs));
  }

  private Answer made(
      Broadcast<Shared> shared, Iterator<byte[]> rows, Function<Networks, Model> work) {
    return attempt(
        () -> {
          Networks networks = networks(shared, rows);
          Model model = work.apply(networks);
          byte[] npz = SharedModel.bytes(model);
          return new Answer(0, model.sha256(), npz, null, networks.notes(), networks.count());
        },
        error -> Answer.failed(0, error));
  }

  /** Returns a result, or that of a problem which another attempt of Spark would meet again. */
  private static <T> T attempt(Supplier<T> work, Function<String, T> failed) {
    try {
      return work.get();
    } catch (IllegalArgumentException | IllegalStateException e) {
      return failed.apply(Advice.of(e));
    } catch (OutOfMemoryError e) {
      return failed.apply(
          "memory ran out, expected a larger %s, or fewer tasks at a time (spark.task.cpus)"
              .formatted(Room.setting()));
    }
  }
}
