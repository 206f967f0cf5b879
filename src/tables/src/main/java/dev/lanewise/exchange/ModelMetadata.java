package dev.lanewise.exchange;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.model.Model;
import dev.lanewise.model.internal.ModelAccess;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Mlp;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The metadata of model files in formats of other programs. Facts that such a format cannot
 * express, such as the scaling and the class names, are stored under {@code lanewise} as the bytes
 * of an .npz file in base 64. With them, reading gives the same model to the last bit.
 */
final class ModelMetadata {
  private static final String FACTS = "lanewise";

  private ModelMetadata() {}

  /** Returns the prefix of a member's parameters, for a model of several networks; m is from 0. */
  static String prefix(int m) {
    return "member" + (m + 1) + "/";
  }

  /** Tests whether Lanewise wrote a file with this metadata. */
  static boolean isOurs(Map<String, String> metadata) {
    return metadata.containsKey(FACTS);
  }

  /** Adds the facts from the metadata to networks of bare parameters. */
  static Model apply(List<Mlp> networks, Map<String, String> metadata, String file)
      throws IOException {
    byte[] npz;
    try {
      npz = Base64.getDecoder().decode(metadata.get(FACTS));
    } catch (IllegalArgumentException e) {
      throw new FormatException(file, "metadata lanewise that is not base 64, expected base 64", e);
    }
    String name = file + ": lanewise";
    try (SealedNpz facts = SealedNpz.open(new ByteArrayInputStream(npz), name, false)) {
      return ModelAccess.access().read(facts, networks);
    }
  }

  /** Returns the metadata of a model. */
  static Map<String, String> of(Model model) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt"); // for PyTorch
    List<String> activations =
        model.members().stream()
            .flatMap(member -> member.architecture().activations().stream())
            .map(Activation::label)
            .toList();
    metadata.put("activations", String.join(",", activations));
    metadata.put("loss", model.loss().label());
    String names = model.loss().task().hasNumbers() ? "[]" : Safetensors.list(model.classNames());
    metadata.put("classes", names);
    model.schema().ifPresent(s -> metadata.put("columns", Safetensors.list(s.columnNames())));
    model.schema().ifPresent(s -> metadata.put("targets", Safetensors.list(s.targets())));
    metadata.values().removeIf("[]"::equals);
    byte[] npz = ModelAccess.access().facts(model);
    metadata.put(FACTS, Base64.getEncoder().encodeToString(npz));
    return metadata;
  }
}
