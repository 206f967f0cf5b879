package dev.lanewise.nn.internal;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Stores the networks of a model as arrays that numpy reads: the parameters as W1, b1, W2, b2, ...,
 * the activations, and the edges of bins that a network sees. The arrays of one of several networks
 * are named as in {@code member2/W1}.
 */
final class NetworkArrays {
  private static final String ACTIVATIONS = "activations"; // one string per hidden layer
  private static final String MEMBERS = "members"; // one number, if there are several networks

  /** Names of parameters of any layer, perhaps of a member such as {@code member2/W1}. */
  static final Pattern NUMBERED = Pattern.compile("(?:member\\d+/)?[Wb]\\d+");

  private static final Pattern NAMES =
      Pattern.compile(NUMBERED.pattern() + "|(?:member\\d+/)?" + ACTIVATIONS);

  private NetworkArrays() {}

  /** Returns whether an array has a name with a meaning here. */
  static boolean owns(String array) {
    return array.equals(MEMBERS) || NAMES.matcher(array).matches();
  }

  /** Returns the name of an array of a member, from 1, or of a single network. */
  private static String named(int member, int members, String name) {
    return members == 1 ? name : "member" + member + "/" + name;
  }

  /** Adds the arrays of all networks; the parameters are not copied. */
  static void put(Map<String, NdArray> arrays, List<Mlp> members) {
    for (int m = 0; m < members.size(); m++) {
      Mlp network = members.get(m);
      float[] parameters = MlpState.of(network).parameters();
      for (int l = 0; l < network.layers().size(); l++) {
        Layer layer = network.layers().get(l);
        int in = layer.inputs();
        int out = layer.outputs();
        arrays.put(
            named(m + 1, members.size(), "W" + (l + 1)),
            NdArray.ofFloats(parameters, layer.weightsOffset(), in, out));
        arrays.put(
            named(m + 1, members.size(), "b" + (l + 1)),
            NdArray.ofFloats(parameters, layer.biasesOffset(), out));
      }
      List<Activation> activations = network.architecture().activations();
      String name = named(m + 1, members.size(), ACTIVATIONS);
      if (!activations.isEmpty()) {
        List<String> labels = activations.stream().map(Activation::label).toList();
        arrays.put(name, NdArray.ofStrings(labels, labels.size()));
      }
    }
    if (members.size() > 1) {
      arrays.put(MEMBERS, NdArray.of(new int[] {members.size()}, 1));
    }
  }

  /** Reads the layers of all members, unless they are given, and their further inputs. */
  static List<Mlp> read(ModelFile file, List<Mlp> given) throws IOException {
    int count = 1;
    if (file.in.contains(MEMBERS)) {
      long[] members = file.in.ints(MEMBERS, null);
      count = members.length == 1 ? (int) Math.max(0, Math.min(members[0], Integer.MAX_VALUE)) : 0;
      file.in.require(count > 1, MEMBERS, "one number, at least 2");
    }
    List<Mlp> networks = new ArrayList<>();
    List<String> names = new ArrayList<>();
    if (!given.isEmpty() && given.size() != count) {
      throw new FormatException(
          file.in.file(), "facts of %s networks, expected %s", count, given.size());
    }
    for (int m = 1; m <= count; m++) {
      String stored = named(m, count, ACTIVATIONS);
      if (given.isEmpty()) {
        networks.add(parameters(file, named(m, count, ""), names));
      } else {
        Mlp network = given.get(m - 1);
        boolean says = file.in.contains(stored);
        networks.add(says ? network.withActivations(activations(file, stored)) : network);
      }
    }
    if (given.isEmpty()) {
      refuseGaps(file, names);
    }
    if (file.in.contains(MetadataName.BINS.array())) {
      addInputs(networks, file);
    }
    return networks;
  }

  /** Gives further inputs to the networks that have room for them. */
  private static void addInputs(List<Mlp> networks, ModelFile file) throws IOException {
    FurtherInputs further =
        ServiceLoader.load(FurtherInputsReader.class, FurtherInputs.class.getClassLoader())
            .findFirst()
            .orElseThrow(
                () -> new IllegalStateException(MetadataName.unhonoured(MetadataName.BINS.array())))
            .read(file.in);
    int inputs = further.inputs();
    if (networks.stream().noneMatch(n -> n.architecture().inputs() == inputs)) {
      throw new FormatException(
          file.in.file(), "%s, expected a network of %s inputs, which sees bins", further, inputs);
    }
    networks.replaceAll(
        n -> {
          MlpState own = MlpState.of(n);
          boolean hasRoom = n.architecture().inputs() == inputs;
          return hasRoom ? own.with(own.facts().withFurther(further)).mlp() : n;
        });
  }

  private static Mlp parameters(ModelFile file, String prefix, List<String> all)
      throws IOException {
    List<String> names = new ArrayList<>(); // W1, b1, W2, b2, ...
    List<Integer> sizes = new ArrayList<>();
    for (int l = 1; l == 1 || file.in.contains(prefix + "W" + l); l++) {
      if (l > Architecture.MOST_LAYERS) { // checked before more headers are read
        throw new FormatException(file.in.file(), "W%s, expected at most %s layers", l, l - 1);
      }
      String w = prefix + "W" + l;
      String b = prefix + "b" + l;
      List<Integer> shape = file.in.header(w).shape();
      file.in.require(
          shape.size() == 2 && file.in.header(w).type().isFloatingPoint(),
          w,
          "a floating-point matrix [inputs][outputs]");
      if (l == 1) {
        sizes.add(shape.get(0));
      }
      int inputs = sizes.get(l - 1);
      int outputs = shape.get(1);
      file.in.require(
          shape.get(0) == inputs,
          w,
          inputs + " rows as " + prefix + "W" + (l - 1) + " has columns");
      // Biases with shape 1 x outputs are common in numpy programs.
      List<Integer> biases = file.in.header(b).shape();
      file.in.require(
          (biases.equals(List.of(outputs)) || biases.equals(List.of(1, outputs)))
              && file.in.header(b).type().isFloatingPoint(),
          b,
          outputs + " floating-point values as " + w + " has columns");
      sizes.add(outputs);
      names.add(w);
      names.add(b);
    }
    all.addAll(names);
    int last = sizes.size() - 1;
    List<Activation> activations = new ArrayList<>();
    String stored = prefix + ACTIVATIONS;
    if (last == 1 && !file.in.contains(stored)) {
      // Without a hidden layer there are no activations.
    } else if (file.says(stored, Assumption.ACTIVATIONS)) {
      activations.addAll(activations(file, stored));
    } else {
      activations.addAll(Collections.nCopies(last - 1, Activation.RELU));
    }
    Architecture architecture =
        new Architecture(sizes.get(0), sizes.subList(1, last), sizes.get(last), activations);
    float[] parameters = file.npz.readFloats(names);
    int offset = 0;
    for (int i = 0; i < names.size(); i++) {
      int outputs = sizes.get(i / 2 + 1);
      int length = i % 2 == 0 ? sizes.get(i / 2) * outputs : outputs;
      requireFinite(file, names.get(i), parameters, offset, length);
      offset += length;
    }
    return new MlpState(NetworkMetadata.of(architecture), parameters, Set.of()).mlp();
  }

  private static List<Activation> activations(ModelFile file, String name) throws IOException {
    return file.in.texts(name, null).stream().map(Activation::of).toList();
  }

  /** Refuses parameters of a layer after a missing one instead of ignoring them. */
  private static void refuseGaps(ModelFile file, List<String> names) throws FormatException {
    for (String name : file.npz.names()) {
      if (NUMBERED.matcher(name).matches() && !names.contains(name)) {
        String found =
            name.contains("/")
                ? name + " beside " + String.join(", ", names)
                : name.charAt(1) == '0'
                    ? name + " beside W1"
                    : name + " without W" + (names.size() / 2 + 1);
        throw new FormatException(
            file.in.file(),
            found + ", expected the layers W1, b1, W2, b2 and so on, without a missing number");
      }
    }
  }

  /** Refuses parameters that are not finite in float32. */
  private static void requireFinite(
      ModelFile file, String name, float[] parameters, int offset, int length)
      throws FormatException {
    for (int i = 0; i < length; i++) {
      float value = parameters[offset + i];
      if (!Float.isFinite(value)) {
        throw new FormatException(
            file.in.file(),
            name + " has " + value + " at element " + i + ", expected finite float32 numbers");
      }
    }
  }
}
