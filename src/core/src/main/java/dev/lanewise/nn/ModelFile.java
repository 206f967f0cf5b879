package dev.lanewise.nn;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.Message;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.SealedNpz;
import dev.lanewise.format.internal.Fields;
import dev.lanewise.nn.internal.Assumption;
import dev.lanewise.nn.internal.DataFacts;
import dev.lanewise.nn.internal.Fact;
import dev.lanewise.nn.internal.Facts;
import dev.lanewise.nn.internal.ForeignArrays;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads and writes models as .npz: the parameters as W1, b1, W2, b2, ..., the other facts of a
 * model in further arrays, and a checksum of all of them. The arrays are plain numbers and strings,
 * which numpy reads without pickle. Arrays with other names are ignored.
 */
final class ModelFile {
  final Fields in;
  final SealedNpz npz;
  private final Set<Assumption> assumed = new LinkedHashSet<>();

  private ModelFile(SealedNpz npz) {
    this.in = Fields.of(npz);
    this.npz = npz;
  }

  /** Returns whether an array's name has a meaning here; a checksum must cover such an array. */
  private static boolean hasMeaning(String array) {
    return ModelFacts.owner(array) != null || NetworkArrays.owns(array);
  }

  static void write(List<Mlp> members, Facts facts, Path file, Map<String, NdArray> others)
      throws IOException {
    Map<String, NdArray> arrays = saved(members, facts, file);
    for (String name : others.keySet()) {
      if (hasMeaning(name)) {
        throw new IllegalArgumentException(
            "an array " + name + " beside a model: must have another name, as a model has this");
      }
    }
    arrays.putAll(others);
    SealedNpz.write(file, arrays);
  }

  /** Returns the arrays of a model; refuses a model that could not be read again. */
  static Map<String, NdArray> saved(List<Mlp> members, Facts facts, Object file) {
    requireFinite(members, file);
    return arrays(members, facts);
  }

  static void requireFinite(List<Mlp> members, Object file) {
    for (Mlp member : members) {
      float[] parameters = member.shared();
      for (int i = 0; i < parameters.length; i++) {
        if (!Float.isFinite(parameters[i])) {
          throw new IllegalStateException(
              "save %s: parameter %s of %s is %s, expected finite numbers (a training that diverged?)"
                  .formatted(file, i, parameters.length, parameters[i]));
        }
      }
    }
  }

  static byte[] bytes(Map<String, NdArray> arrays) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      SealedNpz.write(out, arrays);
      return out.toByteArray();
    } catch (IOException e) {
      throw new AssertionError("memory takes all", e);
    }
  }

  /** Returns the arrays of a whole model; the parameters are not copied. */
  static Map<String, NdArray> arrays(List<Mlp> members, Facts facts) {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    NetworkArrays.put(arrays, members);
    facts.put(arrays);
    return arrays;
  }

  /** Visits the facts about data, which are null while reading. */
  private static DataFacts visit(DataFacts own, Fields fields) throws IOException {
    return new DataFacts(
        visit(NetworkFacts.LOSS, own, DataFacts::loss, fields),
        visit(NetworkFacts.SCALING, own, DataFacts::scaling, fields),
        visit(NetworkFacts.TARGET_SCALING, own, DataFacts::targetScaling, fields),
        visit(NetworkFacts.CLASS_NAMES, own, DataFacts::classNames, fields.optional()),
        visit(TableFacts.SCHEMA, own, DataFacts::schema, fields),
        visit(TableFacts.DIVISION, own, DataFacts::division, fields));
  }

  private static <T> T visit(
      Fact<T> fact, DataFacts own, Function<DataFacts, T> part, Fields fields) throws IOException {
    return fact.visit(own == null ? null : part.apply(own), fields, ModelFacts.NONE);
  }

  /** Returns the facts about data as arrays of the same names as in a model. */
  static Map<String, NdArray> arrays(DataFacts facts) throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    visit(facts, Fields.to(arrays));
    return arrays;
  }

  static DataFacts dataFacts(SealedNpz npz) throws IOException {
    DataFacts facts = visit(null, Fields.of(npz));
    npz.verify();
    return facts;
  }

  /** Reads a model and verifies the checksum of its file. */
  static Model read(SealedNpz file) throws IOException {
    return new ModelFile(file).readOn(List.of());
  }

  static Schema schema(SealedNpz file) throws IOException {
    Schema schema = TableFacts.SCHEMA.visit(null, Fields.of(file), ModelFacts.NONE);
    file.verify();
    return schema;
  }

  /** Returns the arrays of a model without its parameters. */
  static Map<String, NdArray> facts(Model model) {
    Map<String, NdArray> arrays = arrays(model.members(), model.facts);
    arrays.keySet().removeIf(name -> NetworkArrays.NUMBERED.matcher(name).matches());
    return arrays;
  }

  /**
   * Adds the arrays that {@link #facts} returned, read from a file, to networks of bare parameters.
   */
  static Model withFacts(List<Mlp> networks, SealedNpz facts) throws IOException {
    return new ModelFile(facts).readOn(networks);
  }

  /** Reads a model; given networks, if there are any, replace those of the file. */
  private Model readOn(List<Mlp> given) throws IOException {
    npz.refuseAdded(ModelFile::hasMeaning);
    try {
      ForeignArrays foreign = given.isEmpty() ? ModelFormats.foreign(npz.names()) : null;
      if (foreign != null) {
        npz.verify();
        return foreign.read(in.file(), all(), List.of());
      }
      List<Mlp> networks = NetworkArrays.read(this, given);
      Facts facts = networks.get(0).facts;
      Map<Fact<Object>, Object> ofResults = new LinkedHashMap<>();
      for (Fact<Object> fact : facts.all()) {
        if (fact.isOfNetwork() || !isIn(fact)) {
          continue;
        }
        Object value = fact.visit(null, in, facts);
        if (fact.isOfResults()) {
          ofResults.put(fact, value); // for the model as a whole
        } else {
          facts = facts.with(fact, value);
        }
      }
      npz.verify();
      refuseLeftOver();
      return model(networks, facts, ofResults);
    } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
      throw new FormatException(in.file(), Message.of(e), e);
    }
  }

  private Model model(List<Mlp> networks, Facts facts, Map<Fact<Object>, Object> ofResults) {
    Set<Assumption> known = assumptions();
    List<Mlp> members = new ArrayList<>();
    for (Mlp network : networks) {
      Facts own = facts.like(network.facts);
      members.add(new Mlp(network.architecture(), network.shared(), own, known));
    }
    Model model = Model.of(members);
    for (Map.Entry<Fact<Object>, Object> entry : ofResults.entrySet()) {
      model = model.with(entry.getKey(), entry.getValue());
    }
    return model;
  }

  private boolean isIn(Fact<?> fact) throws FormatException {
    Assumption otherwise = fact.assumption();
    return otherwise == null ? fact.isIn(in) : says(fact.name(), otherwise);
  }

  /**
   * Returns whether an array is there; if not, notes the assumption. Every version has written
   * activations and loss, so a sealed file without them is refused; an unknown scaling is not.
   */
  boolean says(String name, Assumption otherwise) throws FormatException {
    boolean there = npz.contains(name);
    if (!there) {
      assumed.add(otherwise);
    }
    if (!there && otherwise != Assumption.SCALING) {
      npz.requireSealed(name);
    }
    return there;
  }

  /** Returns the assumptions; in a file of Lanewise, a missing array is none. */
  private Set<Assumption> assumptions() {
    if (npz.trusted().isPresent()) {
      assumed.add(Assumption.TRUST);
    } else if (npz.format().isPresent()) {
      assumed.clear();
    } else {
      assumed.add(Assumption.CHECKSUM);
    }
    return assumed;
  }

  private Map<String, NdArray> all() throws IOException {
    Map<String, NdArray> all = new LinkedHashMap<>();
    for (String name : npz.names()) {
      all.put(name, npz.read(name));
    }
    return all;
  }

  /**
   * Refuses an array whose owner is absent or does not use it, such as target_scaling_mean without
   * target_scaling, because the model was a different one. A trusted file is not checked.
   */
  private void refuseLeftOver() throws FormatException {
    for (String name : npz.names()) {
      if (npz.trusted().isEmpty()
          && !in.isTaken(name)
          && !NetworkArrays.NUMBERED.matcher(name).matches()
          && hasMeaning(name)) {
        Fact<?> fact = ModelFacts.owner(name);
        String owner = fact == null ? name : fact.name();
        throw new FormatException(
            in.file(),
            npz.contains(owner)
                ? "%s beside a %s that does not use it, expected one that does, or no such array"
                : "%s without %s, expected both or none of them",
            name,
            owner);
      }
    }
  }
}
