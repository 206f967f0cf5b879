package dev.lanewise.nn;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernel.math.Nonlinearity;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every constant describes its activation or loss completely. */
class DescriptorsTest {
  @Test
  void everyKernelBelongsToOneActivation() {
    Set<Nonlinearity> passes =
        Stream.of(Activation.values())
            .map(a -> a.pass)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    assertEquals(EnumSet.allOf(Nonlinearity.class), passes);
    assertEquals(Nonlinearity.values().length + 2, Activation.values().length, "relu, identity");
  }

  @Test
  void everyLossHasOneKindOfTarget() {
    for (Loss loss : Loss.values()) {
      Stream<Boolean> kinds =
          Stream.of(loss.task().hasClasses(), loss.task().hasLabels(), loss.task().hasNumbers());
      assertEquals(1, kinds.filter(kind -> kind).count(), loss.label());
      assertEquals(loss, Loss.of(loss.label()));
    }
  }

  @Test
  void anUnknownNameIsRefusedWithAllThatExist() {
    rejects(() -> Initializer.of("x"), "initialiser x, expected course, he, glorot or realmlp");
    rejects(() -> Activation.of("x"), Activation.labels().toArray(String[]::new));
  }
}
