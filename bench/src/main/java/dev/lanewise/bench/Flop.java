package dev.lanewise.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Makes JMH print a second figure beside the operations a second: gigaflop a second. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Flop {
  /** Billions of floating-point operations done; JMH divides by the time. */
  public double gigaflop;
}
