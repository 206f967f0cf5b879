package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernel.simd.Fma;
import dev.lanewise.kernel.simd.Lanes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The choice follows the options of the JVM; .ci/run runs this test with several of them. */
class KernelChoiceTest {
  private static final KernelChoice CHOICE = KernelChoice.current();

  @Test
  void theActiveKernelsAreThoseOfTheChoice() {
    assertEquals(CHOICE.vector(), !(KernelSet.active() instanceof ScalarKernels));
    assertEquals(CHOICE.vector(), CHOICE.laneBits() > 0);
    assertFalse(CHOICE.reason().isEmpty());
  }

  @Test
  void withoutTheModuleAHintNamesTheFlag() {
    boolean module = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    if (!Fma.HARDWARE) {
      assertTrue(CHOICE.hint().contains("on a processor with FMA"), CHOICE.hint());
    } else if (!module) {
      assertFalse(CHOICE.vector());
      assertTrue(CHOICE.hint().contains("--add-modules jdk.incubator.vector"), CHOICE.hint());
    } else {
      assertFalse(CHOICE.hint().contains("--add-modules"), CHOICE.hint());
    }
  }

  @Test
  void propertiesForceKernelsAndLanes() {
    String kernels = System.getProperty(KernelChoice.KERNELS_PROPERTY, "auto");
    if (!kernels.equals("auto")) {
      assertEquals(kernels.equals("vector"), CHOICE.vector());
    }
    String lanes = System.getProperty(KernelChoice.LANES_PROPERTY);
    if (lanes != null && CHOICE.vector()) {
      assertEquals(Integer.parseInt(lanes), CHOICE.laneBits());
      assertEquals(CHOICE.laneBits() / 32, Lanes.LENGTH);
    }
  }

  private static final Path LINUX = Path.of("/proc/cpuinfo");

  @Test
  void hasAName() {
    assertFalse(Processor.name().isBlank());
  }

  @Test
  void isTheOneThatLinuxTells() throws IOException {
    assumeTrue(Files.exists(LINUX));
    List<String> lines = Files.readAllLines(LINUX);
    List<String> names = lines.stream().filter(line -> line.startsWith("model name")).toList();
    assumeTrue(!names.isEmpty()); // AArch64 has no such line
    assertEquals(names.get(0).split(":", 2)[1].strip(), Processor.name());
  }
}
