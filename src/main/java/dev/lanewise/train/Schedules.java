package dev.lanewise.train;

/**
 * The kinds of {@link Schedule}, each with its formula, which stands at the factory of the kind.
 */
final class Schedules {
  private Schedules() {}

  record Constant() implements Schedule {
    @Override
    public Schedule.Rates begin(double eta) {
      return t -> eta;
    }

    @Override
    public String setting() {
      return "constant";
    }
  }

  record Step(int epochs, double factor) implements Schedule {
    Step {
      Ranges.atLeast(1, "epochs", epochs);
      checkFactor(factor);
    }

    @Override
    public Schedule.Rates begin(double eta) {
      return t -> eta * StrictMath.pow(factor, t / epochs);
    }

    @Override
    public String setting() {
      return TrainingOptions.setting("step", epochs, factor);
    }
  }

  record Exponential(double factor) implements Schedule {
    Exponential {
      checkFactor(factor);
    }

    @Override
    public Schedule.Rates begin(double eta) {
      return t -> eta * StrictMath.pow(factor, t);
    }

    @Override
    public String setting() {
      return TrainingOptions.setting("exponential", factor);
    }
  }

  record Inverse(double decay) implements Schedule {
    Inverse {
      Ranges.notNegative("decay", decay);
    }

    @Override
    public Schedule.Rates begin(double eta) {
      return t -> eta / (1 + decay * t);
    }

    @Override
    public String setting() {
      return TrainingOptions.setting("inverse", decay);
    }
  }

  record Cosine(int epochs, double minimum) implements Schedule {
    Cosine {
      Ranges.atLeast(1, "epochs", epochs);
      Ranges.notNegative("minimum", minimum);
    }

    @Override
    public Schedule.Rates begin(double eta) {
      return t -> minimum + (eta - minimum) * (1 + StrictMath.cos(Math.PI * t / epochs)) / 2;
    }

    @Override
    public String setting() {
      return TrainingOptions.setting("cosine", epochs, minimum);
    }
  }

  record Plateau(int epochs, double factor, double minimum) implements Schedule {
    private static final double THRESHOLD = 1e-4;
    private static final double SMALLEST_CHANGE = 1e-8;

    Plateau {
      Ranges.atLeast(0, "epochs", epochs);
      Ranges.require(factor > 0 && factor < 1, "factor", factor, "a number above 0 and below 1");
      Ranges.notNegative("minimum", minimum);
    }

    @Override
    public Schedule.Rates begin(double eta) {
      return new Schedule.Rates() {
        private double rate = eta;
        private double best = Double.POSITIVE_INFINITY;
        private int withoutImprovement;

        @Override
        public double rate(int epoch) {
          return rate;
        }

        @Override
        public void observe(int epoch, double validLoss) {
          if (validLoss < best * (1 - THRESHOLD)) {
            best = validLoss;
            withoutImprovement = 0;
          } else if (++withoutImprovement > epochs) {
            withoutImprovement = 0;
            double next = Math.max(minimum, factor * rate);
            rate = rate - next > SMALLEST_CHANGE ? next : rate;
          }
        }
      };
    }

    @Override
    public boolean needsValidation() {
      return true;
    }

    @Override
    public String setting() {
      return TrainingOptions.setting("plateau", epochs, factor, minimum);
    }
  }

  record Warmup(int epochs, Schedule then) implements Schedule {
    Warmup {
      Ranges.atLeast(0, "warm-up epochs", epochs);
    }

    @Override
    public Schedule.Rates begin(double eta) {
      Schedule.Rates rates = then.begin(eta);
      return new Schedule.Rates() {
        @Override
        public double rate(int epoch) {
          return epoch < epochs ? eta * (epoch + 1.0) / (epochs + 1.0) : rates.rate(epoch - epochs);
        }

        @Override
        public void observe(int epoch, double validLoss) {
          if (epoch >= epochs) {
            rates.observe(epoch - epochs, validLoss);
          }
        }
      };
    }

    @Override
    public boolean needsValidation() {
      return then.needsValidation();
    }

    @Override
    public String setting() {
      return TrainingOptions.setting("warmup", epochs) + " " + then.setting();
    }
  }

  private static void checkFactor(double factor) {
    Ranges.require(factor > 0 && factor <= 1, "factor", factor, "a number above 0 and at most 1");
  }
}
