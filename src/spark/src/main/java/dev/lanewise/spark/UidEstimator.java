package dev.lanewise.spark;

import org.apache.spark.ml.Estimator;

/** An estimator whose name is known before its parameters are made, as these want to know it. */
abstract class UidEstimator extends Estimator<LanewiseModel> {
  private static final long serialVersionUID = 1L;

  private final String uid;

  UidEstimator(String uid) {
    this.uid = uid;
  }

  @Override
  public String uid() {
    return uid;
  }
}
