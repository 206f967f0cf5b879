/**
 * Exact, fast multilayer perceptrons in pure Java.
 *
 * <p>The vector module is optional: a runtime without it starts all the same and computes the same
 * bits on the scalar kernels.
 */
module dev.lanewise {
  requires static jdk.incubator.vector;
  requires static java.desktop;
  requires static transitive java.sql;

  exports dev.lanewise.check;
  exports dev.lanewise.data;
  exports dev.lanewise.format;
  exports dev.lanewise.metrics;
  exports dev.lanewise.nn;
  exports dev.lanewise.report;
  exports dev.lanewise.train;

  uses dev.lanewise.nn.internal.ForeignArrays;
  uses dev.lanewise.nn.internal.ModelFormat;

  provides dev.lanewise.nn.internal.ForeignArrays with
      dev.lanewise.nn.LayerArrays;
  provides dev.lanewise.nn.internal.ModelFormat with
      dev.lanewise.nn.JavaFormat,
      dev.lanewise.nn.OnnxFormat,
      dev.lanewise.nn.SafetensorsFormat;
}
