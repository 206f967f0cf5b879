package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.Message;
import dev.lanewise.nn.Mlp;
import dev.lanewise.parallel.Team;
import dev.lanewise.train.TrainingRun.Outcome;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Trains several networks side by side, such as the members of an ensemble. Each has the bits that
 * it has alone. Of several members, each trains on one thread; if there are more members than
 * threads, they take turns of a few steps, so that all end at about the same time.
 *
 * <p>The listeners of a trainer are called on the thread of its member, which has the context class
 * loader of the caller of {@link #train}.
 */
public final class Members {
  /** Nanoseconds of a turn, in which steps take far longer than filling the caches again. */
  private static final long TURN = 20_000_000;

  private final List<Trainer> trainers = new ArrayList<>();
  private final List<Function<Trainer, TrainingRun>> trainings = new ArrayList<>();

  /** Begins without members. */
  public Members() {}

  /**
   * Adds a member that begins with a network, see {@link Trainer#fit}.
   *
   * @param trainer the options and listeners of the member; its number of threads does not matter
   * @param initial the network to start from
   * @param data the rows to learn
   * @return this
   */
  public Members add(Trainer trainer, Mlp initial, Dataset data) {
    Objects.requireNonNull(initial, "initial");
    return add(trainer, data, self -> self.fit(initial, data));
  }

  /**
   * Adds a member that goes on from a checkpoint, see {@link Trainer#resume}.
   *
   * @param trainer the options and listeners of the member; its number of threads does not matter
   * @param checkpoint of a run with the same options and data
   * @param data the rows to learn
   * @return this
   */
  public Members add(Trainer trainer, Checkpoint checkpoint, Dataset data) {
    Objects.requireNonNull(checkpoint, "checkpoint");
    return add(trainer, data, self -> self.resume(checkpoint, data));
  }

  private Members add(Trainer trainer, Dataset data, Function<Trainer, TrainingRun> training) {
    Objects.requireNonNull(data, "data");
    trainers.add(Objects.requireNonNull(trainer, "trainer"));
    trainings.add(training);
    return this;
  }

  /**
   * Trains all members. An interrupt of the calling thread ends every run after its current step
   * with {@link Outcome#STOPPED}, and the thread stays interrupted. A listener ends the run of its
   * own member alone. A run that diverges, which its outcome says, or throws an exception stops the
   * others too.
   *
   * @param threads the largest number of members that train at the same time, in the range of
   *     {@link TrainerBuilder#threads}; a single member uses so many threads itself
   * @return the results in the order of the members
   * @throws IllegalArgumentException as {@link Trainer#fit} and {@link Trainer#resume}, if there
   *     are no members, or if the number of threads is out of range
   * @throws UncheckedIOException if rows that stay in a file can no longer be read. Such a message,
   *     like the one of an illegal argument, begins with the number of the member; another
   *     exception, such as one of a listener, is thrown with that number as a suppressed one
   */
  public List<TrainingRun> train(int threads) {
    int most = Team.most(threads);
    int count = trainers.size();
    if (count == 0) {
      throw new ArgumentException("no members to train, expected at least one");
    } else if (count == 1) {
      return List.of(trainings.get(0).apply(trainers.get(0).with(threads)));
    }
    Race race = new Race(most, count);
    try {
      race.members.forEach(Thread::start);
    } catch (Error e) { // too many threads for this machine
      race.stops = true;
      throw e;
    }
    race.await();
    return race.members.stream().map(member -> member.run).toList();
  }

  /** All members of one call of {@link #train}. */
  private final class Race {
    private final Semaphore turns;
    private final List<Member> members = new ArrayList<>();
    private volatile boolean stops; // after the current step of each member
    private Throwable failure; // the first

    Race(int threads, int count) {
      turns = new Semaphore(threads, true);
      for (int i = 0; i < count; i++) {
        members.add(new Member(this, i));
      }
    }

    /** Waits for the end of all runs, and throws the first exception of a member. */
    void await() {
      boolean interrupted = false;
      for (Member member : members) {
        while (member.isAlive()) {
          try {
            member.join();
          } catch (InterruptedException e) {
            interrupted = true;
            stops = true;
          }
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      if (failure instanceof RuntimeException e) {
        throw e;
      } else if (failure instanceof Error e) {
        throw e;
      }
    }

    synchronized void fail(Throwable thrown) {
      if (failure == null) {
        failure = thrown;
      } else if (failure != thrown) {
        failure.addSuppressed(thrown);
      }
      stops = true;
    }
  }

  /** The thread of a member, which follows its own run in order to end a turn. */
  private final class Member extends Thread implements TrainingListener {
    private final Race race;
    private final int number;
    private TrainingRun run;
    private long began;

    Member(Race race, int number) {
      super("lanewise-member-" + (number + 1));
      setDaemon(true);
      this.race = race;
      this.number = number;
    }

    @Override
    public void run() {
      begin();
      try {
        run = trainings.get(number).apply(trainers.get(number).with(1, this));
        if (run.outcome() == Outcome.DIVERGED) {
          race.stops = true;
        }
      } catch (RuntimeException | Error e) {
        race.fail(named(e));
      } finally {
        race.turns.release();
      }
    }

    private void begin() {
      race.turns.acquireUninterruptibly();
      began = System.nanoTime();
    }

    @Override
    public boolean onStep(StepResult result) {
      if (race.turns.hasQueuedThreads() && System.nanoTime() - began > TURN) {
        race.turns.release();
        begin();
      }
      return !race.stops;
    }

    @Override
    public boolean onEpoch(EpochResult result) {
      return !race.stops;
    }

    /** Returns an exception whose message says which member it is about. */
    private Throwable named(Throwable e) {
      String who = "member " + (number + 1) + " of " + trainers.size();
      Message message = Message.of("%s: %s", who, Message.of(e));
      if (e instanceof ArgumentException) {
        return new ArgumentException(message, e);
      } else if (e instanceof UncheckedIOException io) {
        return new UncheckedIOException(message.toString(), io.getCause());
      }
      e.addSuppressed(new IllegalStateException("in " + who));
      return e;
    }
  }
}
