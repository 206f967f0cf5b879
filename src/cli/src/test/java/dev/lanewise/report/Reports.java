package dev.lanewise.report;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Small reports for tests. */
final class Reports {
  private Reports() {}

  /** Returns rows of all classes in turn, with random features. */
  static Rows rows(int rows, int features, int classes, long seed) {
    int[] labels = new int[rows];
    Arrays.setAll(labels, i -> i % classes);
    return Rows.of(numbers(rows, features, seed), labels);
  }

  static float[][] numbers(int rows, int features, long seed) {
    Random random = new Random(seed);
    float[][] x = new float[rows][features];
    for (float[] row : x) {
      for (int i = 0; i < features; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return x;
  }

  static Mlp model(Loss loss, int inputs, List<Integer> hidden, int outputs) {
    return Mlp.initial(Architecture.relu(inputs, hidden, outputs), Initializer.HE, 1)
        .withLoss(loss);
  }

  /** Returns a network whose outputs are its inputs. */
  static Mlp identity(Loss loss, int size) {
    float[] parameters = new float[size * size + size];
    for (int i = 0; i < size; i++) {
      parameters[i * size + i] = 1;
    }
    return Mlp.of(Architecture.relu(size, List.of(), size), parameters).withLoss(loss);
  }

  /** Returns a report with an evaluation of the test rows. */
  static Report of(Model model, Rows train, Rows test) {
    return new Report("Rows", model)
        .data(Dataset.of(train, test, test))
        .evaluation("test", test, Evaluator.evaluate(model, test, 1));
  }

  static Page page(Report report) {
    Page page = Page.of(report.html());
    page.checkDirections();
    return page;
  }

  /** Returns a history with these validation losses. */
  static History history(double... validLoss) {
    return historyOfRates(0.1, 0.1, validLoss);
  }

  /** Returns a history with these validation losses and a learning rate between two values. */
  static History historyOfRates(double firstRate, double lastRate, double... validLoss) {
    List<EpochResult> results = new ArrayList<>();
    for (int i = 0; i < validLoss.length; i++) {
      double share = validLoss.length == 1 ? 0 : i / (validLoss.length - 1.0);
      double train = 1 / (1.0 + i);
      results.add(
          new EpochResult(
              i,
              validLoss.length,
              train,
              1 - train / 2,
              train,
              1 - train / 2,
              validLoss[i],
              1 - validLoss[i] / 4,
              0.5,
              100,
              firstRate + share * (lastRate - firstRate)));
    }
    return new History(results);
  }
}
