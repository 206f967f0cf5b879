package dev.lanewise.model;

import dev.lanewise.format.internal.Fields;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.FurtherInputs;
import dev.lanewise.nn.internal.OtherModels;
import dev.lanewise.nn.internal.StoredModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** Lets {@link Mlp#load(Path)} read other files than those of a network alone. */
final class OtherFiles implements OtherModels.Files {
  @Override
  public FurtherInputs further(Fields file) throws IOException {
    return BinInputs.of(file);
  }

  @Override
  public StoredModel read(Path file, List<String> layers) throws IOException {
    return ModelFormats.read(file, layers, List.of()).toStore();
  }

  @Override
  public StoredModel read(byte[] first, InputStream all, String name) throws IOException {
    return ModelFormats.read(first, all, name, List.of()).map(Model::toStore).orElse(null);
  }

  @Override
  public boolean isFor(List<String> names) {
    return ModelFormats.isFor(names);
  }

  @Override
  public StoredModel read(SealedNpz npz) throws IOException {
    return ModelFormats.read(npz).toStore();
  }

  @Override
  public void write(Mlp network, Path file) throws IOException {
    ModelFormats.write(Model.of(network), file);
  }
}
