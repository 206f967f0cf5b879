package dev.lanewise.exchange;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The result of operators on the number x of each column, as a sum of products of x and of
 * functions of such sums. All ways to compose an activation give the same sum: {@code x * 0.5 * (1
 * + erf(x / 1.414))} and {@code 0.5 * (x + x * erf(0.707 * x))} are both {@code 0.5 x + 0.5 x
 * erf(0.707 x)}. Only a few functions are used: a sigmoid is expressed by tanh, and functions with
 * a kink are products with a {@link #step}.
 */
final class Expression {
  /** The largest relative difference of constants that count as equal, such as roots in float. */
  static final double TOLERANCE = 1e-6;

  /** More terms than any activation has, so that the graph of a hostile file is refused soon. */
  private static final int MOST_TERMS = 64;

  private static final int LARGEST_POWER = 3;

  /** Larger bounds have no effect, as no network has sums of this size. */
  private static final double UNREACHED = 1e30;

  private static final Expression X =
      new Expression(
          List.of(new Term(new double[] {1}, List.of(new Factor(Function.VARIABLE, null)))));
  private static final Expression ONE = constant(1);

  /** Functions that are not expressed by others. */
  private enum Function {
    VARIABLE,
    STEP, // 1 above 0, else 0
    EXP,
    LOG,
    TANH,
    ERF,
    RECIPROCAL
  }

  /** A function of an expression, or the variable, which has no argument. */
  private record Factor(Function function, Expression argument) {
    boolean isLike(Factor other) {
      return function == other.function
          && (function == Function.VARIABLE || argument.isLike(other.argument));
    }
  }

  /** A product of factors and a constant, which has one number or one per column. */
  private record Term(double[] constant, List<Factor> factors) {
    boolean hasFactorsOf(List<Factor> others) {
      List<Factor> left = new ArrayList<>(others);
      boolean all = left.size() == factors.size();
      for (int i = 0; all && i < factors.size(); i++) {
        Factor factor = factors.get(i);
        int size = left.size();
        for (int k = 0; left.size() == size && k < size; k++) {
          if (factor.isLike(left.get(k))) {
            left.remove(k);
          }
        }
        all = left.size() < size;
      }
      return all;
    }
  }

  private final List<Term> terms; // with different factors and nonzero constants

  private Expression(List<Term> terms) {
    this.terms = terms;
  }

  static Expression variable() {
    return X;
  }

  /** Returns a constant with one number or one per column. */
  static Expression constant(double... columns) {
    return sum(List.of(new Term(columns, List.of())));
  }

  /** Combines terms with the same factors. */
  private static Expression sum(List<Term> all) {
    List<Term> terms = new ArrayList<>();
    for (Term term : all) {
      int same = 0;
      while (same < terms.size() && !terms.get(same).hasFactorsOf(term.factors)) {
        same++;
      }
      if (same < terms.size()) {
        Term old = terms.get(same);
        terms.set(same, new Term(each('+', old.constant, term.constant), old.factors));
      } else {
        terms.add(term);
      }
    }
    terms.removeIf(term -> Arrays.stream(term.constant).allMatch(c -> c == 0));
    Expression sum = new Expression(terms);
    if (sum.size() > MOST_TERMS) {
      throw new ArithmeticException("more terms than an activation has");
    }
    return sum;
  }

  private int size() {
    int size = 0;
    for (Term term : terms) {
      for (Factor factor : term.factors) {
        size += factor.argument == null ? 1 : 1 + factor.argument.size();
      }
    }
    return size + terms.size();
  }

  private static double[] each(char operator, double[] a, double[] b) {
    double[] c = new double[Math.max(a.length, b.length)];
    for (int i = 0; i < c.length; i++) {
      double p = at(a, i);
      double q = at(b, i);
      c[i] = operator == '+' ? p + q : operator == '*' ? p * q : p / q;
    }
    return c;
  }

  Expression plus(Expression other) {
    List<Term> all = new ArrayList<>(terms);
    all.addAll(other.terms);
    return sum(all);
  }

  Expression minus(Expression other) {
    return plus(other.times(-1));
  }

  Expression times(double... columns) {
    return times(constant(columns));
  }

  Expression times(Expression other) {
    List<Term> all = new ArrayList<>();
    for (Term a : terms) {
      for (Term b : other.terms) {
        List<Factor> factors = new ArrayList<>(a.factors);
        for (Factor factor : b.factors) {
          boolean isTaken =
              factor.function == Function.STEP && factors.stream().anyMatch(factor::isLike);
          if (!isTaken) { // the square of a step is the step
            factors.add(factor);
          }
        }
        all.add(new Term(each('*', a.constant, b.constant), factors));
      }
    }
    return sum(all);
  }

  Expression over(Expression other) {
    double[] divisor = other.asConstant();
    return divisor == null
        ? times(other.reciprocal())
        : times(each('/', new double[] {1}, divisor));
  }

  /** Returns a power with a small integer exponent; others are not sums of products. */
  Expression power(Expression exponent) {
    double[] of = exponent.asConstant();
    if (of == null || of.length != 1 || of[0] < 1 || of[0] > LARGEST_POWER || of[0] % 1 != 0) {
      throw new ArithmeticException("another power than the second or third");
    }
    Expression product = this;
    for (int i = 1; i < of[0]; i++) {
      product = product.times(this);
    }
    return product;
  }

  private static Expression of(Function function, Expression argument) {
    return sum(List.of(new Term(new double[] {1}, List.of(new Factor(function, argument)))));
  }

  Expression exp() {
    return of(Function.EXP, this);
  }

  Expression log() {
    return of(Function.LOG, this);
  }

  Expression tanh() {
    return isFalling() ? of(Function.TANH, times(-1)).times(-1) : of(Function.TANH, this);
  }

  Expression erf() {
    return isFalling() ? of(Function.ERF, times(-1)).times(-1) : of(Function.ERF, this);
  }

  Expression sigmoid() {
    return times(0.5).tanh().times(0.5).plus(constant(0.5));
  }

  Expression softplus() {
    return exp().plus(ONE).log();
  }

  /** Returns the reciprocal, which for {@code 1 + exp(y)} is the sigmoid of -y. */
  private Expression reciprocal() {
    for (Term term : terms) {
      if (term.factors.size() == 1 && term.factors.get(0).function == Function.EXP) {
        Expression argument = term.factors.get(0).argument;
        if (isLike(argument.exp().plus(ONE))) {
          return argument.times(-1).sigmoid();
        }
      }
    }
    return of(Function.RECIPROCAL, this);
  }

  /** Returns 1 where this is above 0, else 0. */
  Expression step() {
    double[] constant = asConstant();
    double[][] line = affine();
    if (constant != null) {
      return constant(Arrays.stream(constant).map(c -> c > 0 ? 1 : 0).toArray());
    } else if (isFalling()) {
      return ONE.minus(times(-1).step());
    } else if (line != null && Arrays.stream(line[0]).allMatch(a -> a > 0)) {
      return of(Function.STEP, X.plus(constant(each('/', line[1], line[0]))));
    }
    return of(Function.STEP, this);
  }

  Expression relu() {
    return times(step());
  }

  Expression max(Expression other) {
    return other.plus(minus(other).relu());
  }

  Expression min(Expression other) {
    return minus(minus(other).relu());
  }

  /** Limits this to two constants, of which one that no network reaches has no effect. */
  Expression clipped(Expression low, Expression high) {
    Expression above = low.asConstant()[0] > -UNREACHED ? max(low) : this;
    return high.asConstant()[0] < UNREACHED ? above.min(high) : above;
  }

  /** Multiplies this by the slope where it is below 0. */
  Expression leaky(Expression slope) {
    return relu().plus(minus(relu()).times(slope));
  }

  /** Returns {@code alpha (exp(this / width) - 1)} where this is below 0, else this. */
  Expression elu(double alpha, double width) {
    Expression curve = times(1 / width).exp().minus(ONE).times(alpha);
    return relu().plus(curve.minus(curve.times(step())));
  }

  /** Returns the value if this is a constant; null if it depends on the variable. */
  private double[] asConstant() {
    double[][] line = terms.size() > 1 ? null : affine();
    return line != null && Arrays.stream(line[0]).allMatch(a -> a == 0) ? line[1] : null;
  }

  /** Returns a and c if this is {@code a x + c}; else null. */
  double[][] affine() {
    double[][] line = {{0}, {0}};
    for (Term term : terms) {
      boolean isLine =
          term.factors.size() == 1 && term.factors.get(0).function == Function.VARIABLE;
      if (!term.factors.isEmpty() && !isLine) {
        return null;
      }
      line[isLine ? 0 : 1] = term.constant;
    }
    return line;
  }

  private boolean isFalling() {
    double[][] line = affine();
    return line != null && Arrays.stream(line[0]).allMatch(a -> a < 0);
  }

  /** Returns the arguments of functions that have the form {@code a x + c}. */
  List<Expression> lines() {
    List<Expression> lines = new ArrayList<>();
    for (Term term : terms) {
      for (Factor factor : term.factors) {
        if (factor.argument != null && factor.argument.affine() != null) {
          lines.add(factor.argument);
        } else if (factor.argument != null) {
          lines.addAll(factor.argument.lines());
        }
      }
    }
    return lines;
  }

  private boolean isLike(Expression other) {
    double[][] line = terms.size() == other.terms.size() ? fit(other) : null;
    return line != null
        && Arrays.stream(line[0]).allMatch(a -> a == 1)
        && Arrays.stream(line[1]).allMatch(c -> c == 0);
  }

  /**
   * Returns factor and summand such that {@code factor * basis + summand} is this expression; null
   * if there are none. A factor near 1 becomes 1, and a summand within the tolerance becomes 0.
   */
  double[][] fit(Expression basis) {
    double[][] found = new double[basis.terms.size()][]; // constants of this, by term of basis
    int columns = 1;
    int left = terms.size();
    double[] own = {0}; // the summands of this and of the basis
    double[] other = {0};
    for (int k = 0; k < found.length; k++) {
      Term term = basis.terms.get(k);
      found[k] = constantOf(term.factors);
      left -= found[k] == null ? 0 : 1;
      columns = Math.max(columns, term.constant.length);
      if (term.factors.isEmpty()) {
        other = term.constant;
      } else if (found[k] == null) {
        return null;
      } else {
        columns = Math.max(columns, found[k].length);
      }
    }
    double[] summand = constantOf(List.of());
    if (summand != null) {
      own = summand;
      left -= other.length == 1 && other[0] == 0 ? 1 : 0;
      columns = Math.max(columns, own.length);
    }
    if (left != 0) {
      return null; // more than a multiple of the basis
    }
    double[] factor = new double[columns];
    double[] largest = new double[columns];
    for (int i = 0; i < columns; i++) {
      factor[i] = 1; // if the basis is constant
      for (int k = 0; k < found.length; k++) {
        Term term = basis.terms.get(k);
        double size = Math.abs(at(term.constant, i));
        if (!term.factors.isEmpty() && size > largest[i]) {
          largest[i] = size;
          factor[i] = at(found[k], i) / at(term.constant, i);
        }
      }
      factor[i] = isNear(factor[i], 1) ? 1 : factor[i];
      for (int k = 0; k < found.length; k++) {
        Term term = basis.terms.get(k);
        boolean isSummand = term.factors.isEmpty();
        if (!isSummand && !isNear(at(found[k], i), factor[i] * at(term.constant, i))) {
          return null;
        }
      }
    }
    double[] rest = new double[columns];
    for (int i = 0; i < columns; i++) {
      double expected = factor[i] * at(other, i);
      rest[i] = isNear(at(own, i), expected) ? 0 : at(own, i) - expected;
    }
    return new double[][] {factor, rest};
  }

  /** Returns the constant of the term with these factors; null if there is none. */
  private double[] constantOf(List<Factor> factors) {
    for (Term term : terms) {
      if (term.hasFactorsOf(factors)) {
        return term.constant;
      }
    }
    return null;
  }

  private static double at(double[] columns, int i) {
    return columns[columns.length == 1 ? 0 : i];
  }

  private static boolean isNear(double a, double b) {
    return a == b || Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
  }
}
