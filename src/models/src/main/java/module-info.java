/** What a model may be and tell beyond one network: all measures of its predictions. */
module dev.lanewise.models {
  requires transitive dev.lanewise.core;

  exports dev.lanewise.metrics;
}
