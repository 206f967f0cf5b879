package dev.lanewise.nn.internal;

/** What changes about a model and may make a fact of it untrue: a fact, or one of these. */
public interface Change {
  /** Other parameters or activations, of which each gives other results. */
  Change NETWORK = new Change() {};

  /** Whatever gives other results: the network, or a fact that results depend on. */
  Change RESULTS = new Change() {};

  /** Training, after which the network has learned from other rows. */
  Change TRAINED = new Change() {};
}
