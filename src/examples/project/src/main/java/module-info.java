/** Needed on the module path only. */
module app {
  requires dev.lanewise.core;
  requires static dev.lanewise.tables; // for TableApp only
}
