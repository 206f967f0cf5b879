package dev.lanewise.exchange;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;

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

  private static final Expression X = of(Function.VARIABLE, null);
  private static final Expression ONE = constant(1);

  /** Functions that cannot be expressed by the other functions. */
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
      return left.size() == factors.size()
          && factors.stream()
              .allMatch(
                  factor -> {
                    Optional<Factor> like = left.stream().filter(factor::isLike).findFirst();
                    return like.isPresent() && left.remove(like.get());
                  });
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
        terms.set(same, new Term(each(Double::sum, old.constant, term.constant), old.factors));
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

  private static double[] each(DoubleBinaryOperator operator, double[] a, double[] b) {
    double[] c = new double[Math.max(a.length, b.length)];
    Arrays.setAll(c, i -> operator.applyAsDouble(at(a, i), at(b, i)));
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
        all.add(new Term(each((p, q) -> p * q, a.constant, b.constant), factors));
      }
    }
    return sum(all);
  }

  Expression over(Expression other) {
    double[] divisor = other.asConstant();
    return divisor == null
        ? times(other.reciprocal())
        : times(each((p, q) -> p / q, new double[] {1}, divisor));
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
    return odd(Function.TANH);
  }

  Expression erf() {
    return odd(Function.ERF);
  }

  private Expression odd(Function function) {
    return isFalling() ? of(function, times(-1)).times(-1) : of(function, this);
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
      return of(Function.STEP, X.plus(constant(each((p, q) -> p / q, line[1], line[0]))));
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
    return terms.size() == other.terms.size() && isIdentity(fit(other));
  }

  /** Tests whether a factor and a summand, which may be null, change no number. */
  static boolean isIdentity(double[][] line) {
    return line != null
        && Arrays.stream(line[0]).allMatch(a -> a == 1)
        && Arrays.stream(line[1]).allMatch(c -> c == 0);
  }

  /**
   * Returns factor and summand such that {@code factor * basis + summand} is this expression; null
   * if there are none. A factor near 1 becomes 1, and a summand within the tolerance becomes 0.
   */
  double[][] fit(Expression basis) {
    List<Term> others = basis.terms.stream().filter(term -> !term.factors.isEmpty()).toList();
    List<double[]> found = new ArrayList<>(); // constants of this, by term of the basis
    for (Term term : others) {
      terms.stream()
          .filter(own -> own.hasFactorsOf(term.factors))
          .findFirst()
          .ifPresent(own -> found.add(own.constant));
    }
    long count = terms.stream().filter(term -> !term.factors.isEmpty()).count();
    if (found.size() != others.size() || count != others.size()) {
      return null; // not a multiple of the basis
    }
    double[] own = summand();
    double[] other = basis.summand();
    int columns = Math.max(own.length, other.length);
    for (int k = 0; k < found.size(); k++) {
      columns = Math.max(columns, Math.max(found.get(k).length, others.get(k).constant.length));
    }
    double[][] line = new double[2][columns];
    for (int i = 0; i < columns; i++) {
      double factor = 1; // if the basis is constant
      double largest = 0;
      for (int k = 0; k < found.size(); k++) {
        double constant = at(others.get(k).constant, i);
        if (Math.abs(constant) > largest) {
          largest = Math.abs(constant);
          factor = at(found.get(k), i) / constant;
        }
      }
      line[0][i] = isNear(factor, 1) ? 1 : factor;
      for (int k = 0; k < found.size(); k++) {
        if (!isNear(at(found.get(k), i), line[0][i] * at(others.get(k).constant, i))) {
          return null;
        }
      }
      double expected = line[0][i] * at(other, i);
      line[1][i] = isNear(at(own, i), expected) ? 0 : at(own, i) - expected;
    }
    return line;
  }

  /** Returns the constant without factors. */
  private double[] summand() {
    return terms.stream()
        .filter(term -> term.factors.isEmpty())
        .findFirst()
        .map(Term::constant)
        .orElse(new double[1]);
  }

  private static double at(double[] columns, int i) {
    return columns[columns.length == 1 ? 0 : i];
  }

  private static boolean isNear(double a, double b) {
    return a == b || Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
  }
}
