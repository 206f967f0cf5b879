package dev.lanewise.kernel.gemm;

/** The transposed operands of a matrix product. The result is always m x n, the sum over k. */
public enum Orientation {
  /** C = A B with A m x k and B k x n: the forward pass, Y = X W. */
  NN,
  /** C = A B^T with A m x k and B n x k: the gradient of a layer's inputs, dX = dY W^T. */
  NT,
  /** C = A^T B with A k x m and B k x n: the gradient of the weights, dW = X^T dY. */
  TN
}
