/**
 * Exact, fast multilayer perceptrons in pure Java: networks, training, rows in memory, model files.
 */
@SuppressWarnings(
    "module") // the modules that some packages are exported to come later in the build
module dev.lanewise.core {
  requires dev.lanewise.engine;

  exports dev.lanewise.data;
  exports dev.lanewise.format;
  exports dev.lanewise.nn;
  exports dev.lanewise.train;

  // For the other modules of Lanewise alone.
  exports dev.lanewise.data.internal to
      dev.lanewise.cli,
      dev.lanewise.models,
      dev.lanewise.tables;
  exports dev.lanewise.format.internal to
      dev.lanewise.cli,
      dev.lanewise.models,
      dev.lanewise.tables;
  exports dev.lanewise.nn.internal to
      dev.lanewise.cli,
      dev.lanewise.models,
      dev.lanewise.tables;
  exports dev.lanewise.train.internal to
      dev.lanewise.cli,
      dev.lanewise.models,
      dev.lanewise.tables;

  uses dev.lanewise.nn.internal.FurtherInputsReader;
}
