package dev.lanewise.data.internal;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.format.internal.Message;
import dev.lanewise.nn.Predictive;
import dev.lanewise.nn.Scaling;
import java.util.List;

/**
 * Gives loaders access to the parts of data sets and splits that are hidden from users. The class
 * {@link Dataset} installs the only instance when it is loaded.
 */
public abstract class DataParts {
  private static DataParts installed;

  /** For the class {@link Dataset} alone. */
  protected DataParts() {}

  public static void install(DataParts parts) {
    installed = parts;
  }

  public static DataParts access() {
    if (installed == null) {
      try {
        Class.forName(Dataset.class.getName(), true, Dataset.class.getClassLoader());
      } catch (ClassNotFoundException e) {
        throw new AssertionError(e);
      }
    }
    return installed;
  }

  /** Makes a split of all rows of a source, which scales them. */
  public abstract Split split(RowSource source, Labels labels, Scaling scaling);

  /** Returns some rows of a split, by their numbers in it. */
  public abstract Split selected(Split split, int[] rows);

  /** Returns data with other splits; those for validation and test may be null. */
  public abstract Dataset with(Dataset data, Split train, Split validation, Split test);

  /** Returns a source with the rows of a split. */
  public abstract RowSource rows(Split split);

  /**
   * Makes a data set of splits that agree in features and scaling.
   *
   * @param validation validation rows, or null
   * @param test test rows, or null
   * @param classes the number of classes or outputs
   * @param names one per class, or none
   * @param shape the shape of an input, or none
   */
  public abstract Dataset dataset(
      Split train, Split validation, Split test, int classes, List<String> names, int[] shape);

  public abstract Dataset withOrigin(Dataset data, Origin origin);

  public abstract Origin origin(Dataset data);

  /** Returns the data with labels for the evaluation of a model with these classes. */
  public abstract Dataset measured(Dataset data, List<String> known, int outputs, String where);

  /** Returns the note about rows with classes that a model does not have. */
  public abstract Message unknownClasses(String where, int unknown, int rows, String example);

  /**
   * Prepares rows for a model.
   *
   * @param model the model
   * @param rows unscaled, or scaled as the model expects
   * @return scaled rows with the model's class numbers
   * @throws IllegalArgumentException if the number of features or the scaling differs from the
   *     model's, the model has no class for a label, its loss does not accept the targets, or no
   *     weight is above 0
   */
  public abstract Split agreed(Predictive model, Split rows);

  /**
   * Prepares a data set for training a network. If the network has no target scaling, the target
   * scaling of the data is kept.
   *
   * @param network the network
   * @param data unscaled, or scaled as the network expects
   * @return the scaled data with the network's class numbers
   * @throws IllegalArgumentException as {@link #agreed(Predictive, Split)}, for training or
   *     validation rows
   */
  public abstract Dataset agreed(Predictive network, Dataset data);

  /**
   * Prepares a data set for resuming a training. Another scaling is not refused here: it means that
   * the data differs from the data of the training, which the later comparison of the two reports
   * better.
   *
   * @param network the network
   * @param data unscaled, or scaled in any way
   * @return the scaled data with the network's class numbers
   * @throws IllegalArgumentException as {@link #agreed(Predictive, Dataset)}, except for another
   *     scaling
   */
  public abstract Dataset resumed(Predictive network, Dataset data);

  /**
   * Prepares rows for the evaluation of a model. Rows may have classes that the model does not
   * have; every prediction for them counts as wrong.
   *
   * @param model the model
   * @param rows unscaled, or scaled as the model expects
   * @return as {@link #agreed(Predictive, Split)}, except that a class unknown to the model has a
   *     label of at least the model's number of outputs
   * @throws IllegalArgumentException as {@link #agreed(Predictive, Split)}, but for unknown classes
   *     only if no row has a class of the model
   */
  public abstract Split measured(Predictive model, Split rows);

  /**
   * Prepares a data set for the evaluation of a model: like {@link #agreed(Predictive, Dataset)},
   * but rows may have classes that the model does not have, as in {@link #measured(Predictive,
   * Split)}.
   *
   * @param model the model
   * @param data unscaled, or scaled as the model expects
   * @return the scaled data with the model's class numbers
   * @throws IllegalArgumentException as {@link #measured(Predictive, Split)}, for training or
   *     validation rows
   */
  public abstract Dataset measured(Predictive model, Dataset data);

  /**
   * Prepares the classes of a data set for the evaluation of a model. Rows with a class that the
   * model does not have keep a label of at least the model's number of outputs, and a note gives
   * their number.
   *
   * @param model the model
   * @param data with any classes, by name or number
   * @param where the name of the rows in the note
   * @return the data with the model's class numbers
   * @throws IllegalArgumentException if no row has a class of the model
   */
  public abstract Dataset measured(Predictive model, Dataset data, String where);
}
