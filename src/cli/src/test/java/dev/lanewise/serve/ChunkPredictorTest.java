package dev.lanewise.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.table.RowStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkPredictorTest {
  /** A model of many classes gets fewer rows at a time, and no row is lost. */
  @Test
  void manyClassesTakeNoMoreMemory() throws IOException {
    int classes = 10_000;
    int all = 500;
    Model model =
        Model.of(
            Mlp.initial(Architecture.relu(2, List.of(), classes), Initializer.HE, 1)
                .withScaling(Scaling.none()));
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < all; i++) {
      text.append(i).append(",1\n");
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try (ChunkPredictor chunks = new ChunkPredictor(model, 2, "t");
        RowStream rows =
            RowStream.open(
                new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8)),
                "t",
                model,
                false)) {
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertTrue(allocated < 64 << 20, allocated + " bytes");
      float[] expected = new float[classes];
      int row = 0;
      while (chunks.next(rows, member -> {})) {
        for (int i = 0; i < chunks.rows(); i += 50) {
          model.predictor(1).predict(new float[] {row + i, 1}, expected);
          assertEquals(expected[7], chunks.answer().results()[i * classes + 7]);
        }
        row += chunks.rows();
      }
      assertEquals(all, row);
    }
  }
}
