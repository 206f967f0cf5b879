package dev.lanewise.nn;

import dev.lanewise.engine.internal.NetworkParts;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.kernel.gemm.PackedMatrix;
import dev.lanewise.nn.internal.Assumption;
import dev.lanewise.nn.internal.Change;
import dev.lanewise.nn.internal.Fact;
import dev.lanewise.nn.internal.Facts;
import dev.lanewise.nn.internal.ModelParts;
import dev.lanewise.nn.internal.RowPass;
import dev.lanewise.nn.internal.StoredModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

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

  @Override
  public Facts facts(Predictive model) {
    return Mlp.facts(model);
  }

  @Override
  public PackedMatrix[] packed(Mlp model) {
    return model.packed();
  }

  @Override
  public List<String> needed(Mlp network) {
    return network.needed();
  }

  @Override
  public StoredModel read(SealedNpz file, List<Mlp> networks, List<Fact<?>> facts)
      throws IOException {
    return ModelFile.read(file, networks, facts);
  }

  @Override
  public Map<String, NdArray> arrays(List<Mlp> networks, Facts facts) {
    return ModelFile.arrays(networks, facts);
  }

  @Override
  public Map<String, NdArray> withoutParameters(List<Mlp> networks, Facts facts) {
    return ModelFile.withoutParameters(networks, facts);
  }

  @Override
  public void requireFinite(List<Mlp> networks, Object file) {
    ModelFile.requireFinite(networks, file);
  }

  @Override
  public String shown(Predictive model, Message columns) {
    return Mlp.shown(model, columns);
  }

  @Override
  public Predictor predictor(Facts facts, IntFunction<RowPass> pass, int maxRows) {
    return new Predictor(facts, pass, maxRows);
  }

  @Override
  public void begin(Predictor predictor) {
    predictor.begin();
  }

  @Override
  public void end(Predictor predictor) {
    predictor.end();
  }

  @Override
  public void run(Predictor predictor, float[] row, float[] floats, double[] doubles) {
    predictor.run(row, floats, doubles);
  }

  @Override
  public Predictions run(Predictor predictor, float[] rows, int count) {
    return predictor.run(rows, count);
  }

  @Override
  public void save(Mlp model, Path file, Map<String, NdArray> others) throws IOException {
    ModelFile.write(model.members(), model.facts, file, others);
  }
}
