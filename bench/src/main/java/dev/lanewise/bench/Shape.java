package dev.lanewise.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The shape of a matrix product: an m x n result and a sum over k, written as {@code NN:mxnxk}. */
record Shape(Orientation orientation, int m, int n, int k) {
  private static final Pattern PATTERN = Pattern.compile("(NN|NT|TN):(\\d+)x(\\d+)x(\\d+)");

  static Shape of(String text) {
    Matcher matcher = PATTERN.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "shape " + text + ": must be NN, NT or TN, a colon and mxnxk, such as NN:100x16x2304");
    }
    return new Shape(
        Orientation.valueOf(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)),
        Integer.parseInt(matcher.group(4)));
  }

  int lda() {
    return orientation == Orientation.TN ? m : k;
  }

  int ldb() {
    return orientation == Orientation.NT ? k : n;
  }

  double flop() {
    return 2.0 * m * n * k;
  }

  @Override
  public String toString() {
    return orientation + ":" + m + "x" + n + "x" + k;
  }
}
