package dev.lanewise.data.internal;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.format.NdArray;
import dev.lanewise.nn.internal.Hook;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The inside of a {@link Dataset}. The splits agree in features and scaling.
 *
 * @param train the training rows
 * @param validation validation rows, or null
 * @param test test rows, or null
 * @param classes the number of classes or outputs
 * @param names one per class, or none
 * @param shape the shape of an input, or none
 * @param origin what is known of the rows
 */
public record DatasetState(
    Rows train,
    Rows validation,
    Rows test,
    int classes,
    List<String> names,
    int[] shape,
    DatasetOrigin origin) {
  public static final Hook<Dataset, DatasetState> HOOK = new Hook<>(Dataset.class);

  public DatasetState {
    NdArray.checkNames("class names", names);
    names = List.copyOf(names);
    shape = shape.clone();
  }

  /** {@return the inside of a data set} */
  public static DatasetState of(Dataset data) {
    return HOOK.of(data);
  }

  /** {@return a data set of these parts} */
  public Dataset dataset() {
    return HOOK.make(this);
  }

  /** {@return the splits that there are} */
  public List<Rows> splits() {
    return Stream.of(train, validation, test).filter(Objects::nonNull).toList();
  }

  /** {@return a data set with other splits, of which the last two may be null} */
  public Dataset with(Rows train, Rows validation, Rows test) {
    return new DatasetState(train, validation, test, classes, names, shape, origin).dataset();
  }

  /** {@return a data set with another origin} */
  public Dataset with(DatasetOrigin other) {
    return new DatasetState(train, validation, test, classes, names, shape, other).dataset();
  }

  /** {@return a data set whose splits are changed, with their classes} */
  public Dataset with(UnaryOperator<Rows> change, int classes, List<String> names) {
    Rows valid = validation == null ? null : change.apply(validation);
    Rows last = test == null ? null : change.apply(test);
    return new DatasetState(change.apply(train), valid, last, classes, names, shape, origin)
        .dataset();
  }
}
