import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * The whole job of Lanewise in one file, in plain loops: it reads an .npz, trains a multilayer
 * perceptron with softmax by stochastic gradient descent, evaluates it, checks its gradients, and
 * writes an .npz that numpy reads. It needs only a JDK, and gives the weights of Lanewise to the
 * last bit, as {@code src/site/arithmetic.md} defines every operation:
 *
 * <pre>
 * java src/examples/MiniLanewise.java data=data/digits.npz
 * java src/examples/MiniLanewise.java data=data/digits.npz hidden=32,32 epochs=50 eta=0.1 out=m.npz
 * </pre>
 *
 * <p>Everything fast that Lanewise does, such as vectors, tiles, packed matrices and threads,
 * computes these same numbers in another arrangement. The order of each sum is the same, because
 * vectors run along the columns of a product and threads share whole outputs, never a sum.
 *
 * <p>Names: n rows of a mini-batch, a layer with {@code in} inputs and {@code out} outputs, x its
 * inputs [n][in], y its outputs [n][out], g the gradient of the loss with respect to the sums of
 * the layer [n][out], W its weights [in][out], b its biases [out].
 */
public final class MiniLanewise {
  private final int[] sizes; // of the inputs and of each layer
  private final float[][] weights; // W of each layer, row after row
  private final float[][] biases;

  /** Draws the initial weights: gaussian, with deviation 0.1, in the last layer 0.01. */
  MiniLanewise(int[] sizes, long seed) {
    this.sizes = sizes;
    weights = new float[sizes.length - 1][];
    biases = new float[weights.length][];
    for (int l = 0; l < weights.length; l++) {
      weights[l] = new float[sizes[l] * sizes[l + 1]];
      biases[l] = new float[sizes[l + 1]];
      long key = key(seed, INITIAL_WEIGHTS, l);
      double deviation = l + 1 < weights.length ? 0.1 : 0.01;
      for (int i = 0; i < weights[l].length; i++) {
        weights[l][i] = (float) (deviation * gaussian(key, i));
      }
    }
  }

  // ---- The three products of a layer ------------------------------------------------------------
  /**
   * Computes {@code y[i][j] = b[j] + sum over p of x[i][p] W[p][j]}. The sum begins with the bias,
   * and each term is added by one fused multiply-add, in the order of p.
   */
  static void forward(int n, int in, int out, float[] x, float[] w, float[] b, float[] y) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < out; j++) {
        float sum = b[j];
        for (int p = 0; p < in; p++) {
          sum = Math.fma(x[i * in + p], w[p * out + j], sum);
        }
        y[i * out + j] = sum;
      }
    }
  }

  /** Computes the gradient with respect to the inputs, {@code sum over j of g[i][j] W[p][j]}. */
  static void backward(int n, int in, int out, float[] g, float[] w, float[] gx) {
    for (int i = 0; i < n; i++) {
      for (int p = 0; p < in; p++) {
        float sum = 0;
        for (int j = 0; j < out; j++) {
          sum = Math.fma(g[i * out + j], w[p * out + j], sum);
        }
        gx[i * in + p] = sum;
      }
    }
  }

  /**
   * Computes the gradients of the parameters, {@code dW[p][j] = sum over i of x[i][p] g[i][j]} and
   * {@code db[j] = sum over i of g[i][j]}.
   */
  static void gradients(int n, int in, int out, float[] x, float[] g, float[] dw, float[] db) {
    for (int p = 0; p < in; p++) {
      for (int j = 0; j < out; j++) {
        float sum = 0;
        for (int i = 0; i < n; i++) {
          sum = Math.fma(x[i * in + p], g[i * out + j], sum);
        }
        dw[p * out + j] = sum;
      }
    }
    for (int j = 0; j < out; j++) {
      float sum = 0;
      for (int i = 0; i < n; i++) {
        sum += g[i * out + j];
      }
      db[j] = sum;
    }
  }

  // ---- Softmax and cross entropy ----------------------------------------------------------------
  /**
   * Computes the cross entropy of a row of logits, and in g, unless that is null, its gradient (p -
   * t) / n for n rows. The largest logit is subtracted first, so that no exponential overflows.
   */
  static float crossEntropy(float[] y, int row, int classes, int label, int n, float[] g) {
    int at = row * classes;
    float largest = y[at];
    for (int j = 1; j < classes; j++) {
      largest = y[at + j] > largest ? y[at + j] : largest;
    }
    float[] e = new float[classes];
    for (int j = 0; j < classes; j++) {
      e[j] = exp(y[at + j] - largest);
    }
    float sum = sum16(e);
    for (int j = 0; g != null && j < classes; j++) {
      g[at + j] = (e[j] / sum - (j == label ? 1 : 0)) / n;
    }
    return log(sum) - (y[at + label] - largest);
  }

  /** Adds a row as 16 partial sums: element j to partial sum j mod 16, then halves to halves. */
  static float sum16(float[] x) {
    float[] partial = new float[16];
    for (int j = 0; j < x.length; j++) {
      partial[j % 16] += x[j];
    }
    for (int width = 8; width > 0; width /= 2) {
      for (int i = 0; i < width; i++) {
        partial[i] += partial[i + width];
      }
    }
    return partial[0];
  }

  // ---- A network --------------------------------------------------------------------------------
  /** Returns the inputs of each layer, and at the end the logits. */
  private float[][] outputs(int n, float[] x) {
    float[][] all = new float[weights.length + 1][];
    all[0] = x;
    for (int l = 0; l < weights.length; l++) {
      all[l + 1] = new float[n * sizes[l + 1]];
      forward(n, sizes[l], sizes[l + 1], all[l], weights[l], biases[l], all[l + 1]);
      for (int i = 0; l + 1 < weights.length && i < all[l + 1].length; i++) {
        all[l + 1][i] = all[l + 1][i] < 0 ? 0 : all[l + 1][i]; // ReLU
      }
    }
    return all;
  }

  /** Propagates the gradient back from the logits; dw and db take the gradients of each layer. */
  private void backward(int n, float[][] outputs, float[] ofLogits, float[][] dw, float[][] db) {
    float[] g = ofLogits;
    for (int l = weights.length - 1; l >= 0; l--) {
      int in = sizes[l];
      int out = sizes[l + 1];
      dw[l] = new float[in * out];
      db[l] = new float[out];
      gradients(n, in, out, outputs[l], g, dw[l], db[l]);
      if (l > 0) {
        float[] gx = new float[n * in];
        backward(n, in, out, g, weights[l], gx);
        for (int i = 0; i < gx.length; i++) {
          gx[i] = outputs[l][i] > 0 ? gx[i] : 0; // ReLU: where the unit was active
        }
        g = gx;
      }
    }
  }

  /** Trains on a mini-batch: w = w - eta dw, in one rounding. */
  private void step(float[] x, int[] labels, float eta) {
    int n = labels.length;
    int classes = sizes[weights.length];
    float[][] outputs = outputs(n, x);
    float[] logits = outputs[weights.length];
    float[] g = new float[logits.length];
    for (int i = 0; i < n; i++) {
      crossEntropy(logits, i, classes, labels[i], n, g);
    }
    float[][] dw = new float[weights.length][];
    float[][] db = new float[weights.length][];
    backward(n, outputs, g, dw, db);
    for (int l = 0; l < weights.length; l++) {
      for (int i = 0; i < dw[l].length; i++) {
        weights[l][i] = Math.fma(-eta, dw[l][i], weights[l][i]);
      }
      for (int j = 0; j < db[l].length; j++) {
        biases[l][j] = Math.fma(-eta, db[l][j], biases[l][j]);
      }
    }
  }

  /** Trains for some epochs. Each has the rows in an order that follows from seed and epoch. */
  void train(Rows rows, int epochs, int batch, double eta, long seed) {
    int features = sizes[0];
    for (int epoch = 0; epoch < epochs; epoch++) {
      int[] order = permutation(key(seed, ORDER_OF_ROWS, epoch), rows.count());
      for (int from = 0; from < order.length; from += batch) {
        int n = Math.min(batch, order.length - from); // the last mini-batch may be short
        float[] x = new float[n * features];
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
          int row = order[from + i];
          System.arraycopy(rows.inputs, row * features, x, i * features, features);
          labels[i] = rows.labels[row];
        }
        step(x, labels, (float) eta);
      }
    }
  }

  /** Returns the mean cross entropy and the accuracy. The first of equal logits is the class. */
  double[] evaluate(Rows rows) {
    int n = rows.count();
    int classes = sizes[weights.length];
    float[] logits = outputs(n, rows.inputs)[weights.length];
    double loss = 0;
    int right = 0;
    for (int i = 0; i < n; i++) {
      loss += crossEntropy(logits, i, classes, rows.labels[i], n, null);
      int best = 0;
      for (int j = 1; j < classes; j++) {
        best = logits[i * classes + j] > logits[i * classes + best] ? j : best;
      }
      right += best == rows.labels[i] ? 1 : 0;
    }
    return new double[] {loss / n, (double) right / n};
  }

  // ---- The gradient check -----------------------------------------------------------------------
  /**
   * Compares some elements of each gradient of the loss {@code sum of y^2 / 2} with differences of
   * the loss, and returns the largest difference as a share of the largest gradient of its array.
   */
  double checkGradients(int elements) {
    int n = 10;
    float[] x = new float[n * sizes[0]];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) gaussian(1, i);
    }
    float[][] outputs = outputs(n, x);
    float[][] dw = new float[weights.length][];
    float[][] db = new float[weights.length][];
    backward(n, outputs, outputs[weights.length], dw, db); // the gradient of y^2 / 2 is y
    double worst = 0;
    for (int l = weights.length - 1; l >= 0; l--) {
      worst = Math.max(worst, check("W" + (l + 1), weights[l], dw[l], elements, x));
      worst = Math.max(worst, check("b" + (l + 1), biases[l], db[l], elements, x));
    }
    return worst;
  }

  private double check(String name, float[] w, float[] dw, int elements, float[] x) {
    double worst = 0;
    double largest = 0;
    for (int k = 0; k < Math.min(elements, w.length); k++) {
      int i = below(2, k, w.length);
      float before = w[i];
      w[i] = before + 1e-6f;
      double above = halfOfSquares(x);
      double upper = w[i];
      w[i] = before - 1e-6f;
      double difference = (above - halfOfSquares(x)) / (upper - w[i]);
      w[i] = before;
      worst = Math.max(worst, Math.abs(difference - dw[i]));
      largest = Math.max(largest, Math.abs(dw[i]));
    }
    String line = "Gradient of %s: up to %.3e, differs by at most %.1e%n";
    System.out.printf(Locale.ROOT, line, name, largest, worst);
    return worst / largest;
  }

  /** Computes the loss in double, so that small differences of it are right. */
  private double halfOfSquares(float[] x) {
    double loss = 0;
    for (int row = 0; row < x.length / sizes[0]; row++) {
      double[] y = new double[sizes[0]];
      for (int p = 0; p < y.length; p++) {
        y[p] = x[row * sizes[0] + p];
      }
      for (int l = 0; l < weights.length; l++) {
        double[] sums = new double[sizes[l + 1]];
        for (int j = 0; j < sums.length; j++) {
          double sum = biases[l][j];
          for (int p = 0; p < y.length; p++) {
            sum += y[p] * weights[l][p * sums.length + j];
          }
          sums[j] = l + 1 < weights.length ? Math.max(sum, 0) : sum;
        }
        y = sums;
      }
      loss += 0.5 * Arrays.stream(y).map(each -> each * each).sum();
    }
    return loss;
  }

  // ---- Functions in float -----------------------------------------------------------------------
  /**
   * Returns e^x: x = n log 2 + r, a polynomial for e^r, and two exact products for 2^n. Math.exp
   * may differ between platforms.
   */
  static float exp(float x) {
    float y = x < -104 ? -104 : x;
    y = y > 89 ? 89 : y;
    float t = Math.fma(y, 0x1.715476p0f, 12582912f);
    float n = t - 12582912f; // rounded to a whole number
    float r = Math.fma(n, -0x1.62e4p-1f, y);
    r = Math.fma(n, -0x1.7f7d1cp-20f, r);
    float q = Math.fma(0x1.6a2434p-10f, r, 0x1.1239e2p-7f);
    q = Math.fma(q, r, 0x1.5558f2p-5f);
    q = Math.fma(q, r, 0x1.555492p-3f);
    q = Math.fma(q, r, 0x1.fffffcp-2f);
    float e = Math.fma(q, r * r, r) + 1;
    int half = Math.floorDiv((int) n, 2);
    return e * Math.scalb(1f, half) * Math.scalb(1f, (int) n - half);
  }

  /** Returns log x for a normal x above 0: x = 2^n (1 + f), and a polynomial for log(1 + f). */
  static float log(float x) {
    int bits = Float.floatToRawIntBits(x);
    int exponent = bits - 0x3F3504F3 >> 23;
    float f = Float.intBitsToFloat(bits - (exponent << 23)) - 1;
    float n = exponent;
    float s = f * f;
    float p = Math.fma(0x1.14631ap-4f, f, -0x1.de4fa2p-4f);
    p = Math.fma(p, f, 0x1.e6f604p-4f);
    p = Math.fma(p, f, -0x1.fc1f6ap-4f);
    p = Math.fma(p, f, 0x1.2336e2p-3f);
    p = Math.fma(p, f, -0x1.555c5ap-3f);
    p = Math.fma(p, f, 0x1.99a4bcp-3f);
    p = Math.fma(p, f, -0x1.000006p-2f);
    p = Math.fma(p, f, 0x1.555548p-2f);
    p = Math.fma(p * f, s, n * 0x1.7f7d1cp-20f);
    p = Math.fma(-0.5f, s, p);
    return Math.fma(n, 0x1.62e4p-1f, f + p);
  }

  // ---- Random numbers: functions of a key and a counter, without a state ------------------------
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final int INITIAL_WEIGHTS = 1; // streams keep the uses of a seed apart
  private static final int ORDER_OF_ROWS = 2;

  private static long mix(long z) {
    long x = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
    return x ^ x >>> 31;
  }

  static long key(long seed, int stream, int index) {
    return mix(mix(mix(seed + GOLDEN) + stream * GOLDEN) + index * GOLDEN);
  }

  private static long bits(long key, int i) {
    return mix(key + (i + 1) * GOLDEN);
  }

  /** Returns a whole number from 0, below a bound. */
  private static int below(long key, int i, int bound) {
    return (int) Math.multiplyHigh(bits(key, i) >>> 1, 2L * bound);
  }

  static int[] permutation(long key, int n) {
    int[] order = new int[n];
    Arrays.setAll(order, i -> i);
    for (int i = n - 1; i > 0; i--) {
      int j = below(key, i, i + 1);
      int moved = order[i];
      order[i] = order[j];
      order[j] = moved;
    }
    return order;
  }

  /** Returns a normally distributed number: the quantile of a uniform one (algorithm AS 241). */
  static double gaussian(long key, int i) {
    double p = ((bits(key, i) >>> 12) + 0.5) * 0x1p-52;
    double q = p - 0.5;
    if (Math.abs(q) <= 0.425) {
      return q * fraction(0, 0.180625 - q * q);
    }
    double r = Math.sqrt(-StrictMath.log(q < 0 ? p : 1 - p));
    double z = r <= 5 ? fraction(2, r - 1.6) : fraction(4, r - 5);
    return q < 0 ? -z : z;
  }

  private static double fraction(int part, double x) {
    return polynomial(QUANTILE[part], x) / polynomial(QUANTILE[part + 1], x);
  }

  private static double polynomial(double[] coefficients, double x) {
    double sum = 0;
    for (int i = coefficients.length - 1; i >= 0; i--) {
      sum = sum * x + coefficients[i];
    }
    return sum;
  }

  /** The fractions of the quantile, a line of coefficients from the constant one for each part. */
  private static final double[][] QUANTILE =
      Arrays.stream(
              """
              3.3871328727963666080e0 1.3314166789178437745e2 1.9715909503065514427e3
              1.3731693765509461125e4 4.5921953931549871457e4 6.7265770927008700853e4
              3.3430575583588128105e4 2.5090809287301226727e3;
              1 4.2313330701600911252e1 6.8718700749205790830e2 5.3941960214247511077e3
              2.1213794301586595867e4 3.9307895800092710610e4 2.8729085735721942674e4
              5.2264952788528545610e3;
              1.42343711074968357734e0 4.63033784615654529590e0 5.76949722146069140550e0
              3.64784832476320460504e0 1.27045825245236838258e0 2.41780725177450611770e-1
              2.27238449892691845833e-2 7.74545014278341407640e-4;
              1 2.05319162663775882187e0 1.67638483018380384940e0 6.89767334985100004550e-1
              1.48103976427480074590e-1 1.51986665636164571966e-2 5.47593808499534494600e-4
              1.05075007164441684324e-9;
              6.65790464350110377720e0 5.46378491116411436990e0 1.78482653991729133580e0
              2.96560571828504891230e-1 2.65321895265761230930e-2 1.24266094738807843860e-3
              2.71155556874348757815e-5 2.01033439929228813265e-7;
              1 5.99832206555887937690e-1 1.36929880922735805310e-1 1.48753612908506148525e-2
              7.86869131145613259100e-4 1.84631831751005468180e-5 1.42151175831644588870e-7
              2.04426310338993978564e-15
              """
                  .split(";"))
          .map(line -> Arrays.stream(line.strip().split("\\s+")))
          .map(numbers -> numbers.mapToDouble(Double::parseDouble).toArray())
          .toArray(double[][]::new);

  // ---- Files: an .npz is a zip of .npy files ----------------------------------------------------
  /** Rows with scaled inputs, row after row, and their classes. */
  record Rows(float[] inputs, int[] labels) {
    int count() {
      return labels.length;
    }
  }

  /** An array of a file: its shape, and its numbers as doubles. */
  record Array(int[] shape, double[] values) {}

  static Map<String, Array> read(Path file) throws IOException {
    Map<String, Array> arrays = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = entry.getName().replaceFirst("\\.npy$", "");
        arrays.put(name, array(zip.readAllBytes(), file + ": " + name));
      }
    }
    return arrays;
  }

  /** Reads a .npy: a magic number, the length of a header, the header, and the numbers. */
  private static Array array(byte[] file, String where) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(6); // after the magic number
    boolean isShort = bytes.get() == 1; // the version of the format
    bytes.get();
    byte[] head = new byte[isShort ? bytes.getShort() & 0xffff : bytes.getInt()];
    bytes.get(head);
    String text = new String(head, StandardCharsets.ISO_8859_1);
    Matcher header =
        Pattern.compile("'descr': '([^']+)', 'fortran_order': False, 'shape': \\(([^)]*)\\)")
            .matcher(text);
    if (!header.find()) {
      throw new IOException(where + ": header " + text.strip() + ", expected row-major numbers");
    }
    int[] shape =
        Arrays.stream(header.group(2).split(","))
            .map(String::strip)
            .filter(size -> !size.isEmpty())
            .mapToInt(Integer::parseInt)
            .toArray();
    double[] values = new double[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (header.group(1)) {
            case "|u1" -> bytes.get() & 0xff;
            case "<i4" -> bytes.getInt();
            case "<i8" -> bytes.getLong();
            case "<f4" -> bytes.getFloat();
            case "<f8" -> bytes.getDouble();
            default ->
                throw new IOException(
                    where + ": type " + header.group(1) + ", expected |u1 to <f8");
          };
    }
    return new Array(shape, values);
  }

  /** Returns the rows of a split, whose inputs from 0 to 255 become numbers from 0 to 1. */
  private static Rows rows(Map<String, Array> arrays, String split) throws IOException {
    Array inputs = arrays.get("inputs_" + split);
    Array target = arrays.get("target_" + split);
    if (inputs == null || target == null || inputs.shape[0] != target.values.length) {
      throw new IOException("inputs_%1$s, target_%1$s: expected both, of n rows".formatted(split));
    }
    float[] scaled = new float[inputs.values.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) (inputs.values[i] / 255);
    }
    return new Rows(scaled, Arrays.stream(target.values).mapToInt(label -> (int) label).toArray());
  }

  /** Writes W1, b1, W2 and so on, as numpy reads them. */
  void save(Path file) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (int l = 0; l < weights.length; l++) {
        String shape = sizes[l] + ", " + sizes[l + 1];
        write(zip, "W" + (l + 1), shape, weights[l]);
        write(zip, "b" + (l + 1), sizes[l + 1] + ",", biases[l]);
      }
    }
  }

  private static void write(ZipOutputStream zip, String name, String shape, float[] values)
      throws IOException {
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }".formatted(shape);
    int length = (10 + header.length() + 1 + 63) / 64 * 64 - 10; // numbers begin at 64 bytes
    zip.putNextEntry(new ZipEntry(name + ".npy"));
    DataOutputStream out = new DataOutputStream(zip);
    out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    out.writeShort(Short.reverseBytes((short) length));
    out.writeBytes(header + " ".repeat(length - header.length() - 1) + "\n");
    out.write(littleEndian(values));
    zip.closeEntry();
  }

  private static byte[] littleEndian(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  /** Returns the SHA-256 of all parameters, W and b of each layer in turn. */
  String sha256() throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (int l = 0; l < weights.length; l++) {
      digest.update(littleEndian(weights[l]));
      digest.update(littleEndian(biases[l]));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  // ---- The program ------------------------------------------------------------------------------
  /** Trains, with options NAME=VALUE: data, hidden, epochs, batch, eta, seed, out. */
  public static void main(String[] args) throws IOException, NoSuchAlgorithmException {
    Map<String, String> options = new LinkedHashMap<>();
    String defaults =
        "data=data/digits.npz hidden=16,80 epochs=1000 batch=100 eta=0.01 seed=0 out=";
    for (String option : defaults.split(" ")) {
      options.put(option.split("=")[0], option.split("=", 2)[1]);
    }
    for (String arg : args) {
      String[] words = arg.split("=", 2);
      if (words.length < 2 || options.replace(words[0], words[1]) == null) {
        System.err.println(arg + ": expected NAME=VALUE with one of " + options.keySet());
        System.exit(2);
      }
    }
    long seed = Long.parseLong(options.get("seed"));
    Map<String, Array> arrays = read(Path.of(options.get("data")));
    Rows train = rows(arrays, "train");
    Rows valid = rows(arrays, "valid");
    Rows test = rows(arrays, "test");
    int[][] labels = {train.labels, valid.labels, test.labels};
    int classes = 1 + Stream.of(labels).flatMapToInt(Arrays::stream).max().orElse(0);
    int features = train.inputs.length / train.count();
    String[] words = (features + "," + options.get("hidden") + "," + classes).split(",");
    int[] sizes = Arrays.stream(words).mapToInt(Integer::parseInt).toArray();
    MiniLanewise network = new MiniLanewise(sizes, seed);
    if (network.checkGradients(20) > 0.05) {
      throw new AssertionError("a gradient is wrong");
    }
    int batch = Integer.parseInt(options.get("batch"));
    int epochs = Integer.parseInt(options.get("epochs"));
    network.train(train, epochs, batch, Double.parseDouble(options.get("eta")), seed);
    double[] first = network.evaluate(train);
    double[] second = network.evaluate(valid);
    double[] third = network.evaluate(test);
    String line = "%s: Train %.5f Validation %.5f Test %.5f%n";
    System.out.printf(Locale.ROOT, line, "CE", first[0], second[0], third[0]);
    System.out.printf(Locale.ROOT, line, "Acc", first[1], second[1], third[1]);
    System.out.println("Weights sha256 " + network.sha256());
    if (!options.get("out").isEmpty()) {
      network.save(Path.of(options.get("out")));
    }
  }
}
