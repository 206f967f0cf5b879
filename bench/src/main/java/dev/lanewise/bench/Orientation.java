package dev.lanewise.bench;

/** Which operand of a product is transposed: none, B or A. */
enum Orientation {
  NN,
  NT,
  TN
}
