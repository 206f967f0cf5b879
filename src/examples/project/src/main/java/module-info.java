/** Describes the program for the module path. */
module app {
  requires dev.lanewise.core;
  requires static dev.lanewise.tables; // for TableApp only
}
