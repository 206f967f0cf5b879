package dev.lanewise.nn;

import dev.lanewise.engine.NetworkParts;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.SealedNpz;
import dev.lanewise.nn.internal.Assumption;
import dev.lanewise.nn.internal.Change;
import dev.lanewise.nn.internal.DataFacts;
import dev.lanewise.nn.internal.ModelParts;
import dev.lanewise.nn.internal.Said;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
    return new Mlp(model.architecture(), model.shared(), model.facts, assumptions);
  }

  @Override
  public Mlp and(Mlp model, Assumption assumption) {
    Set<Assumption> all = new LinkedHashSet<>(model.assumed);
    all.add(assumption);
    return new Mlp(model.architecture(), model.shared(), model.facts, all);
  }

  @Override
  public Mlp after(Mlp model, Change change) {
    return new Mlp(model.architecture(), model.shared(), model.facts.after(change), model.assumed);
  }

  @Override
  public Model read(SealedNpz file) throws IOException {
    return ModelFile.read(file);
  }

  @Override
  public void save(Model model, Path file, Map<String, NdArray> others) throws IOException {
    ModelFile.write(model, file, others);
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
