package dev.lanewise.cli;

import dev.lanewise.table.ReadOptions;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A model that a server answers with: everything that depends on the model alone. It never changes;
 * another file in its place becomes another object, so that each request has one model from its
 * rows to its answer.
 */
final class ServedModel {
  private static final int BLOCK = 1 << 13;

  final String name;
  final Outputs outputs;
  final AnswerJson json;
  final ModelCard card;
  private final ReadOptions options;
  private final int mostResults;
  private final Queue<Scorer> idle = new ConcurrentLinkedQueue<>();

  /**
   * Prepares a model.
   *
   * @param outputs of the model with its scaling
   * @param options options for reading tables
   * @param mostBytes maximum length of a body
   */
  ServedModel(String name, Outputs outputs, ReadOptions options, int mostBytes) {
    this.name = name;
    this.outputs = outputs;
    this.options = options;
    mostResults = Math.max(BLOCK, mostBytes / Float.BYTES);
    json = new AnswerJson(outputs);
    card = new ModelCard(outputs.model(), mostBytes, mostResults / outputs.count());
    idle.add(new Scorer(outputs, options, mostResults));
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
