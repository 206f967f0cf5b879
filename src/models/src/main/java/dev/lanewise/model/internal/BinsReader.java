package dev.lanewise.model.internal;

import dev.lanewise.format.internal.Fields;
import dev.lanewise.nn.internal.FurtherInputs;
import dev.lanewise.nn.internal.FurtherInputsReader;
import java.io.IOException;

/** Reads bins, which the core knows as further inputs. */
public final class BinsReader implements FurtherInputsReader {
  /** Makes the service. */
  public BinsReader() {}

  @Override
  public FurtherInputs read(Fields file) throws IOException {
    return ModelAccess.access().bins(file);
  }
}
