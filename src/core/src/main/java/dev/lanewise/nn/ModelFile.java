package dev.lanewise.nn;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Fields;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.nn.internal.Assumption;
import dev.lanewise.nn.internal.Fact;
import dev.lanewise.nn.internal.FactName;
import dev.lanewise.nn.internal.Facts;
import dev.lanewise.nn.internal.NetworkFacts;
import dev.lanewise.nn.internal.OtherModels;
import dev.lanewise.nn.internal.RawFact;
import dev.lanewise.nn.internal.StoredModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Reads and writes models as .npz: the parameters as W1, b1, W2, b2, ..., the other facts of a
 * model in further arrays, and a checksum of all of them. The arrays are plain numbers and strings,
 * which numpy reads without pickle. Arrays with other names are ignored.
 */
final class ModelFile {
  /** Facts of later versions on which predictions depend, by name. */
  private static final String NEEDS = "needs";

  final Fields in;
  final SealedNpz npz;
  private final Set<Assumption> assumed = new LinkedHashSet<>();

  private ModelFile(SealedNpz npz) {
    this.in = Fields.of(npz);
    this.npz = npz;
  }

  /** Returns whether an array's name has a meaning here; a checksum must cover such an array. */
  static boolean hasMeaning(String array) {
    return array.equals(NEEDS) || FactName.owner(array) != null || NetworkArrays.owns(array);
  }

  static void write(List<Mlp> members, Facts facts, Path file, Map<String, NdArray> others)
      throws IOException {
    Map<String, NdArray> arrays = saved(members, facts, file);
    for (String name : others.keySet()) {
      if (hasMeaning(name)) {
        throw new IllegalArgumentException(
            "an array " + name + " beside a model: must have another name than arrays of a model");
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

  /** Returns the arrays of a whole model; the parameters are not copied. */
  static Map<String, NdArray> arrays(List<Mlp> members, Facts facts) {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    NetworkArrays.put(arrays, members);
    facts.put(arrays);
    return arrays;
  }

  /**
   * Reads a model and verifies the checksum of its file.
   *
   * @param given networks that replace the networks of the file, if there are any
   * @param facts the facts of models that are known; null: those of {@link OtherModels}, or arrays
   */
  static StoredModel read(SealedNpz file, List<Mlp> given, List<Fact<?>> facts) throws IOException {
    return new ModelFile(file).readOn(given, facts);
  }

  /** Returns the arrays of a model without its parameters. */
  static Map<String, NdArray> withoutParameters(List<Mlp> members, Facts facts) {
    Map<String, NdArray> arrays = arrays(members, facts);
    arrays.keySet().removeIf(name -> NetworkArrays.NUMBERED.matcher(name).matches());
    return arrays;
  }

  /** Returns the facts that can be read here: all, or those of a network and the rest as arrays. */
  @SuppressWarnings("unchecked") // the value of a fact has its type
  private List<Fact<Object>> known(List<Fact<?>> ofModels) {
    List<Fact<?>> known = new ArrayList<>(NetworkFacts.all());
    Set<FactName> found = EnumSet.noneOf(FactName.class);
    npz.names().stream().map(FactName::owner).filter(Objects::nonNull).forEach(found::add);
    NetworkFacts.all().forEach(fact -> found.remove(fact.name()));
    if (ofModels != null) {
      known.addAll(ofModels);
    } else if (!found.isEmpty()) {
      OtherModels.Files others = OtherModels.find();
      known.addAll(others != null ? others.facts() : found.stream().map(RawFact::of).toList());
    }
    known.sort(Comparator.comparing(Fact::name));
    return (List<Fact<Object>>) (List<?>) known;
  }

  private StoredModel readOn(List<Mlp> given, List<Fact<?>> ofModels) throws IOException {
    npz.refuseAdded(ModelFile::hasMeaning);
    try {
      if (npz.contains(NEEDS)) {
        throw new FormatException(
            in.file(), "needs %s: written by a later Lanewise", in.texts(NEEDS, null));
      }
      List<Fact<Object>> known = known(ofModels);
      List<Mlp> networks = NetworkArrays.read(this, given, known);
      Facts facts = networks.get(0).facts;
      Map<Fact<Object>, Object> ofResults = new LinkedHashMap<>();
      for (Fact<Object> fact : known) {
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
      List<Mlp> members = new ArrayList<>();
      Set<Assumption> assumed = assumptions();
      if (NetworkFacts.isWeighted(facts)) {
        assumed.add(Assumption.WEIGHTED);
      }
      for (Mlp network : networks) {
        Facts own = facts.like(network.facts);
        members.add(new Mlp(network.architecture(), network.shared(), own, assumed));
      }
      return new StoredModel(members, ofResults);
    } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
      throw new FormatException(in.file(), Message.of(e), e);
    }
  }

  private boolean isIn(Fact<?> fact) throws FormatException {
    Assumption otherwise = fact.assumption();
    return otherwise == null ? fact.isIn(in) : says(fact.array(), otherwise);
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
        FactName fact = FactName.owner(name);
        String owner = fact == null ? name : fact.array();
        throw new FormatException(
            in.file(),
            npz.contains(owner)
                ? "%s beside a %s that does not use it, expected no such array"
                : "%s without %s, expected both or neither",
            name,
            owner);
      }
    }
  }
}
