/** Of use on the module path only; without it the programs run on the class path. */
module app {
  requires dev.lanewise.core;
  requires static dev.lanewise.tables; // for TableApp alone
}
