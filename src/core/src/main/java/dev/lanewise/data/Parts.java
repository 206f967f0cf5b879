package dev.lanewise.data;

import dev.lanewise.data.internal.Labels;
import dev.lanewise.data.internal.Origin;
import dev.lanewise.data.internal.RowSource;
import dev.lanewise.data.internal.SelectedRows;
import dev.lanewise.nn.Scaling;
import java.util.Arrays;
import java.util.List;

/** Gives loaders access to members that are hidden from users. */
final class Parts extends RowsForModel {
  @Override
  public Split split(RowSource source, Labels labels, Scaling scaling) {
    return new Split(source, labels, scaling);
  }

  @Override
  public Split selected(Split split, int[] rows) {
    int[] numbers = Arrays.stream(rows).map(row -> split.first + row).toArray();
    return new Split(
        new SelectedRows(split.source, numbers),
        split.targets.select(numbers),
        0,
        rows.length,
        split.scaling(),
        split.targetScaling());
  }

  @Override
  public Dataset with(Dataset data, Split train, Split validation, Split test) {
    return data.with(train, validation, test);
  }

  @Override
  public RowSource rows(Split split) {
    return split.selected();
  }

  @Override
  public Dataset dataset(
      Split train, Split validation, Split test, int classes, List<String> names, int[] shape) {
    return new Dataset(train, validation, test, classes, names, shape, Origin.UNKNOWN);
  }

  @Override
  public Dataset withOrigin(Dataset data, Origin origin) {
    return data.withOrigin(origin);
  }

  @Override
  public Origin origin(Dataset data) {
    return data.origin();
  }
}
