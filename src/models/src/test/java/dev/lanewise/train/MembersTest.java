package dev.lanewise.train;

import static dev.lanewise.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.model.Folds;
import dev.lanewise.model.Members;
import dev.lanewise.train.TrainingRun.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that are trained side by side. */
@Timeout(120) // a member that is not stopped would train for days
class MembersTest {
  private static final int ENDLESS = 1_000_000_000;

  private static final Folds FOLDS = Folds.of(Dataset.of(Digits.DATA.train()), 4);

  /** Returns options that differ from member to member. */
  private static TrainerBuilder trainer(int member) {
    return Trainer.builder()
        .epochs(3 + member)
        .batchSize(200)
        .seed(member)
        .dropout(0.1 * member)
        .optimizer(Optimizer.adam())
        .checkpointEvery(1e9);
  }

  private static TrainerBuilder endless() {
    return trainer(1).epochs(ENDLESS);
  }

  private static Members with(Members members, int member, TrainerBuilder trainer) {
    return members.add(
        trainer.build(), own -> own.fit(Digits.network(member), FOLDS.member(member)));
  }

  private static List<Outcome> outcomes(List<TrainingRun> runs) {
    return runs.stream().map(TrainingRun::outcome).toList();
  }

  /** Members are trained from the beginning, or go on from a checkpoint. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1024})
  void theBitsOfEachAlone(int threads) {
    Members all = new Members();
    Members rest = new Members();
    List<String> alone = new ArrayList<>();
    for (int m = 0; m < 4; m++) {
      int member = m;
      alone.add(
          OptionCombinations.digest(trainer(m).build().fit(Digits.network(m), FOLDS.member(m))));
      with(all, m, trainer(m));
      Listening untilThere =
          new Listening()
              .steps(result -> result.epoch() < 2 || result.step() < member)
              .checkpoints(
                  checkpoint -> {
                    Checkpoint copy = checkpoint.copy();
                    rest.add(
                        trainer(member).threads(2).build(),
                        own -> own.resume(copy, FOLDS.member(member)));
                  });
      trainer(m).listener(untilThere).build().fit(Digits.network(m), FOLDS.member(m));
    }
    assertEquals(alone, all.train(threads).stream().map(OptionCombinations::digest).toList());
    assertEquals(alone, rest.train(threads).stream().map(OptionCombinations::digest).toList());
  }

  /**
   * Three members that would never end all get through some epochs, even on one thread. Each then
   * stops with a checkpoint.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void anInterruptStopsAllMembers(int threads) throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(3);
    List<Checkpoint> checkpoints = Collections.synchronizedList(new ArrayList<>());
    Members members = new Members();
    for (int m = 0; m < 3; m++) {
      Listening listener =
          new Listening()
              .epochs(
                  result -> {
                    if (result.epoch() == 2) {
                      begun.countDown();
                    }
                    return true;
                  })
              .checkpoints(checkpoint -> checkpoints.add(checkpoint.copy()));
      with(members, m, endless().seed(m).listener(listener));
    }
    List<TrainingRun> runs = new ArrayList<>();
    boolean[] interrupted = new boolean[1];
    Thread caller =
        new Thread(
            () -> {
              runs.addAll(members.train(threads));
              interrupted[0] = Thread.interrupted();
            });
    caller.start();
    begun.await();
    caller.interrupt();
    caller.join();
    assertTrue(interrupted[0], "the thread stays interrupted");
    assertEquals(Collections.nCopies(3, Outcome.STOPPED), outcomes(runs));
    Set<String> expected = new HashSet<>();
    Set<String> found = new HashSet<>();
    runs.forEach(run -> expected.add(run.model().sha256()));
    checkpoints.forEach(checkpoint -> found.add(checkpoint.model().sha256()));
    assertEquals(expected, found);
    assertEquals(3, found.size());
  }

  /** A caller that is interrupted before gets one step of each member, as of a single training. */
  @Test
  void anEarlyInterrupt() {
    Members members = new Members();
    for (int m = 0; m < 3; m++) {
      with(members, m, endless());
    }
    Thread.currentThread().interrupt();
    List<TrainingRun> runs = members.train(1);
    assertTrue(Thread.interrupted());
    assertEquals(Collections.nCopies(3, Outcome.STOPPED), outcomes(runs));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aMemberThatDivergesStopsTheOthers(int threads) {
    Members members = with(new Members(), 0, endless());
    with(members, 1, trainer(1).epochs(50).optimizer(Optimizer.sgd()).learningRate(1e30));
    List<TrainingRun> runs = with(members, 2, endless()).train(threads);
    assertEquals(List.of(Outcome.STOPPED, Outcome.DIVERGED, Outcome.STOPPED), outcomes(runs));
  }

  @Test
  void aListenerStopsItsOwnMember() {
    Members members = with(new Members(), 0, trainer(0));
    with(members, 1, trainer(1).listener(new Listening().epochs(result -> false)));
    List<TrainingRun> runs = with(members, 2, trainer(2)).train(2);
    assertEquals(List.of(Outcome.COMPLETED, Outcome.STOPPED, Outcome.COMPLETED), outcomes(runs));
    assertEquals(1, runs.get(1).history().epochs());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void anExceptionOfAListenerStopsTheOthers(int threads) {
    Exception wrong = new UnsupportedOperationException("as a test");
    Members members = with(new Members(), 0, endless());
    with(members, 1, endless().onEpoch(result -> raise(wrong)));
    with(members, 2, endless());
    Exception thrown = assertThrows(RuntimeException.class, () -> members.train(threads));
    assertSame(wrong, thrown);
    assertEquals("in member 2 of 3", thrown.getSuppressed()[0].getMessage());
  }

  private static void raise(Exception e) {
    throw (RuntimeException) e;
  }

  @Test
  void errorsNameTheMember() {
    Dataset noValidation = Dataset.of(Digits.DATA.train());
    Members members = with(new Members(), 0, endless());
    members.add(trainer(1).patience(3).build(), own -> own.fit(Digits.network(1), noValidation));
    String message = refusal(() -> members.train(2));
    assertTrue(message.startsWith("member 2 of 2: patience without validation rows"), message);
    IOException reason = new IOException("x.npy: cannot be read");
    Members unreadable = with(new Members(), 0, endless());
    with(
        unreadable,
        1,
        endless().onEpoch(result -> raise(new UncheckedIOException("as it says", reason))));
    Exception thrown = assertThrows(UncheckedIOException.class, () -> unreadable.train(1));
    assertEquals("member 2 of 2: as it says", thrown.getMessage());
    assertSame(reason, thrown.getCause());
  }

  /** Whichever member fails first, one message is printed. */
  @Test
  void theFirstOfSeveralMembersIsNamed() {
    CountDownLatch failed = new CountDownLatch(1);
    Members members =
        new Members()
            .add(
                endless().build(),
                own -> {
                  assertTrue(awaits(failed));
                  throw new ArgumentException("wrong");
                })
            .add(
                endless().build(),
                own -> {
                  failed.countDown();
                  throw new ArgumentException("wrong");
                });
    assertEquals("member 1 of 2: wrong", refusal(() -> members.train(2)));
  }

  private static boolean awaits(CountDownLatch latch) {
    try {
      return latch.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Code that listeners call finds the classes that the caller finds. */
  @Test
  void threadsAreLikeTheCaller() throws IOException {
    Thread caller = Thread.currentThread();
    ClassLoader before = caller.getContextClassLoader();
    Set<Object> found = Collections.synchronizedSet(new HashSet<>());
    try (URLClassLoader own = new URLClassLoader(new URL[0])) {
      caller.setContextClassLoader(own);
      Members members = new Members();
      for (int m = 0; m < 2; m++) {
        with(
            members,
            m,
            trainer(m)
                .onEpoch(
                    result -> {
                      assertSame(own, Thread.currentThread().getContextClassLoader());
                      found.add(Thread.currentThread().getName());
                    }));
      }
      members.train(2);
      with(new Members(), 0, trainer(0).onEpoch(result -> found.add(Thread.currentThread())))
          .train(2);
    } finally {
      caller.setContextClassLoader(before);
    }
    assertEquals(Set.of("lanewise-member-1", "lanewise-member-2", caller), found);
  }

  @Test
  void whatIsRefused() {
    assertEquals(
        "no members to train, expected at least one member", refusal(() -> new Members().train(1)));
    Members members = with(new Members(), 0, trainer(0));
    assertTrue(refusal(() -> members.train(0)).contains("from 1 to 1024"));
    assertTrue(refusal(() -> with(members, 1, trainer(1)).train(0)).contains("from 1 to 1024"));
  }
}
