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
}
