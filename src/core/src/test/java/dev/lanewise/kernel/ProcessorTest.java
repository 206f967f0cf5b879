package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorTest {
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
    assumeTrue(!names.isEmpty()); // AArch64 has none
    assertEquals(names.get(0).split(":", 2)[1].strip(), Processor.name());
    assertEquals(
        lines.stream().anyMatch(line -> line.matches("vendor_id\\s*: GenuineIntel")),
        Processor.isIntel());
  }
}
