/** Of use on the module path only; without it the program runs on the class path. */
module app {
  requires dev.lanewise;
}
