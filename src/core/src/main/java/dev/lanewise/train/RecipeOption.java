package dev.lanewise.train;

import dev.lanewise.nn.Initializer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An option of a {@link Recipe}.
 *
 * @param course its value in the course
 * @param explanation what it does
 * @param selector the option that decides whether this one is of use; empty if it always is
 * @param users the values of the selector with which it is of use
 * @param choices the words that it takes; none if it takes any number or text
 */
record RecipeOption(
    String course, String explanation, String selector, List<String> users, List<String> choices) {

  static final String OPTIMIZER = "optimizer";
  static final String SCHEDULE = "schedule";

  /** All options by name, in an order in which they can be set. */
  static final Map<String, RecipeOption> ALL = all();

  private static Map<String, RecipeOption> all() {
    Map<String, RecipeOption> all = new LinkedHashMap<>();
    all.put("hidden", of("16,80", "sizes of the hidden layers, with commas between them, or none"));
    all.put("activation", of("relu", "activation of all hidden layers, or one for each"));
    all.put(
        "init",
        of(
            "course",
            "distribution of the initial weights",
            String.join(" ", Initializer.labels())));
    all.put("seed", of("0", "seed of initial weights, shuffles, dropout and division of rows"));
    all.put("epochs", of("1000", "passes over the training rows"));
    all.put("batchSize", of("100", "rows of a mini-batch, or -1 for all rows"));
    all.put(
        "dropShortBatch",
        of("false", "whether to leave out the last mini-batch if it is shorter", "false true"));
    all.put(
        OPTIMIZER,
        of(
            "sgd",
            "rule that turns a gradient into a change of the weights",
            "sgd momentum nesterov rmsprop adam adamw"));
    String adam = "adam adamw";
    all.put(
        "momentum",
        of("0.9", "share of the velocity that a step keeps", OPTIMIZER, "momentum nesterov"));
    all.put(
        "beta1", of("0.9", "share of the mean of gradients that a step keeps", OPTIMIZER, adam));
    String squares = "rmsprop " + adam;
    all.put(
        "beta2",
        of(
            "0.999",
            "share of the mean of squared gradients that a step keeps",
            OPTIMIZER,
            squares));
    all.put(
        "epsilon",
        of("1e-8", "number that keeps the divisor of a step away from 0", OPTIMIZER, squares));
    all.put("weightDecay", of("0", "L2 penalty of weights; with adamw a decoupled decay"));
    all.put("learningRate", of("0.01", "step size, whatever the optimizer"));
    all.put(
        SCHEDULE,
        of(
            "constant",
            "change of the learning rate from epoch to epoch",
            "constant step exponential inverse cosine cosine-log plateau"));
    all.put(
        "scheduleEpochs",
        of("100", "epochs of the schedule", SCHEDULE, "step cosine cosine-log plateau"));
    all.put(
        "scheduleFactor",
        of("0.1", "factor of the learning rate", SCHEDULE, "step exponential plateau"));
    all.put("scheduleDecay", of("0.01", "decay of the learning rate", SCHEDULE, "inverse"));
    all.put("scheduleMinimum", of("0", "smallest learning rate", SCHEDULE, "cosine plateau"));
    all.put(
        "warmup", of("0", "epochs in which the learning rate grows before the schedule begins"));
    all.put("biasRate", of("1", "factor of the learning rate of biases"));
    all.put("inputRate", of("0", "factor of the learning rate of input factors; 0 for no factors"));
    all.put(
        "ratesByInputs",
        of("false", "whether a layer's rate is divided by the root of its inputs", "true false"));
    all.put("dropout", of("0", "probability that training drops an output of a hidden layer"));
    all.put("labelSmoothing", of("0", "share of a target that is spread evenly over all classes"));
    all.put("clipNorm", of("0", "largest norm of the gradients of a step; 0 for no limit"));
    all.put("patience", of("0", "epochs without improvement that end a training; 0 for no end"));
    all.put(
        "best",
        of(
            "none",
            "measure by which the best epoch on validation rows is kept",
            "none loss last-loss error last-error"));
    return Collections.unmodifiableMap(all);
  }

  private static RecipeOption of(String course, String explanation) {
    return new RecipeOption(course, explanation, "", List.of(), List.of());
  }

  private static RecipeOption of(String course, String explanation, String choices) {
    return new RecipeOption(course, explanation, "", List.of(), List.of(choices.split(" ")));
  }

  private static RecipeOption of(String course, String explanation, String selector, String users) {
    return new RecipeOption(course, explanation, selector, List.of(users.split(" ")), List.of());
  }
}
