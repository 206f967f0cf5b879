package dev.lanewise.nn;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.nn.internal.MetadataName;
import dev.lanewise.nn.internal.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Reads a network alone from .npz, and refuses files of more than a network can honour. */
final class NetworkFiles {
  private NetworkFiles() {}

  /** Refuses the extensions of formats of other programs, which are those of models. */
  static Path requireNpz(Path file) throws FormatException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    for (String ending : List.of(".onnx", ".safetensors")) {
      if (name.endsWith(ending)) {
        throw new FormatException(
            file.toString(),
            "a network alone in a file of %s, expected .npz (Model of lanewise-models loads and"
                + " saves such files with lanewise-tables)",
            ending);
      }
    }
    return file;
  }

  /** Facts that a network alone cannot honour are found by their names before they are read. */
  static Mlp read(SealedNpz npz) throws IOException {
    npz.refuseAdded(ModelFile::hasMeaning);
    long networks =
        npz.names().stream().filter(name -> name.matches("member\\d+/W1")).distinct().count();
    List<String> needed = MetadataName.needed(npz::contains);
    if (networks < 2 && needed.isEmpty()) {
      return ModelFile.read(npz, List.of()).network();
    }
    npz.verify();
    if (networks < 2) {
      throw new FormatException(npz.file(), MetadataName.unhonoured(String.join(" and ", needed)));
    }
    throw new FormatException(
        npz.file(),
        "%s networks, expected one network (Model.load of lanewise-models reads a model of"
            + " several)",
        networks);
  }
}
