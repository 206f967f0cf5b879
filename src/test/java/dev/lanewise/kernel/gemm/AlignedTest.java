package dev.lanewise.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlignedTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 32_767, 32_768, 262_144, 524_288, 1_048_576, 5_000_000})
  void hasRoomAndLittleMore(int length) {
    int more = Aligned.floats(length).length - (Aligned.START + length);
    assertTrue(more >= 0, () -> more + " more than asked for");
    assertTrue(more == 0 || (length >= 32_768 && more <= 1 << 20), () -> more + " more");
  }
}
