/** The commands of Lanewise, its reports and its server. */
module dev.lanewise.cli {
  requires dev.lanewise.engine;
  requires transitive dev.lanewise.core;
  requires transitive dev.lanewise.models;
  requires transitive dev.lanewise.tables;

  exports dev.lanewise.report;
}
