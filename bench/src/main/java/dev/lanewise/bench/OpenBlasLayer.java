package dev.lanewise.bench;

import java.nio.FloatBuffer;

/**
 * A layer forward with OpenBLAS: the product, then one pass over it that adds the bias and applies
 * ReLU, in blocks copied to the heap and back, where C2 vectorises the loop.
 *
 * <p>The quickest of the ways that were tried on JDK 17, one thread, NN 100x80x16: 62 GFLOP/s in
 * this one; 57 with the bias copied into C before the product (beta 1) and ReLU in blocks; 40 with
 * cblas_saxpy for the bias of each row and ReLU in blocks; about 20 with a loop over the direct
 * buffer. Large products hardly tell them apart. JavaCPP's calls with arrays copy all operands, and
 * vectors reach native memory in no way that 17 and 25 have in common.
 */
final class OpenBlasLayer extends OpenBlasProduct {
  /** 4 KB, in L1 together with the biases; from 512 to 8192 floats made no clear difference. */
  private static final int BLOCK = 1024;

  private final FloatBuffer sums;
  private final float[] block;
  private final float[] biases; // the bias, once a row of the block

  OpenBlasLayer(Shape shape) {
    super(shape, 1);
    sums = c.asBuffer();
    int rows = Math.min(shape.m(), Math.max(1, BLOCK / shape.n()));
    block = new float[rows * shape.n()];
    biases = new float[rows * shape.n()];
    for (int i = 0; i < biases.length; i++) {
      biases[i] = operands.bias()[i % shape.n()];
    }
  }

  @Override
  Work work() {
    return Work.BIAS_RELU;
  }

  @Override
  void run() {
    super.run();
    addBiasesAndRelu(sums, block, biases);
  }

  private static void addBiasesAndRelu(FloatBuffer sums, float[] block, float[] biases) {
    int size = sums.capacity();
    for (int i = 0; i < size; i += block.length) {
      int length = Math.min(block.length, size - i);
      sums.get(i, block, 0, length);
      for (int j = 0; j < length; j++) {
        block[j] = Math.max(block[j] + biases[j], 0f);
      }
      sums.put(i, block, 0, length);
    }
  }
}
