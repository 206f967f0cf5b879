package dev.lanewise.model.internal;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Scaling;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a fact of a model says of itself.
 *
 * @param lines for people, which may hold characters that cannot be printed
 * @param member the name of its member in JSON; null for none
 * @param value the value of that member
 */
public record MetadataText(List<String> lines, String member, Object value) {
  /** {@return what the facts of a model say} */
  public static List<MetadataText> of(Model model) {
    String scaling = model.scaling().map(Scaling::name).orElse("not stored");
    String targets = model.targetScaling().name();
    boolean areScaled = !model.targetScaling().isNone();
    List<Integer> weights = Arrays.stream(model.memberWeights()).boxed().toList();
    boolean areEqual = weights.stream().distinct().count() <= 1;
    String loss = model.loss().label();
    List<String> names = model.classNames();
    String all = names.isEmpty() ? "0 to " + (model.outputs() - 1) : String.join(", ", names);
    boolean hasClasses = model.loss().task().hasClasses();
    String notes = String.join(", ", model.training()).replace('=', ' ');
    return List.of(
        of("Rows divided by ", null, model.schema().flatMap(s -> model.division())),
        new MetadataText(
            List.of(), "input_shape", Arrays.stream(model.inputShape()).boxed().toList()),
        of("Scaling ", "scaling", Optional.of(scaling)),
        new MetadataText(
            line(areScaled, "Scaling of targets " + targets), "target_scaling", targets),
        of(
            "Weights of the classes in the training, which probabilities undo: ",
            model.weighting().isPresent() ? "class_weights" : null,
            model.weighting()),
        new MetadataText(
            line(!areEqual, "Weights of the networks in the average: " + weights),
            areEqual ? null : "member_weights",
            weights),
        of("Calibration: ", "calibration", model.calibration()),
        of("Decision: ", "decision", model.rule()),
        of("Coverage: ", "coverage", model.coverage()),
        new MetadataText(line(!hasClasses, "Loss " + loss), null, null),
        new MetadataText(
            List.of((hasClasses ? "Classes " : "Outputs ") + all), "class_names", names),
        new MetadataText(line(!notes.isEmpty(), "Trained with " + notes), "loss", loss));
  }

  private static MetadataText of(String title, String member, Optional<?> value) {
    String text = value.map(Object::toString).orElse(null);
    return new MetadataText(line(text != null, title + text), member, text);
  }

  private static List<String> line(boolean isSaid, String line) {
    return isSaid ? List.of(line) : List.of();
  }
}
