package dev.lanewise.recipe;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.nn.Initializer;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
  static final String ADAM_W = "adamw";
  static final String SCHEDULE = "schedule";

  /** Stands for all values of a selector that is a number above 0. */
  static final String ABOVE_0 = "above 0";

  /** A line per option: name, value in the course, explanation, choices, selector and users. */
  private static final String TABLE =
      """
      hidden|16,80|sizes of the hidden layers, with commas between them, or none
      activation|relu|activation of all hidden layers, or one for each
      init|course|distribution of the initial weights|%s
      seed|0|seed of initial weights, shuffles, dropout and division of rows
      members|1|networks whose predictions are averaged
      binnedMembers|0|how many of these, the last ones, see bins and have dropout that decays
      bins|0|bins of each numeric feature that are further inputs; 0 for none
      epochs|1000|passes over the training rows; auto: by the rows
      batchSize|100|rows of a mini-batch, or -1 for all rows
      dropShortBatch|false|whether to leave out the last mini-batch if it is shorter|false true
      optimizer|sgd|rule that turns a gradient into a change of the weights|\
      sgd momentum nesterov rmsprop adam adamw
      momentum|0.9|share of the velocity that a step keeps||optimizer|momentum nesterov
      beta1|0.9|share of the mean of gradients that a step keeps||optimizer|adam adamw
      beta2|0.999|share of the mean of squared gradients that a step keeps|\
      |optimizer|rmsprop adam adamw
      epsilon|1e-8|number that keeps the divisor of a step away from 0||optimizer|rmsprop adam adamw
      weightDecay|0|L2 penalty of weights; with adamw a decoupled decay
      learningRate|0.01|step size, whatever the optimizer
      schedule|constant|change of the learning rate from epoch to epoch|\
      constant step exponential inverse cosine cosine-log plateau
      scheduleEpochs|100|epochs of the schedule||schedule|step cosine cosine-log plateau
      scheduleFactor|0.1|factor of the learning rate||schedule|step exponential plateau
      scheduleDecay|0.01|decay of the learning rate||schedule|inverse
      scheduleMinimum|0|smallest learning rate||schedule|cosine plateau
      warmup|0|epochs in which the learning rate grows before the schedule begins
      biasRate|1|factor of the learning rate of biases
      inputRate|0|factor of the learning rate of input factors; 0 for no factors
      ratesByInputs|false|whether a layer's rate is divided by the root of its inputs|true false
      dropout|0|probability that training drops an output of a hidden layer
      dropoutSchedule|constant|change of that probability over the epochs|\
      constant flat-cosine|dropout|above_0
      dropoutEpochs|1000|epochs of the schedule of dropout||dropoutSchedule|flat-cosine
      labelSmoothing|0|share of a target that is spread evenly over all classes; auto: by the classes
      clipNorm|0|largest norm of the gradients of a step; 0 for no limit
      patience|0|epochs without improvement that end a training; 0 for no end; auto: by the rows
      best|none|measure by which the best epoch on validation rows is kept; auto: by the classes|\
      none loss last-loss error last-error auc last-auc balanced last-balanced f1 last-f1 mae last-mae auto
      """;

  /** All options by name, in an order in which they can be set. */
  static final Map<String, RecipeOption> ALL = all();

  private static Map<String, RecipeOption> all() {
    Map<String, RecipeOption> all = new LinkedHashMap<>();
    String table = TABLE.formatted(String.join(" ", Initializer.labels()));
    for (String line : table.split("\n")) {
      String[] part = Arrays.copyOf(line.split("\\|"), 6);
      String selector = part[4] == null ? "" : part[4];
      all.put(
          part[0], new RecipeOption(part[1], part[2], selector, words(part[5]), words(part[3])));
    }
    return Collections.unmodifiableMap(all);
  }

  /** Returns an option by its name, or throws if there is none. */
  static RecipeOption known(String name) {
    RecipeOption option = ALL.get(Objects.requireNonNull(name, "option"));
    if (option == null) {
      throw ArgumentException.of("recipe option", name, "one of " + ALL.keySet());
    }
    return option;
  }

  /** Refuses a value that is out of its range. */
  static void require(boolean isInRange, String name, Object value, String expected) {
    if (!isInRange) {
      throw ArgumentException.of(name, value, expected);
    }
  }

  private static List<String> words(String text) {
    return text == null || text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(" ")).map(word -> word.replace('_', ' ')).toList();
  }
}
