package dev.lanewise.nn;

import dev.lanewise.engine.NetworkParts;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.SealedNpz;
import dev.lanewise.nn.internal.Assumption;
import dev.lanewise.nn.internal.Change;
import dev.lanewise.nn.internal.DataFacts;
import dev.lanewise.nn.internal.Fact;
import dev.lanewise.nn.internal.ModelParts;
import dev.lanewise.nn.internal.Said;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gives the other packages access to the parts of a model. */
final class MlpParts extends ModelParts {
  @Override
  public float[] parameters(Mlp model) {
    return model.shared();
  }

  @Override
  public NetworkParts parts(Mlp model) {
    return model.parts();
  }

  @Override
  public Mlp on(Mlp model, float[] parameters) {
    return model.on(parameters);
  }

  @Override
  public Map<String, NdArray> arrays(DataFacts data) throws IOException {
    return ModelFile.arrays(data);
  }

  @Override
  public DataFacts dataFacts(SealedNpz file) throws IOException {
    return ModelFile.dataFacts(file);
  }

  @Override
  public Mlp with(Mlp model, Architecture architecture, float[] parameters) {
    return new Mlp(architecture, parameters, model.facts.after(Change.NETWORK), model.assumed);
  }

  @Override
  public Mlp assuming(Mlp model, Set<Assumption> assumptions) {
    return model.assuming(assumptions);
  }

  @Override
  public Mlp and(Mlp model, Assumption assumption) {
    Set<Assumption> all = new LinkedHashSet<>(model.assumed);
    all.add(assumption);
    return model.assuming(all);
  }

  @Override
  public Mlp after(Mlp model, Change change) {
    return model.after(change);
  }

  @Override
  public <T> Mlp with(Mlp model, Fact<T> fact, T value) {
    return model.with(fact, value);
  }

  @SuppressWarnings("unchecked") // a value has the type of its fact
  @Override
  public Map<Fact<Object>, Object> facts(Optional<Schema> schema, Optional<Division> division) {
    Map<Fact<?>, Object> facts = new LinkedHashMap<>();
    schema.ifPresent(found -> facts.put(TableFacts.SCHEMA, found));
    division.ifPresent(found -> facts.put(TableFacts.DIVISION, found));
    return (Map<Fact<Object>, Object>) (Map<?, ?>) facts;
  }

  @Override
  public List<String> needed(Mlp network) {
    return network.needed();
  }

  @Override
  public Model read(SealedNpz file) throws IOException {
    return ModelFile.read(file);
  }

  @Override
  public void save(Mlp model, Path file, Map<String, NdArray> others) throws IOException {
    ModelFile.write(model.members(), model.facts, file, others);
  }

  @Override
  public List<Said> said(Model model) {
    return model.facts.said(ModelFacts.SHOWN);
  }

  @Override
  public byte[] facts(Model model) {
    return ModelFile.bytes(ModelFile.facts(model));
  }

  @Override
  public Model withFacts(List<Mlp> networks, SealedNpz facts) throws IOException {
    return ModelFile.withFacts(networks, facts);
  }
}
