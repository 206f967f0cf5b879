package dev.lanewise.spark;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.History;
import dev.lanewise.train.TrainingRun;
import dev.lanewise.train.TrainingRun.Outcome;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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

  private static final ClassTag<Object> ANY = ClassTag$.MODULE$.apply(Object.class);
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
   * @param rows the rows as bytes, in one partition and the canonical order
   */
  Answer fit(JavaRDD<byte[]> rows) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(rows.context());
    String wanted = settings.valueOf(settings.networkTasks);
    int cores = context.defaultParallelism() / context.getConf().getInt("spark.task.cpus", 1);
    double least = wanted.equals("always") ? 0 : LONG;
    if (wanted.equals("never") || wanted.equals("auto") && cores < 2) {
      return answer(rows.mapPartitions(each -> bytes(one(gathered(each), null, 0))));
    }
    Broadcast<Shared> shared = context.broadcast(new Shared());
    rows.persist(StorageLevel.DISK_ONLY());
    try {
      Answer first = answer(rows.mapPartitions(each -> bytes(one(gathered(each), shared, least))));
      if (first.error() != null || first.model() != null) {
        return first;
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
      rows.unpersist();
      shared.destroy();
    }
  }

  @SuppressWarnings("unchecked")
  private static JavaRDD<byte[]> all(JavaSparkContext context, List<JavaRDD<byte[]>> tasks) {
    return context.union(tasks.toArray(new JavaRDD[0]));
  }

  /** Returns a result as bytes, because not every serializer of Spark can write records. */
  private static Iterator<byte[]> bytes(Serializable result) {
    ByteBuffer bytes = serializer().serialize(result, ANY);
    return List.of(Arrays.copyOf(bytes.array(), bytes.limit())).iterator();
  }

  private static Object object(byte[] bytes) {
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

  /** Trains all networks, or leaves them to other tasks. */
  private static Answer one(Gathered gathered, Broadcast<Shared> shared, double least) {
    return gathered.rows() == 0
        ? Answer.failed(0, NO_ROWS)
        : Answer.of(
            gathered,
            networks -> {
              if (shared != null && networks.count() > 1 && networks.work() >= least) {
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
    try {
      TrainingRun run = networks(shared, rows).one(member);
      byte[] npz = SharedModel.bytes(Model.of(run.model()));
      return new Trained(npz, run.outcome(), run.bestEpoch(), null);
    } catch (IllegalArgumentException | IllegalStateException e) {
      return new Trained(null, null, -1, Advice.of(e));
    }
  }

  private Answer assembled(
      Broadcast<byte[][]> trained, Broadcast<Shared> shared, Iterator<byte[]> rows) {
    Networks networks = networks(shared, rows);
    Model model =
        networks.model(
            Arrays.stream(trained.value()).map(NetworkTasks::trained).map(Trained::run).toList());
    byte[] npz = SharedModel.bytes(model);
    return new Answer(0, model.sha256(), npz, null, networks.notes(), networks.count());
  }
}
