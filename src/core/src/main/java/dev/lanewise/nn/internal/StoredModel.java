package dev.lanewise.nn.internal;

import dev.lanewise.nn.Mlp;
import java.util.List;

/**
 * What a file of a model has.
 *
 * @param members the networks, at least one, each without the facts about results
 * @param facts those of the model, with all arrays that are no facts of a network
 */
public record StoredModel(List<Mlp> members, NetworkMetadata facts) {
  /** {@return the only network, which carries all facts} */
  public Mlp network() {
    return MlpState.of(members.get(0)).with(facts).mlp();
  }
}
