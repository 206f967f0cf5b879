package dev.lanewise.train.internal;

import dev.lanewise.format.internal.Message;
import dev.lanewise.train.TrainingListener;

/** A listener that words the remedies of warnings in its own way. */
public interface WarningListener extends TrainingListener {
  /** Called in place of {@link TrainingListener#onWarning(String)}. */
  void onWarning(Message warning);
}
