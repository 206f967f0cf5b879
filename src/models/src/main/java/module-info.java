/**
 * What a model may be and tell beyond one network: several networks that are averaged, how the rows
 * of a table become inputs, calibration, decisions, and all measures of predictions.
 */
@SuppressWarnings(
    "module") // the modules that some packages are exported to come later in the build
module dev.lanewise.models {
  requires dev.lanewise.engine;
  requires transitive dev.lanewise.core;

  exports dev.lanewise.metrics;
  exports dev.lanewise.model;
  exports dev.lanewise.rows;

  // For the other modules of Lanewise alone.
  exports dev.lanewise.metrics.internal to
      dev.lanewise.cli,
      dev.lanewise.tables;
  exports dev.lanewise.model.internal to
      dev.lanewise.cli,
      dev.lanewise.tables;
  exports dev.lanewise.rows.internal to
      dev.lanewise.cli,
      dev.lanewise.tables;

  uses dev.lanewise.model.internal.ForeignArrays;
  uses dev.lanewise.model.internal.ModelFormat;

  provides dev.lanewise.nn.internal.FurtherInputsReader with
      dev.lanewise.model.internal.BinsReader;
}
