package dev.lanewise.model.internal;

import dev.lanewise.nn.internal.OtherModels;

/** Gives the core the files of models that it cannot read itself. */
public final class NetworkService implements OtherModels {
  /** For the service loader. */
  public NetworkService() {}

  @Override
  public Files files() {
    return ModelAccess.access().otherFiles();
  }
}
