package dev.lanewise.spark;

import org.apache.spark.ml.Estimator;

/** An estimator that sets its name before it makes its parameters, which need the name. */
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
