package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
          Stream.of(loss.takesClasses(), loss.takesFlags(), loss.isRegression());
      assertEquals(1, kinds.filter(kind -> kind).count(), loss.label());
      assertEquals(loss, Loss.of(loss.label()));
    }
  }

  @Test
  void anUnknownNameIsRefusedWithAllThatExist() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Initializer.of("x")).getMessage();
    assertEquals("initialiser x, expected course, he, glorot or realmlp", message);
    message = assertThrows(IllegalArgumentException.class, () -> Activation.of("x")).getMessage();
    for (String label : Activation.labels()) {
      assertTrue(message.contains(label), message);
    }
  }
}
