package dev.lanewise.bench;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_full;

/**
 * A product by OpenBLAS through JavaCPP, on native buffers, so that the measured time contains no
 * copying. The binding is {@code openblas_full}, because the other bindings cannot return the
 * number of threads.
 */
class OpenBlasProduct extends Product {
  private final FloatPointer a;
  private final FloatPointer b;
  final FloatPointer c;

  OpenBlasProduct(Shape shape, int threads) {
    super(shape);
    openblas_full.openblas_set_num_threads(threads);
    if (openblas_full.openblas_get_num_threads() != threads) {
      throw new IllegalStateException(
          "OpenBLAS runs "
              + openblas_full.openblas_get_num_threads()
              + " threads, must be "
              + threads);
    }
    a = new FloatPointer(operands.a());
    b = new FloatPointer(operands.b());
    c = new FloatPointer((long) shape.m() * shape.n());
  }

  @Override
  void run() {
    openblas_full.cblas_sgemm(
        openblas_full.CblasRowMajor,
        shape.orientation() == Orientation.TN
            ? openblas_full.CblasTrans
            : openblas_full.CblasNoTrans,
        shape.orientation() == Orientation.NT
            ? openblas_full.CblasTrans
            : openblas_full.CblasNoTrans,
        shape.m(),
        shape.n(),
        shape.k(),
        1f,
        a,
        shape.lda(),
        b,
        shape.ldb(),
        0f,
        c,
        shape.n());
  }

  @Override
  final float[] result() {
    float[] values = new float[shape.m() * shape.n()];
    c.get(values);
    return values;
  }
}
