package dev.lanewise.data.internal;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.format.Message;
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
}
