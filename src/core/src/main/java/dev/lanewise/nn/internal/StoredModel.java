package dev.lanewise.nn.internal;

import dev.lanewise.nn.Mlp;
import java.util.List;
import java.util.Map;

/**
 * What a file of a model has.
 *
 * @param members the networks, at least one, each with the facts that are not about results
 * @param ofResults the facts about the average of the networks
 */
public record StoredModel(List<Mlp> members, Map<Fact<Object>, Object> ofResults) {
  /** {@return the only network, which carries all facts} */
  public Mlp network() {
    Mlp network = members.get(0);
    for (Map.Entry<Fact<Object>, Object> entry : ofResults.entrySet()) {
      network = ModelParts.access().with(network, entry.getKey(), entry.getValue());
    }
    return network;
  }
}
