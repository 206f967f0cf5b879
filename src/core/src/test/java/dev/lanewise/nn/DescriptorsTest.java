package dev.lanewise.nn;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernel.math.Nonlinearity.Formula;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every constant describes its activation or loss completely. */
class DescriptorsTest {
  /** The engine computes what is no pass as a part of a product. Java streams keep constants. */
  @Test
  void everyFormulaBelongsToOneActivation() throws Exception {
    Set<Formula> rest = EnumSet.allOf(Formula.class);
    for (Activation activation : Activation.values()) {
      assertTrue(rest.remove(activation.kernel.formula()));
      assertSame(activation, Activation.of(activation.label()));
      assertSame(activation, serialised(activation));
      boolean isPart = activation == Activation.RELU || activation == Activation.IDENTITY;
      assertEquals(!isPart, activation.kernel.isPass());
    }
    assertEquals(Set.of(), rest);
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

  private static Object serialised(Object value) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    return new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
  }
}
