package dev.lanewise.cli.training;

import dev.lanewise.cli.results.RunCoverage;
import dev.lanewise.model.Model;
import dev.lanewise.trust.Familiarity;
import dev.lanewise.trust.Profile;
import java.io.IOException;

/** What a trained model keeps of the rows that it was trained on. */
public final class KeptFacts {
  static final String FAMILIAR = "familiar";

  private KeptFacts() {}

  /** Returns a model that was trained again with all that the file of its run has. */
  public static Model repeated(Model model, Training training) throws IOException {
    return kept(model, training).withCoverage(RunCoverage.of(model, training.arguments));
  }

  /** Returns a trained model with what it keeps of its rows, but for its coverage. */
  static Model kept(Model model, Training training) {
    Model profiled = Profile.keep(model, training.data());
    boolean isFamiliar = training.given().contains(FAMILIAR + "=");
    return isFamiliar ? Familiarity.keep(profiled, training.data()) : profiled;
  }
}
