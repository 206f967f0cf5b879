package dev.lanewise.model.internal;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Scaling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a fact of a model says of itself.
 *
 * @param lines for people; empty if it says nothing
 * @param member the name of its member in JSON; null for none
 * @param value the value of that member
 */
public record Said(String lines, String member, Object value) {
  /** {@return what the facts of a model say} */
  public static List<Said> of(Model model) {
    String scaling = model.scaling().map(Scaling::name).orElse("not stored");
    String targets = model.targetScaling().name();
    boolean areScaled = !(model.targetScaling() instanceof Scaling.None);
    String undone = "Weights of the classes in the training, which probabilities undo: ";
    String average = "Weights of the networks in the average: ";
    List<Integer> weights = Arrays.stream(model.memberWeights()).boxed().toList();
    String loss = model.loss().label();
    List<String> names = model.classNames();
    String all = names.isEmpty() ? "0 to " + (model.outputs() - 1) : String.join(", ", names);
    String outputs = model.loss().task().hasClasses() ? "Classes " : "Loss " + loss + "\nOutputs ";
    String notes = String.join(", ", model.training()).replace('=', ' ');
    List<Said> said = new ArrayList<>();
    if (model.schema().isPresent()) {
      model.division().ifPresent(d -> said.add(new Said("Rows divided by " + d, null, null)));
    }
    said.add(new Said("", "input_shape", Arrays.stream(model.inputShape()).boxed().toList()));
    said.add(new Said("Scaling " + scaling, "scaling", scaling));
    said.add(new Said(areScaled ? "Scaling of targets " + targets : "", "target_scaling", targets));
    model.weighting().ifPresent(w -> said.add(new Said(undone + w, "class_weights", w + "")));
    if (weights.stream().distinct().count() > 1) {
      said.add(new Said(average + weights, "member_weights", weights));
    }
    said.add(of("Calibration: ", "calibration", model.calibration()));
    said.add(of("Decision: ", "decision", model.rule()));
    said.add(of("Coverage: ", "coverage", model.coverage()));
    said.add(new Said(outputs + all, "class_names", names));
    said.add(new Said(notes.isEmpty() ? "" : "Trained with " + notes, "loss", loss));
    return said;
  }

  private static Said of(String title, String member, Optional<?> value) {
    String text = value.map(Object::toString).orElse(null);
    return new Said(text == null ? "" : title + text, member, text);
  }
}
