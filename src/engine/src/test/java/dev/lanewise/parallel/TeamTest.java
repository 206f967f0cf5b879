package dev.lanewise.parallel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TeamTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void everyMemberRunsOncePerRun(int size) {
    AtomicIntegerArray counts = new AtomicIntegerArray(size);
    try (Team team = new Team(size)) {
      assertEquals(size, team.size());
      for (int run = 1; run <= 500; run++) {
        team.run(counts::incrementAndGet);
        for (int i = 0; i < size; i++) {
          assertEquals(run, counts.get(i));
        }
      }
    }
  }

  /** After a barrier, each member reads the plain values that its neighbour wrote before. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void aBarrierPublishesEarlierWrites(int size) {
    int[] written = new int[size];
    int[] read = new int[size];
    AtomicBoolean stale = new AtomicBoolean();
    try (Team team = new Team(size)) {
      for (int run = 0; run < 300; run++) {
        int base = run * 10;
        team.run(
            member -> {
              for (int part = 0; part < 4; part++) {
                written[member] = base + part;
                team.barrier(member);
                read[member] = written[(member + 1) % size];
                if (read[member] != base + part) {
                  stale.set(true);
                }
                team.barrier(member);
              }
            });
      }
    }
    assertFalse(stale.get());
  }

  @Test
  void wakesParkedMembers() throws InterruptedException {
    try (Team team = new Team(2)) {
      AtomicIntegerArray counts = new AtomicIntegerArray(2);
      for (int i = 0; i < 5; i++) {
        Thread.sleep(20); // far longer than the members spin
        team.run(
            member -> {
              await(new CountDownLatch(member), 20);
              team.barrier(member);
              counts.incrementAndGet(member);
            });
      }
      assertEquals(5, counts.get(0));
      assertEquals(5, counts.get(1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aFailureReachesTheCallerAndTheTeamStaysUsable(int failing) {
    try (Team team = new Team(3)) {
      IllegalStateException thrown = new IllegalStateException("planted");
      for (int i = 0; i < 20; i++) {
        IntConsumer task =
            member -> {
              if (member == failing) {
                throw thrown;
              }
              team.barrier(member);
            };
        assertSame(thrown, assertThrows(IllegalStateException.class, () -> team.run(task)));
        AtomicIntegerArray counts = new AtomicIntegerArray(3);
        team.run(
            member -> {
              team.barrier(member);
              counts.incrementAndGet(member);
            });
        assertEquals(1, counts.get(0) * counts.get(1) * counts.get(2));
      }
    }
  }

  @Test
  void theFirstOfSeveralFailuresReachesTheCaller() {
    IllegalStateException first = new IllegalStateException("first");
    IllegalStateException second = new IllegalStateException("second");
    try (Team team = new Team(2)) {
      IntConsumer task =
          member -> {
            if (member == 1) {
              throw first;
            }
            try {
              team.barrier(member); // waits until the first failure is recorded
            } catch (RuntimeException released) {
              throw second;
            }
          };
      Exception thrown = assertThrows(IllegalStateException.class, () -> team.run(task));
      assertSame(first, thrown);
      assertArrayEquals(new Throwable[] {second}, thrown.getSuppressed());
      team.run(member -> {}); // the team stays usable
    }
  }

  /** An interrupted thread cannot be parked, so it would spin until the others are done. */
  @Test
  void anInterruptedCallerIsParkedAndStaysInterrupted() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean();
    try (Team team = new Team(2)) {
      Thread caller =
          new Thread(
              () -> {
                Thread.currentThread().interrupt();
                team.run(
                    member -> {
                      if (member == 1) {
                        await(end, 60_000);
                      }
                    });
                interrupted.set(Thread.interrupted());
              });
      caller.start();
      long waits = Long.MAX_VALUE; // per 20 ms; a spinning thread starts many waits
      for (int i = 0; i < 50 && waits > 10; i++) {
        long before = waits(caller);
        Thread.sleep(20);
        waits = caller.getState() == Thread.State.WAITING ? waits(caller) - before : waits;
      }
      end.countDown();
      caller.join();
      assertTrue(waits <= 10, "began to wait " + waits + " times");
      assertTrue(interrupted.get(), "the interrupt is kept");
    }
  }

  private static long waits(Thread thread) {
    return ManagementFactory.getThreadMXBean().getThreadInfo(thread.getId()).getWaitedCount();
  }

  @Test
  void closingEndsTheThreads() throws InterruptedException {
    Thread[] worker = new Thread[1];
    Team team = new Team(2);
    team.run(member -> worker[0] = member == 1 ? Thread.currentThread() : worker[0]);
    assertTrue(worker[0].isDaemon());
    team.close();
    worker[0].join(10_000);
    assertFalse(worker[0].isAlive());
    assertThrows(IllegalStateException.class, () -> team.run(member -> {}));
  }

  /** Runs tasks of different numbers of members, with and without pauses in which members park. */
  @Test
  void theFirstMembersRunATask() throws InterruptedException {
    int size = 4;
    AtomicIntegerArray counts = new AtomicIntegerArray(size);
    int[] expected = new int[size];
    try (Team team = new Team(size)) {
      for (int run = 0; run < 2000; run++) {
        int members = 1 + run * 7 % 11 % size;
        if (run % 100 == 0) {
          Thread.sleep(2);
        }
        team.run(
            members,
            member -> {
              team.barrier(member);
              counts.incrementAndGet(member);
              team.barrier(member);
            });
        for (int i = 0; i < size; i++) {
          expected[i] += i < members ? 1 : 0;
          assertEquals(expected[i], counts.get(i), "member " + i + " of " + members);
        }
      }
    }
  }

  @Test
  void aMemberThatDoesNotTakePartStaysParked() throws InterruptedException {
    Thread[] worker = new Thread[1];
    try (Team team = new Team(3)) {
      team.run(
          member -> {
            if (member == 2) {
              worker[0] = Thread.currentThread();
            }
          });
      boolean waits = false;
      for (int i = 0; i < 1000 && !waits; i++) {
        team.run(2, team::barrier);
        Thread.sleep(1);
        waits = worker[0].getState() == Thread.State.WAITING;
      }
      assertTrue(waits, "spins");
      long before = waits(worker[0]);
      for (int i = 0; i < 1000; i++) {
        team.run(2, team::barrier);
      }
      assertEquals(before, waits(worker[0]), "was woken");
    }
  }

  @Test
  void needsAMember() {
    assertThrows(IllegalArgumentException.class, () -> new Team(0));
  }

  private static void await(CountDownLatch latch, long millis) {
    try {
      latch.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
