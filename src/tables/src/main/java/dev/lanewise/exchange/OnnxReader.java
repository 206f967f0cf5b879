package dev.lanewise.exchange;

import dev.lanewise.exchange.Onnx.Node;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.internal.Assumption;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.rows.internal.Cell;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a network from a graph that is one chain: products with constant matrices, and elementwise
 * operators between them. An {@link Expression} of the operators between two layers identifies the
 * activation, however it is composed. Affine functions of each column, such as a batch
 * normalisation, are folded into the layer before or after them, or become the scaling of the
 * inputs.
 */
final class OnnxReader {
  private static final int MOST_STEPS = 16; // between two layers

  /** Possible ratios of the argument of a function to the argument of its activation. */
  private static final double[] FACTORS = {1, -1, 2, -2, Math.sqrt(2), -Math.sqrt(2)};

  private final OnnxGraph graph;
  private final List<List<Node>> steps = new ArrayList<>(); // since the last layer
  private String start; // the tensor before the first of these
  private final List<float[]> weights = new ArrayList<>(); // [in][out]
  private final List<double[]> biases = new ArrayList<>();
  private final List<Activation> activations = new ArrayList<>();
  private double[][] pending; // factor and summand per column for the next layer, or null
  private int inputs;
  private Scaling scaling = Scaling.none();
  private Loss loss;
  private Node softmax; // or null

  private OnnxReader(OnnxGraph graph) {
    this.graph = graph;
  }

  /** Reads a network. If it does not end with softmax or sigmoid, its loss is assumed. */
  static Mlp read(Onnx onnx, String file) throws FormatException {
    return new OnnxReader(new OnnxGraph(onnx, file)).read();
  }

  private Mlp read() throws FormatException {
    List<String> data = graph.rowInputs().stream().map(Onnx.Value::name).toList();
    if (data.size() != 1) {
      throw new FormatException(
          graph.file,
          "a graph with inputs %s, expected one of all features (in PyTorch: give the model"
              + " torch.cat(inputs, 1), made outside it)",
          data);
    }
    start = data.get(0);
    walk(data.get(0));
    if (biases.isEmpty()) {
      throw new FormatException(graph.file, "no layer, expected a product with a matrix");
    }
    end();
    List<float[]> rounded = biases.stream().map(b -> NdArray.of(b, b.length).toFloats()).toList();
    Mlp model = ForeignModelReader.network(graph.file, inputs, weights, rounded);
    model = model.withActivations(activations).withScaling(scaling);
    model = named(loss == null ? model : model.withLoss(loss));
    if (softmax != null && softmax.operator().startsWith("Log")) {
      String text = "the probabilities (output %s of the graph is their logarithm)";
      model = MlpState.of(model).and(Assumption.taken(text.formatted(graph.target)));
    }
    String others = graph.passedOver();
    String taken = "output %s of the graph (passed over: %s)".formatted(graph.target, others);
    return others.isEmpty() ? model : MlpState.of(model).and(Assumption.taken(taken));
  }

  /**
   * Adds the class names, which scikit-learn's converter stores in a ZipMap, or as integers in a
   * constant that the label is selected from.
   */
  private Mlp named(Mlp model) {
    int classes = model.architecture().outputs();
    for (Node node : graph.onnx.nodes()) {
      for (String attribute : List.of("classlabels_strings", "classlabels_int64s")) {
        if (node.attributes().get(attribute) instanceof List<?> names && names.size() == classes) {
          return model.withClassNames(names.stream().map(String::valueOf).toList());
        }
      }
      NdArray labels =
          graph.onnx.constants().get(node.inputs().isEmpty() ? "" : node.inputs().get(0));
      boolean isLabel = node.operator().equals("ArrayFeatureExtractor");
      if (isLabel && labels != null && labels.length() == classes && classes > 1) {
        return model.withClassNames(
            Arrays.stream(labels.toDoubles()).mapToObj(Cell::text).toList());
      }
    }
    return model;
  }

  /** Divides the nodes into steps, which end where later nodes only need one tensor. */
  private void walk(String input) throws FormatException {
    Map<String, Integer> uses = new HashMap<>();
    for (Node node : graph.needed) {
      data(node).forEach(name -> uses.merge(name, 1, Integer::sum));
    }
    Set<String> live = new HashSet<>(Set.of(input));
    List<Node> step = new ArrayList<>();
    for (Node node : graph.needed) {
      for (String name : data(node)) {
        if (!live.contains(name)) {
          throw graph.refused(node, "one whose inputs come from the chain, found " + name);
        }
        if (uses.merge(name, -1, Integer::sum) == 0) {
          live.remove(name);
        }
      }
      live.add(node.outputs().get(0));
      step.add(node);
      if (live.size() == 1) {
        step(step);
        step = new ArrayList<>();
      }
    }
    if (!step.isEmpty()) {
      throw graph.refused(step.get(0), "a chain");
    }
  }

  private Set<String> data(Node node) {
    Set<String> data = new HashSet<>(node.inputs());
    data.removeIf(graph::isConstant);
    return data;
  }

  private void step(List<Node> step) throws FormatException {
    Node node = step.get(0);
    boolean product = node.operator().equals("Gemm") || node.operator().equals("MatMul");
    if (product && loss != null) {
      throw graph.refused(softmax, "no layer after Softmax");
    } else if (step.size() == 1 && product) {
      layer(node);
      start = node.outputs().get(0);
    } else if (step.size() == 1 && node.operator().matches("(Log)?Softmax") && loss == null) {
      double axis = node.number("axis", 1);
      boolean reshapes = // to one row or to one column, which softmax would go along
          steps.stream().anyMatch(s -> s.get(0).operator().matches("Reshape|Squeeze"));
      if (axis != 1 && axis != -1 || biases.isEmpty() || reshapes) {
        throw graph.refused(node, "softmax of each row, after a layer");
      }
      end();
      steps.clear();
      start = node.outputs().get(0);
      loss = Loss.SOFTMAX;
      softmax = node;
    } else {
      for (Node each : step) {
        if (OnnxOperator.of(each) == null) {
          throw graph.refused(
              each,
              "a chain of Gemm or MatMul, activations, BatchNormalization, constant scaling,"
                  + " Flatten, Dropout and Softmax at the end");
        }
      }
      if (steps.size() == MOST_STEPS || step.size() > MOST_STEPS) {
        throw graph.refused(node, "at most " + MOST_STEPS + " operators between layers");
      }
      steps.add(step);
    }
  }

  private void layer(Node node) throws FormatException {
    NdArray matrix = graph.weights(node);
    boolean transposed = node.number("transB", 0) != 0;
    int in = matrix.dimension(transposed ? 1 : 0);
    int out = matrix.dimension(transposed ? 0 : 1);
    int before = biases.isEmpty() ? in : width();
    if (in != before || in == 0 || out == 0) {
      throw graph.refused(node, before + " inputs as before it, found " + in);
    } else if (biases.size() == Architecture.MOST_LAYERS) {
      throw graph.refused(node, "at most " + biases.size() + " layers");
    }
    graph.folding.take(matrix.length()); // each layer may copy the same matrix
    if (biases.isEmpty()) {
      inputs = in;
      int declared = graph.columns(start);
      if (declared > 0 && declared != in) { // for example a product with each of several vectors
        throw graph.refused(node, "all " + declared + " numbers of a row as inputs, found " + in);
      }
      scale();
    } else {
      activate();
    }
    float[] w = matrix.toFloats();
    w = transposed ? ForeignModelReader.transposed(w, out, in) : w;
    double alpha = node.number("alpha", 1);
    double[] b = graph.biases(node, out);
    for (int i = 0; i < in; i++) {
      for (int j = 0; j < out; j++) {
        double weight = alpha * w[i * out + j];
        b[j] += pending == null ? 0 : pending[1][i] * weight;
        w[i * out + j] = (float) (pending == null ? weight : pending[0][i] * weight);
      }
    }
    pending = null;
    weights.add(w);
    biases.add(b);
    steps.clear();
  }

  /** Uses the operators before the first layer as scaling, or folds them into the layer. */
  private void scale() throws FormatException {
    Expression front = expression(steps.size(), inputs);
    if (front == null || front.affine() == null) {
      throw graph.refused(steps.get(0).get(0), "constant scaling in front of the first layer");
    }
    double[][] all = wide(front.affine(), inputs);
    double[] mean = new double[inputs];
    double[] deviation = new double[inputs];
    boolean sound = true;
    boolean none = true;
    for (int i = 0; i < inputs; i++) {
      deviation[i] = 1 / all[0][i];
      mean[i] = -all[1][i] / all[0][i] + 0.0;
      sound &= all[0][i] > 0 && Double.isFinite(deviation[i]) && Double.isFinite(mean[i]);
      none &= all[0][i] == 1 && all[1][i] == 0;
    }
    if (!sound) {
      pending = all;
    } else if (!none) {
      scaling = Scaling.standardise(mean, deviation);
    }
  }

  /** Identifies the activation after a layer, and folds affine functions next to it. */
  private void activate() throws FormatException {
    int width = width();
    Expression whole = expression(steps.size(), width);
    double[][] line = whole == null ? null : whole.affine();
    if (line != null) {
      fold(line);
      activations.add(Activation.IDENTITY);
      return;
    }
    for (Expression sum : whole == null ? List.<Expression>of() : sums(whole, width)) {
      for (Activation activation : Activation.values()) {
        double[][] behind = whole.fit(OnnxOperator.activated(sum, activation));
        if (behind != null && activation != Activation.IDENTITY) {
          fold(sum.affine());
          activations.add(activation);
          pending = Expression.isIdentity(behind) ? null : wide(behind, width);
          return;
        }
      }
    }
    throw new FormatException(
        graph.file,
        "%s, expected an activation that is known here",
        steps.stream().flatMap(List::stream).map(Node::where).toList());
  }

  /** Returns the possible arguments of the activation, which are affine functions. */
  private List<Expression> sums(Expression whole, int width) throws FormatException {
    List<Expression> sums = new ArrayList<>();
    for (int p = 0; p < steps.size(); p++) {
      Expression before = expression(p, width);
      if (before == null || before.affine() == null) {
        break;
      }
      sums.add(before);
    }
    for (Expression argument : whole.lines()) {
      for (double factor : FACTORS) {
        sums.add(argument.times(factor));
      }
    }
    return sums;
  }

  private static double[][] wide(double[][] line, int width) {
    double[][] wide = new double[line.length][width];
    for (int k = 0; k < line.length; k++) {
      double[] columns = line[k];
      Arrays.setAll(wide[k], i -> columns[columns.length == 1 ? 0 : i]);
    }
    return wide;
  }

  /** Handles the operators after the last layer. */
  private void end() throws FormatException {
    if (softmax != null) { // only operators without effect may follow
      Expression all = expression(steps.size(), width());
      if (all == null || !Expression.isIdentity(all.affine())) {
        throw graph.refused(steps.get(0).get(0), "nothing after Softmax");
      }
      return;
    }
    activate();
    int last = activations.size() - 1;
    Activation activation = activations.remove(last);
    if (activation == Activation.SIGMOID && pending == null) {
      loss = Loss.SIGMOID;
    } else if (activation != Activation.IDENTITY) {
      throw graph.refused(steps.get(0).get(0), "Softmax, Sigmoid or nothing after the last layer");
    }
  }

  /** Folds an affine function after a layer into the layer. */
  private void fold(double[][] affine) {
    float[] w = weights.get(weights.size() - 1);
    double[] b = biases.get(biases.size() - 1);
    double[][] line = wide(affine, b.length);
    for (int i = 0; i < w.length; i++) {
      w[i] = (float) (line[0][i % b.length] * w[i]);
    }
    for (int j = 0; j < b.length; j++) {
      b[j] = line[0][j] * b[j] + line[1][j];
    }
  }

  private int width() {
    return biases.get(biases.size() - 1).length;
  }

  /**
   * Returns what the first steps since the last layer do to a tensor, by the definitions of their
   * operators and not by trying numbers; null if that has no expression.
   */
  private Expression expression(int count, int width) throws FormatException {
    Expression made = Expression.variable();
    Map<String, Expression> values = new HashMap<>(Map.of(start, made));
    try {
      for (Node node : steps.subList(0, count).stream().flatMap(List::stream).toList()) {
        made = OnnxOperator.of(node).symbols().apply(arguments(node, width, values));
        if (made == null) {
          return null;
        }
        values.put(node.outputs().get(0), made);
      }
    } catch (ArithmeticException e) {
      return null; // the expression becomes too large
    }
    return made;
  }

  private Expression[] arguments(Node node, int width, Map<String, Expression> values)
      throws FormatException {
    graph.check(node, width);
    List<Expression> arguments = new ArrayList<>();
    for (int i = 0; i < OnnxOperator.of(node).inputs(); i++) {
      Expression computed = i < node.inputs().size() ? values.get(node.inputs().get(i)) : null;
      boolean isConstant = computed == null;
      arguments.add(isConstant ? constant(node, graph.input(node, i, Map.of()), width) : computed);
    }
    for (double[] parameter : graph.parameters(node, width, Map.of())) {
      arguments.add(constant(node, parameter, width));
    }
    return arguments.toArray(new Expression[0]);
  }

  private Expression constant(Node node, double[] columns, int width) throws FormatException {
    if (columns.length != 1 && columns.length != width) {
      throw graph.refused(node, "inputs of " + width + " columns, found " + columns.length);
    }
    return Expression.constant(columns);
  }
}
