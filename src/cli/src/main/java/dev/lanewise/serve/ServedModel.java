package dev.lanewise.serve;

import dev.lanewise.model.Model;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.trust.Explainer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A model that a server answers with: everything that depends on the model alone. It never changes;
 * another file in its place becomes another object, so that each request has one model from its
 * rows to its answer.
 */
public final class ServedModel {
  /** The name of a model that is served without a name. */
  static final String UNNAMED = "model";

  private static final int BLOCK = 1 << 13;

  public final String name;
  public final boolean isNamed;
  final Outputs outputs;
  final AnswerJson json;
  final TensorModel tensors;
  public final ModelCard card;

  /** Explains predictions; null if the model keeps nothing to compare rows with. */
  final Explainer explainer;

  private final ReadOptions options;
  private final int mostResults;
  private final Queue<Scorer> idle = new ConcurrentLinkedQueue<>();

  /**
   * Prepares a model.
   *
   * @param name null if it is the only one and has no name
   * @param outputs the outputs of the model with its scaling
   * @param options options for reading tables
   * @param mostBytes maximum length of a body
   */
  public ServedModel(String name, Outputs outputs, ReadOptions options, int mostBytes) {
    this.name = name == null ? UNNAMED : name;
    isNamed = name != null;
    this.outputs = outputs;
    this.options = options;
    mostResults = Math.max(BLOCK, mostBytes / Float.BYTES);
    json = new AnswerJson(outputs);
    tensors = new TensorModel(this.name, outputs);
    explainer = explainer(outputs.model());
    card =
        new ModelCard(
            name, outputs.model(), mostBytes, mostResults / outputs.count(), explainer != null);
    idle.add(new Scorer(outputs, options, mostResults));
  }

  /**
   * Returns an explainer of the prediction; null if the model predicts several numbers, as none of
   * them comes first.
   */
  private static Explainer explainer(Model model) {
    if (model.loss().task().hasNumbers() && model.outputs() > 1) {
      return null;
    }
    Explainer explainer = Explainer.of(model);
    return explainer.isReady() ? explainer : null;
  }

  /** Returns a scorer that no other request uses; {@link #giveBack} ends that. */
  Scorer scorer() {
    Scorer scorer = idle.poll();
    return scorer != null ? scorer : new Scorer(outputs, options, mostResults);
  }

  void giveBack(Scorer scorer) {
    idle.add(scorer);
  }
}
