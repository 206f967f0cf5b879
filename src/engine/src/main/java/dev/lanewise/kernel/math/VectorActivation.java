package dev.lanewise.kernel.math;

import dev.lanewise.kernel.math.Nonlinearity.Formula;
import dev.lanewise.kernel.simd.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorOperators.Comparison;
import jdk.incubator.vector.VectorSpecies;

/**
 * The {@link Nonlinearity} functions in vectors, operation by operation. A function that needs an
 * exponential has three loops over a block that stays in the L1 cache: one computes the argument,
 * one the exponential, and one the result. So exp is written once, and every loop is in a short
 * leaf method whose vectors are local variables.
 */
public final class VectorActivation {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;
  private static final Comparison LT = VectorOperators.LT;
  private static final Comparison GT = VectorOperators.GT;

  /** The scratch holds two blocks. */
  private static final int BLOCK = Nonlinearity.SCRATCH / 2;

  private VectorActivation() {}

  /**
   * Computes the outputs of an activation.
   *
   * @param to end of the elements, exclusive; whole vectors after {@code from}
   * @param x the pre-activations
   * @param y overwritten; may be x
   * @param scratch of {@value Nonlinearity#SCRATCH} floats
   */
  public static void activate(
      Nonlinearity function, int from, int to, float[] x, float[] y, float[] scratch) {
    Formula formula = function.formula();
    int i = from;
    do { // also once for an empty range, because a warm-up gets the loops compiled by such calls
      int n = Math.min(BLOCK, to - i);
      exponentials(formula, n, x, i, scratch);
      switch (formula) {
        case LEAKY_RELU -> leakyRelu(n, x, y, i, function.parameter());
        case ELU -> elu(n, x, y, i, scratch);
        case SELU -> selu(n, x, y, i, scratch);
        case TANH -> tanh(n, x, y, i, scratch);
        case SIGMOID -> sigmoid(n, y, i, scratch);
        case MISH -> mish(n, x, y, i, scratch);
        case SOFTPLUS -> softplus(n, x, y, i, scratch);
        case GELU -> gelu(n, x, y, i, scratch);
        case SILU, GELU_TANH -> quotient(n, x, y, i, scratch);
        default -> throw new AssertionError(formula);
      }
      i += n;
    } while (i < to);
  }

  /**
   * Turns the gradient with respect to outputs into the gradient with respect to pre-activations.
   *
   * @param to end of the elements, exclusive; whole vectors after {@code from}
   * @param kept the pre-activations or the outputs, as {@link Nonlinearity#keepsPreActivations}
   *     says
   * @param gradient the gradient, overwritten
   * @param scratch of {@value Nonlinearity#SCRATCH} floats
   */
  public static void backward(
      Nonlinearity function, int from, int to, float[] kept, float[] gradient, float[] scratch) {
    Formula formula = function.formula();
    int i = from;
    do {
      int n = Math.min(BLOCK, to - i);
      if (function.keepsPreActivations()) {
        exponentials(formula, n, kept, i, scratch);
      }
      switch (formula) {
        case LEAKY_RELU -> leakyReluBackward(n, kept, gradient, i, function.parameter());
        case ELU -> eluBackward(n, kept, gradient, i);
        case SELU -> seluBackward(n, kept, gradient, i);
        case TANH -> tanhBackward(n, kept, gradient, i);
        case SIGMOID -> sigmoidBackward(n, kept, gradient, i);
        case SILU -> siluBackward(n, kept, gradient, i, scratch);
        case MISH -> mishBackward(n, kept, gradient, i, scratch);
        case SOFTPLUS -> softplusBackward(n, kept, gradient, i, scratch);
        case GELU -> geluBackward(n, kept, gradient, i, scratch);
        case GELU_TANH -> geluTanhBackward(n, kept, gradient, i, scratch);
        default -> throw new AssertionError(formula);
      }
      i += n;
    } while (i < to);
  }

  /** Computes the exponentials that a function needs from the pre-activations. */
  private static void exponentials(Formula formula, int n, float[] x, int i, float[] e) {
    switch (formula) {
      case LEAKY_RELU -> {
        return;
      }
      case ELU, SELU, MISH -> System.arraycopy(x, i, e, 0, n);
      case TANH -> twiceAbsolute(n, x, i, e);
      case SIGMOID, SILU -> negative(n, x, i, e);
      case SOFTPLUS -> negativeAbsolute(n, x, i, e);
      case GELU -> halfSquare(n, x, i, e);
      case GELU_TANH -> cube(n, x, i, e);
      default -> throw new AssertionError(formula);
    }
    exp(n, e);
  }

  private static void negative(int n, float[] x, int i, float[] e) {
    for (int j = 0; j < n; j += L) {
      FloatVector.fromArray(S, x, i + j).neg().intoArray(e, j);
    }
  }

  private static void negativeAbsolute(int n, float[] x, int i, float[] e) {
    for (int j = 0; j < n; j += L) {
      FloatVector.fromArray(S, x, i + j).abs().neg().intoArray(e, j);
    }
  }

  private static void twiceAbsolute(int n, float[] x, int i, float[] e) {
    for (int j = 0; j < n; j += L) {
      FloatVector.fromArray(S, x, i + j).abs().mul(2f).intoArray(e, j);
    }
  }

  private static void halfSquare(int n, float[] x, int i, float[] e) {
    FloatVector low = FloatVector.broadcast(S, -Nonlinearity.NORMAL_END);
    FloatVector high = FloatVector.broadcast(S, Nonlinearity.NORMAL_END);
    for (int j = 0; j < n; j += L) {
      FloatVector c = FloatVector.fromArray(S, x, i + j);
      c = c.blend(low, c.compare(LT, low));
      c = c.blend(high, c.compare(GT, high));
      c.mul(-0.5f).mul(c).intoArray(e, j);
    }
  }

  private static void cube(int n, float[] x, int i, float[] e) {
    FloatVector low = FloatVector.broadcast(S, -Nonlinearity.CUBE_END);
    FloatVector high = FloatVector.broadcast(S, Nonlinearity.CUBE_END);
    FloatVector c0 = FloatVector.broadcast(S, Nonlinearity.C0);
    FloatVector c1 = FloatVector.broadcast(S, Nonlinearity.C1);
    for (int j = 0; j < n; j += L) {
      FloatVector c = FloatVector.fromArray(S, x, i + j);
      c = c.blend(low, c.compare(LT, low));
      c = c.blend(high, c.compare(GT, high));
      c.mul(c1.fma(c.mul(c), c0)).intoArray(e, j);
    }
  }

  /**
   * Applies {@link Elementary#exp} in place.
   *
   * @param n number of values, whole vectors
   * @param e the values, at the start of the array
   */
  public static void exp(int n, float[] e) {
    if (n == 0) {
      return;
    }
    FloatVector lowest = FloatVector.broadcast(S, Elementary.EXP_LOWEST);
    FloatVector highest = FloatVector.broadcast(S, Elementary.EXP_HIGHEST);
    FloatVector round = FloatVector.broadcast(S, Elementary.ROUND);
    for (int j = 0; j < n; j += L) {
      FloatVector y = FloatVector.fromArray(S, e, j);
      y = y.blend(lowest, y.compare(LT, lowest));
      y = y.blend(highest, y.compare(GT, highest));
      FloatVector t = y.fma(FloatVector.broadcast(S, Elementary.LOG2_E), round);
      FloatVector m = t.sub(round);
      FloatVector r = m.fma(FloatVector.broadcast(S, -Elementary.LN2_HIGH), y);
      r = m.fma(FloatVector.broadcast(S, -Elementary.LN2_LOW), r);
      FloatVector q = FloatVector.broadcast(S, Elementary.E4);
      q = q.fma(r, FloatVector.broadcast(S, Elementary.E3));
      q = q.fma(r, FloatVector.broadcast(S, Elementary.E2));
      q = q.fma(r, FloatVector.broadcast(S, Elementary.E1));
      q = q.fma(r, FloatVector.broadcast(S, Elementary.E0));
      q = q.fma(r.mul(r), r).add(1f);
      IntVector whole = t.reinterpretAsInts().sub(Elementary.ROUND_BITS);
      IntVector half = whole.lanewise(VectorOperators.ASHR, 1);
      q = q.mul(half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
      q = q.mul(whole.sub(half).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
      q.intoArray(e, j);
    }
  }

  /** Replaces e by log(1 + e), from 0 to 1. */
  private static void logOnePlus(int n, float[] x) {
    FloatVector zero = FloatVector.zero(S);
    FloatVector one = FloatVector.broadcast(S, 1f);
    FloatVector root = FloatVector.broadcast(S, Elementary.SQRT_TWO);
    for (int j = 0; j < n; j += L) {
      FloatVector e = FloatVector.fromArray(S, x, j);
      FloatVector u = e.add(one);
      FloatVector m = zero.blend(one, u.compare(VectorOperators.GE, root)); // exponent of 2
      FloatVector f = u.blend(u.mul(0.5f), u.compare(VectorOperators.GE, root)).sub(one);
      FloatVector s = f.mul(f);
      FloatVector p = FloatVector.broadcast(S, Elementary.L8);
      p = p.fma(f, FloatVector.broadcast(S, Elementary.L7));
      p = p.fma(f, FloatVector.broadcast(S, Elementary.L6));
      p = p.fma(f, FloatVector.broadcast(S, Elementary.L5));
      p = p.fma(f, FloatVector.broadcast(S, Elementary.L4));
      p = p.fma(f, FloatVector.broadcast(S, Elementary.L3));
      p = p.fma(f, FloatVector.broadcast(S, Elementary.L2));
      p = p.fma(f, FloatVector.broadcast(S, Elementary.L1));
      p = p.fma(f, FloatVector.broadcast(S, Elementary.L0));
      p = p.mul(f).fma(s, m.mul(Elementary.LN2_LOW));
      p = s.fma(FloatVector.broadcast(S, -0.5f), p);
      p = m.fma(FloatVector.broadcast(S, Elementary.LN2_HIGH), f.add(p));
      p.add(e.sub(u.sub(one)).div(u)).intoArray(x, j);
    }
  }

  private static void leakyRelu(int n, float[] x, float[] y, int i, float slope) {
    FloatVector slopes = FloatVector.broadcast(S, slope);
    FloatVector zero = FloatVector.zero(S);
    for (int j = i; j < i + n; j += L) {
      FloatVector v = FloatVector.fromArray(S, x, j);
      v.mul(slopes).blend(v, v.compare(GT, zero)).intoArray(y, j);
    }
  }

  private static void elu(int n, float[] x, float[] y, int i, float[] e) {
    belowZero(n, x, i, e);
    FloatVector zero = FloatVector.zero(S);
    for (int j = 0; j < n; j += L) {
      FloatVector v = FloatVector.fromArray(S, x, i + j);
      FloatVector.fromArray(S, e, j).blend(v, v.compare(GT, zero)).intoArray(y, i + j);
    }
  }

  private static void selu(int n, float[] x, float[] y, int i, float[] e) {
    belowZero(n, x, i, e);
    FloatVector zero = FloatVector.zero(S);
    for (int j = 0; j < n; j += L) {
      FloatVector v = FloatVector.fromArray(S, x, i + j);
      FloatVector.fromArray(S, e, j)
          .mul(Nonlinearity.SELU_SLOPE)
          .blend(v.mul(Nonlinearity.SELU_SCALE), v.compare(GT, zero))
          .intoArray(y, i + j);
    }
  }

  /**
   * Replaces the exponentials by exp(x) - 1, which is used where the pre-activations are below 0.
   */
  private static void belowZero(int n, float[] x, int i, float[] e) {
    FloatVector low = FloatVector.broadcast(S, Nonlinearity.ELU_POLYNOMIAL);
    for (int j = 0; j < n; j += L) {
      FloatVector v = FloatVector.fromArray(S, x, i + j);
      FloatVector q = FloatVector.broadcast(S, Elementary.E4);
      q = q.fma(v, FloatVector.broadcast(S, Elementary.E3));
      q = q.fma(v, FloatVector.broadcast(S, Elementary.E2));
      q = q.fma(v, FloatVector.broadcast(S, Elementary.E1));
      q = q.fma(v, FloatVector.broadcast(S, Elementary.E0));
      q = q.fma(v.mul(v), v);
      q.blend(FloatVector.fromArray(S, e, j).sub(1f), v.compare(LT, low)).intoArray(e, j);
    }
  }

  private static void softplus(int n, float[] x, float[] y, int i, float[] e) {
    logOnePlus(n, e);
    FloatVector zero = FloatVector.zero(S);
    for (int j = 0; j < n; j += L) {
      FloatVector v = FloatVector.fromArray(S, x, i + j);
      FloatVector p = zero.blend(v, v.compare(GT, zero));
      p.add(FloatVector.fromArray(S, e, j)).intoArray(y, i + j);
    }
  }

  private static void softplusBackward(int n, float[] x, float[] g, int i, float[] e) {
    FloatVector zero = FloatVector.zero(S);
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int j = 0; j < n; j += L) {
      FloatVector v = FloatVector.fromArray(S, x, i + j);
      FloatVector a = FloatVector.fromArray(S, e, j);
      FloatVector d = one.blend(a, v.compare(LT, zero)).div(a.add(1f));
      FloatVector.fromArray(S, g, i + j).mul(d).intoArray(g, i + j);
    }
  }

  private static void tanh(int n, float[] x, float[] y, int i, float[] e) {
    FloatVector zero = FloatVector.zero(S);
    FloatVector one = FloatVector.broadcast(S, 1f);
    FloatVector two = FloatVector.broadcast(S, 2f);
    FloatVector small = FloatVector.broadcast(S, Nonlinearity.TANH_POLYNOMIAL);
    for (int j = 0; j < n; j += L) {
      FloatVector v = FloatVector.fromArray(S, x, i + j);
      FloatVector s = v.mul(v);
      FloatVector p = FloatVector.broadcast(S, Nonlinearity.T4);
      p = p.fma(s, FloatVector.broadcast(S, Nonlinearity.T3));
      p = p.fma(s, FloatVector.broadcast(S, Nonlinearity.T2));
      p = p.fma(s, FloatVector.broadcast(S, Nonlinearity.T1));
      p = p.fma(s, FloatVector.broadcast(S, Nonlinearity.T0));
      p = p.mul(s).fma(v, v);
      FloatVector r = one.sub(two.div(FloatVector.fromArray(S, e, j).add(1f)));
      r = r.blend(r.neg(), v.compare(LT, zero));
      r.blend(p, v.abs().compare(LT, small)).intoArray(y, i + j);
    }
  }

  private static void sigmoid(int n, float[] y, int i, float[] e) {
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int j = 0; j < n; j += L) {
      one.div(FloatVector.fromArray(S, e, j).add(1f)).intoArray(y, i + j);
    }
  }

  private static void quotient(int n, float[] x, float[] y, int i, float[] e) {
    for (int j = 0; j < n; j += L) {
      FloatVector v = FloatVector.fromArray(S, x, i + j);
      v.div(FloatVector.fromArray(S, e, j).add(1f)).intoArray(y, i + j);
    }
  }

  /** Replaces the exponentials by the scalar code's bell, and writes Phi to the second block. */
  private static void normal(int n, float[] x, int i, float[] e) {
    FloatVector zero = FloatVector.zero(S);
    FloatVector one = FloatVector.broadcast(S, 1f);
    FloatVector low = FloatVector.broadcast(S, -Nonlinearity.NORMAL_END);
    FloatVector high = FloatVector.broadcast(S, Nonlinearity.NORMAL_END);
    for (int j = 0; j < n; j += L) {
      FloatVector c = FloatVector.fromArray(S, x, i + j);
      c = c.blend(low, c.compare(LT, low));
      c = c.blend(high, c.compare(GT, high));
      FloatVector h = c.mul(-0.5f);
      FloatVector bell = FloatVector.fromArray(S, e, j);
      bell = bell.fma(h.fma(c, h.mul(c).neg()), bell);
      FloatVector t = one.div(FloatVector.broadcast(S, Nonlinearity.N).fma(c.abs(), one));
      FloatVector p = FloatVector.broadcast(S, Nonlinearity.N9);
      p = p.fma(t, FloatVector.broadcast(S, Nonlinearity.N8));
      p = p.fma(t, FloatVector.broadcast(S, Nonlinearity.N7));
      p = p.fma(t, FloatVector.broadcast(S, Nonlinearity.N6));
      p = p.fma(t, FloatVector.broadcast(S, Nonlinearity.N5));
      p = p.fma(t, FloatVector.broadcast(S, Nonlinearity.N4));
      p = p.fma(t, FloatVector.broadcast(S, Nonlinearity.N3));
      p = p.fma(t, FloatVector.broadcast(S, Nonlinearity.N2));
      p = p.fma(t, FloatVector.broadcast(S, Nonlinearity.N1));
      p = p.fma(t, FloatVector.broadcast(S, Nonlinearity.N0));
      FloatVector tail = bell.mul(p.mul(t));
      bell.intoArray(e, j);
      one.sub(tail).blend(tail, c.compare(LT, zero)).intoArray(e, BLOCK + j);
    }
  }

  private static void gelu(int n, float[] x, float[] y, int i, float[] e) {
    normal(n, x, i, e);
    for (int j = 0; j < n; j += L) {
      FloatVector v = FloatVector.fromArray(S, x, i + j);
      v.mul(FloatVector.fromArray(S, e, BLOCK + j)).intoArray(y, i + j);
    }
  }

  private static void leakyReluBackward(int n, float[] y, float[] g, int i, float slope) {
    FloatVector slopes = FloatVector.broadcast(S, slope);
    FloatVector zero = FloatVector.zero(S);
    for (int j = i; j < i + n; j += L) {
      FloatVector v = FloatVector.fromArray(S, g, j);
      v.mul(slopes).blend(v, FloatVector.fromArray(S, y, j).compare(GT, zero)).intoArray(g, j);
    }
  }

  private static void eluBackward(int n, float[] y, float[] g, int i) {
    FloatVector zero = FloatVector.zero(S);
    for (int j = i; j < i + n; j += L) {
      FloatVector v = FloatVector.fromArray(S, g, j);
      FloatVector o = FloatVector.fromArray(S, y, j);
      v.fma(o, v).blend(v, o.compare(GT, zero)).intoArray(g, j);
    }
  }

  private static void seluBackward(int n, float[] y, float[] g, int i) {
    FloatVector zero = FloatVector.zero(S);
    FloatVector scale = FloatVector.broadcast(S, Nonlinearity.SELU_SCALE);
    for (int j = i; j < i + n; j += L) {
      FloatVector o = FloatVector.fromArray(S, y, j);
      FloatVector d = o.add(Nonlinearity.SELU_SLOPE).blend(scale, o.compare(GT, zero));
      FloatVector.fromArray(S, g, j).mul(d).intoArray(g, j);
    }
  }

  private static void mish(int n, float[] x, float[] y, int i, float[] e) {
    FloatVector end = FloatVector.broadcast(S, Nonlinearity.MISH_END);
    for (int j = 0; j < n; j += L) {
      FloatVector v = FloatVector.fromArray(S, x, i + j);
      FloatVector a = FloatVector.fromArray(S, e, j);
      FloatVector m = a.mul(a.add(2f));
      v.mul(m).div(m.add(2f)).blend(v, v.compare(GT, end)).intoArray(y, i + j);
    }
  }

  private static void mishBackward(int n, float[] x, float[] g, int i, float[] e) {
    FloatVector one = FloatVector.broadcast(S, 1f);
    FloatVector end = FloatVector.broadcast(S, Nonlinearity.MISH_END);
    for (int j = 0; j < n; j += L) {
      FloatVector v = FloatVector.fromArray(S, x, i + j);
      FloatVector a = FloatVector.fromArray(S, e, j);
      FloatVector m = a.mul(a.add(2f));
      FloatVector r = one.div(m.add(2f));
      FloatVector slope = v.mul(4f).mul(r).mul(a.mul(a.add(1f)).mul(r));
      FloatVector d = m.fma(r, slope).blend(one, v.compare(GT, end));
      FloatVector.fromArray(S, g, i + j).mul(d).intoArray(g, i + j);
    }
  }

  private static void tanhBackward(int n, float[] y, float[] g, int i) {
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int j = i; j < i + n; j += L) {
      FloatVector o = FloatVector.fromArray(S, y, j);
      FloatVector.fromArray(S, g, j).mul(o.neg().fma(o, one)).intoArray(g, j);
    }
  }

  private static void sigmoidBackward(int n, float[] y, float[] g, int i) {
    for (int j = i; j < i + n; j += L) {
      FloatVector o = FloatVector.fromArray(S, y, j);
      FloatVector.fromArray(S, g, j).mul(o.neg().fma(o, o)).intoArray(g, j);
    }
  }

  private static void siluBackward(int n, float[] x, float[] g, int i, float[] e) {
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int j = 0; j < n; j += L) {
      FloatVector s = one.div(FloatVector.fromArray(S, e, j).add(1f));
      FloatVector d = FloatVector.fromArray(S, x, i + j).fma(one.sub(s), one).mul(s);
      FloatVector.fromArray(S, g, i + j).mul(d).intoArray(g, i + j);
    }
  }

  private static void geluBackward(int n, float[] x, float[] g, int i, float[] e) {
    normal(n, x, i, e);
    FloatVector low = FloatVector.broadcast(S, -Nonlinearity.NORMAL_END);
    FloatVector high = FloatVector.broadcast(S, Nonlinearity.NORMAL_END);
    for (int j = 0; j < n; j += L) {
      FloatVector c = FloatVector.fromArray(S, x, i + j);
      c = c.blend(low, c.compare(LT, low));
      c = c.blend(high, c.compare(GT, high));
      FloatVector d =
          c.mul(Nonlinearity.DENSITY)
              .fma(FloatVector.fromArray(S, e, j), FloatVector.fromArray(S, e, BLOCK + j));
      FloatVector.fromArray(S, g, i + j).mul(d).intoArray(g, i + j);
    }
  }

  private static void geluTanhBackward(int n, float[] x, float[] g, int i, float[] e) {
    FloatVector one = FloatVector.broadcast(S, 1f);
    FloatVector low = FloatVector.broadcast(S, -Nonlinearity.CUBE_END);
    FloatVector high = FloatVector.broadcast(S, Nonlinearity.CUBE_END);
    FloatVector c0 = FloatVector.broadcast(S, Nonlinearity.C0);
    FloatVector c3 = FloatVector.broadcast(S, Nonlinearity.C3);
    for (int j = 0; j < n; j += L) {
      FloatVector c = FloatVector.fromArray(S, x, i + j);
      c = c.blend(low, c.compare(LT, low));
      c = c.blend(high, c.compare(GT, high));
      FloatVector s = one.div(FloatVector.fromArray(S, e, j).add(1f));
      FloatVector slope = c.mul(c3.fma(c.mul(c), c0));
      FloatVector d = slope.neg().fma(s.mul(one.sub(s)), s);
      FloatVector.fromArray(S, g, i + j).mul(d).intoArray(g, i + j);
    }
  }
}
