package dev.lanewise.model;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.parallel.Team;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.StepResult;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainerBuilder;
import dev.lanewise.train.TrainingListener;
import dev.lanewise.train.TrainingRun;
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
 * loader of the caller of {@link #add}.
 */
public final class Members {
  /** Nanoseconds of a turn, in which steps take far longer than filling the caches again. */
  private static final long TURN = 20_000_000;

  private final List<Member> members = new ArrayList<>();
  private Semaphore turns;
  private volatile boolean stops; // each member after its current step

  /** Begins without members. */
  public Members() {}

  /**
   * Adds a member.
   *
   * @param trainer the options and listeners of the member; its number of threads does not matter
   * @param training how its trainer is used, such as {@code own -> own.fit(initial, data)}, see
   *     {@link Trainer#fit} and {@link Trainer#resume}
   * @return this
   */
  public Members add(Trainer trainer, Function<Trainer, TrainingRun> training) {
    members.add(new Member(trainer, training));
    return this;
  }

  /**
   * Trains all members. This method can be called once. An interrupt of the calling thread ends
   * every run after its current step with {@link Outcome#STOPPED}, and the thread stays
   * interrupted. A listener ends the run of its own member alone. A run that diverges, which its
   * outcome says, or throws an exception stops the others too.
   *
   * @param threads the largest number of members that train at the same time, in the range of
   *     {@link TrainerBuilder#threads}; a single member uses this number of threads itself
   * @return the results in the order of the members
   * @throws IllegalArgumentException as {@link Trainer#fit} and {@link Trainer#resume}, if there
   *     are no members, or if the number of threads is out of range
   * @throws UncheckedIOException if rows that stay in a file can no longer be read. The messages of
   *     these exceptions begin with the number of the member. Any other exception, such as an
   *     exception of a listener, is thrown as it is, with a suppressed exception that has the
   *     number. If several members fail, the exception of the first of them is thrown
   */
  public List<TrainingRun> train(int threads) {
    turns = new Semaphore(Team.most(threads), true);
    if (members.isEmpty()) {
      throw new ArgumentException("no members to train, expected at least one member");
    } else if (members.size() == 1) {
      return List.of(members.get(0).train(threads));
    }
    try {
      members.forEach(Thread::start);
    } catch (Error e) { // too many threads for this machine
      stops = true;
      throw e;
    }
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
    // in the order of their numbers, so that the same one is named each time
    for (Member member : members) {
      if (member.failure instanceof RuntimeException e) {
        throw e;
      } else if (member.failure instanceof Error e) {
        throw e;
      }
    }
    return members.stream().map(member -> member.run).toList();
  }

  /** The thread of a member, which follows its own run in order to end a turn. */
  private final class Member extends Thread implements TrainingListener {
    private final int number = members.size() + 1;
    private final Trainer trainer;
    private final Function<Trainer, TrainingRun> training;
    private TrainingRun run;
    private Throwable failure;
    private long began; // this turn

    Member(Trainer trainer, Function<Trainer, TrainingRun> training) {
      this.trainer = Objects.requireNonNull(trainer, "trainer");
      this.training = Objects.requireNonNull(training, "training");
      setName("lanewise-member-" + number);
      setDaemon(true);
    }

    TrainingRun train(int threads, TrainingListener... listeners) {
      return training.apply(trainer.with(threads, listeners));
    }

    @Override
    public void run() {
      begin();
      try {
        run = train(1, this);
        if (run.outcome() == Outcome.DIVERGED) {
          stops = true;
        }
      } catch (RuntimeException | Error e) {
        failure = named(e);
        stops = true;
      } finally {
        turns.release();
      }
    }

    private void begin() {
      turns.acquireUninterruptibly();
      began = System.nanoTime();
    }

    @Override
    public boolean onStep(StepResult result) {
      if (turns.hasQueuedThreads() && System.nanoTime() - began > TURN) {
        turns.release();
        begin();
      }
      return !stops;
    }

    @Override
    public boolean onEpoch(EpochResult result) {
      return !stops;
    }

    /** Returns an exception whose message says which member it is about. */
    private Throwable named(Throwable e) {
      String who = "member " + number + " of " + members.size();
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
