/**
 * Where data and models come from: CSV, databases, records and files larger than memory, and the
 * exchange of models with ONNX, safetensors and scikit-learn.
 */
@SuppressWarnings(
    "module") // the module that some packages are exported to comes later in the build
module dev.lanewise.tables {
  requires dev.lanewise.engine;
  requires transitive dev.lanewise.core;
  requires transitive dev.lanewise.models;
  requires static java.xml;
  requires static transitive java.sql;

  exports dev.lanewise.export;
  exports dev.lanewise.recipe;
  exports dev.lanewise.selection;
  exports dev.lanewise.table;
  exports dev.lanewise.trust;

  // For the commands alone.
  exports dev.lanewise.exchange to
      dev.lanewise.cli;
  exports dev.lanewise.selection.internal to
      dev.lanewise.cli;
  exports dev.lanewise.source to
      dev.lanewise.cli;
  exports dev.lanewise.trust.internal to
      dev.lanewise.cli;

  provides dev.lanewise.model.internal.ForeignArrays with
      dev.lanewise.exchange.ForeignModelReader;
  provides dev.lanewise.model.internal.ModelFormat with
      dev.lanewise.exchange.OnnxFormat,
      dev.lanewise.exchange.SafetensorsFormat;
}
