package dev.lanewise.nn;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.nn.internal.MetadataName;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.nn.internal.ModelFile;
import dev.lanewise.nn.internal.OtherModels;
import dev.lanewise.nn.internal.StoredModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Reads and writes the files of a network. The .npz format is built in and is that of all files
 * without another known extension; {@link OtherModels} knows the other formats.
 */
final class NetworkFiles {
  private NetworkFiles() {}

  /**
   * Reads a network.
   *
   * @param layers names of layers in their order, or none
   * @param trusting whether a wrong checksum is accepted
   */
  static Mlp read(Path file, List<String> layers, boolean trusting) throws IOException {
    if (OtherModels.ending(file) != null || !layers.isEmpty()) {
      return single(others(file).read(file, layers), file);
    }
    try (SealedNpz npz = SealedNpz.open(file, trusting)) {
      return read(npz);
    }
  }

  private static OtherModels.Files others(Path file) throws FormatException {
    OtherModels.Files others = OtherModels.find();
    if (others == null) {
      throw OtherModels.missing(file);
    }
    return others;
  }

  /** Reads a network in the format that the first bytes of a stream show. */
  static Mlp read(InputStream in, String name) throws IOException {
    byte[] first = in.readNBytes(OtherModels.FIRST);
    InputStream all = new SequenceInputStream(new ByteArrayInputStream(first), in);
    boolean isZip = first.length > 1 && first[0] == 'P' && first[1] == 'K';
    OtherModels.Files others = isZip ? null : OtherModels.find();
    StoredModel other = others == null ? null : others.read(first, all, name);
    if (other != null) {
      return single(other, name);
    }
    try (SealedNpz npz = SealedNpz.open(all, name, false)) {
      return read(npz);
    }
  }

  private static Mlp read(SealedNpz npz) throws IOException {
    OtherModels.Files others = npz.contains("W1") ? null : OtherModels.find();
    if (others == null || !others.isFor(npz.names())) {
      refuseMore(npz);
      return single(ModelFile.read(npz, List.of()), npz.file());
    }
    return single(others.read(npz), npz.file());
  }

  /**
   * Refuses facts that a network alone cannot honour. It finds them by their names, before they are
   * read.
   */
  private static void refuseMore(SealedNpz npz) throws IOException {
    npz.refuseAdded(ModelFile::hasMeaning);
    long networks =
        npz.names().stream().filter(name -> name.matches("member\\d+/W1")).distinct().count();
    List<String> needed = MetadataName.needed(npz::contains);
    if (networks > 1 || !needed.isEmpty()) {
      npz.verify();
      refuse(networks, needed, npz.file());
    }
  }

  private static void refuse(long networks, List<String> needed, Object file)
      throws FormatException {
    if (networks > 1) {
      throw new FormatException(
          file.toString(),
          "%s networks, expected one network (Model.load of lanewise-models reads a model of"
              + " several)",
          networks);
    } else if (!needed.isEmpty()) {
      throw new FormatException(
          file.toString(), OtherModels.unhonoured(String.join(" and ", needed)));
    }
  }

  /** Returns the network of a file, or refuses what a network alone does not honour. */
  private static Mlp single(StoredModel model, Object file) throws FormatException {
    Mlp network = model.network();
    refuse(model.members().size(), MlpState.facts(network).needed(), file);
    return network;
  }

  /** Writes a network in the format of the file's extension. */
  static void write(Mlp network, Path file) throws IOException {
    if (OtherModels.ending(file) == null) {
      ModelFile.write(network, file, Map.of());
    } else {
      ModelFile.requireFinite(network.members(), file);
      others(file).write(network, file);
    }
  }
}
