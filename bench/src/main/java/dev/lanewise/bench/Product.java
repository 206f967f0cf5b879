package dev.lanewise.bench;

import dev.lanewise.kernel.Epilogue;
import dev.lanewise.kernel.Initial;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Orientation;
import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;

/** One implementation of a matrix product, with its operands where it wants them. */
abstract class Product {
  final Shape shape;

  Product(Shape shape) {
    this.shape = shape;
  }

  /** The implementation of a name: lanewise, scalar, openblas or netlib. */
  static Product of(String implementation, Shape shape) {
    return switch (implementation) {
      case "lanewise" -> new Lanewise(shape, Kernels.active());
      case "scalar" -> new Lanewise(shape, Kernels.scalar());
      case "openblas" -> new OpenBlas(shape);
      case "netlib" -> new Netlib(shape);
      default ->
          throw new IllegalArgumentException(
              "implementation "
                  + implementation
                  + ": must be lanewise, scalar, openblas or netlib");
    };
  }

  /** C = op(A) op(B): what is timed. */
  abstract void run();

  /** The result of the last run. */
  abstract float[] result();

  /** Whether the result is promised to the last bit. */
  boolean exact() {
    return false;
  }

  /** Ours, either twin. */
  private static final class Lanewise extends Product {
    private final Kernels kernels;
    private final float[] a;
    private final float[] b;
    private final float[] c;
    private final float[] workspace;

    Lanewise(Shape shape, Kernels kernels) {
      super(shape);
      this.kernels = kernels;
      a = shape.a();
      b = shape.b();
      c = new float[shape.m() * shape.n()];
      workspace =
          new float[kernels.gemmWorkspace(shape.orientation(), shape.m(), shape.n(), shape.k())];
    }

    @Override
    void run() {
      kernels.gemm(
          shape.orientation(),
          shape.m(),
          shape.n(),
          shape.k(),
          a,
          0,
          shape.lda(),
          b,
          0,
          shape.ldb(),
          c,
          0,
          shape.n(),
          Initial.ZERO,
          null,
          0,
          Epilogue.NONE,
          null,
          0,
          0,
          workspace);
    }

    @Override
    float[] result() {
      return c;
    }

    @Override
    boolean exact() {
      return true;
    }
  }

  /** OpenBLAS by way of JavaCPP, on native buffers, so that nothing is copied while it is timed. */
  private static final class OpenBlas extends Product {
    private final FloatPointer a;
    private final FloatPointer b;
    private final FloatPointer c;

    OpenBlas(Shape shape) {
      super(shape);
      openblas.blas_set_num_threads(Integer.getInteger("threads", 1));
      a = new FloatPointer(shape.a());
      b = new FloatPointer(shape.b());
      c = new FloatPointer((long) shape.m() * shape.n());
    }

    @Override
    void run() {
      openblas.cblas_sgemm(
          openblas.CblasRowMajor,
          shape.orientation() == Orientation.TN ? openblas.CblasTrans : openblas.CblasNoTrans,
          shape.orientation() == Orientation.NT ? openblas.CblasTrans : openblas.CblasNoTrans,
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
    float[] result() {
      float[] values = new float[shape.m() * shape.n()];
      c.get(values);
      return values;
    }
  }

  /** The best BLAS in Java, which is column-major: it computes the transposed product. */
  private static final class Netlib extends Product {
    private final BLAS blas = vectorBlas();
    private final float[] a;
    private final float[] b;
    private final float[] c;

    Netlib(Shape shape) {
      super(shape);
      a = shape.a();
      b = shape.b();
      c = new float[shape.m() * shape.n()];
    }

    /** With the Vector API where the JVM has it, as ours. */
    private static BLAS vectorBlas() {
      try {
        return (BLAS)
            Class.forName("dev.ludovic.netlib.blas.VectorBLAS")
                .getMethod("getInstance")
                .invoke(null);
      } catch (ReflectiveOperationException | LinkageError e) {
        return JavaBLAS.getInstance();
      }
    }

    @Override
    void run() {
      blas.sgemm(
          shape.orientation() == Orientation.NT ? "T" : "N",
          shape.orientation() == Orientation.TN ? "T" : "N",
          shape.n(),
          shape.m(),
          shape.k(),
          1f,
          b,
          shape.ldb(),
          a,
          shape.lda(),
          0f,
          c,
          shape.n());
    }

    @Override
    float[] result() {
      return c;
    }
  }
}
