/** Describes the programs for the module path. */
module app {
  requires dev.lanewise.core;
  requires static dev.lanewise.models; // for ByName and TableApp only
  requires static dev.lanewise.tables; // for TableApp only
}
