package dev.lanewise.spark;

import dev.lanewise.model.Model;
import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a task says of its training.
 *
 * @param rows number of rows that it got
 * @param sha256 the digest of the weights; null without a model
 * @param model the bytes of the model file; null without a model
 * @param error the reason why there is no model, or null; also null if other tasks are to train it
 * @param notes the messages about the rows, one per line, or null
 * @param networks number of networks of the model; 0 after an error
 */
record Answer(long rows, String sha256, byte[] model, String error, String notes, int networks)
    implements Serializable {
  /**
   * Encodes collected rows, and does something with their networks. The same rows would fail again:
   * an exception would make Spark try, a value does not.
   *
   * @param work returns the trained model, or nothing
   */
  static Answer of(Gathered gathered, Function<Networks, Optional<Model>> work) {
    try {
      Networks networks = gathered.lesson().networks();
      Optional<Model> model = work.apply(networks);
      return new Answer(
          gathered.rows(),
          model.map(Model::sha256).orElse(null),
          model.map(SharedModel::bytes).orElse(null),
          null,
          networks.notes(),
          networks.count());
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      return failed(gathered.rows(), Advice.of(e));
    } catch (OutOfMemoryError e) {
      return failed(gathered.rows(), gathered.outOfMemory());
    }
  }

  static Answer failed(long rows, String error) {
    return new Answer(rows, null, null, error, null, 0);
  }
}
