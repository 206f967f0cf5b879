package dev.lanewise.data;

import dev.lanewise.data.internal.DataParts;
import dev.lanewise.data.internal.Labels;
import dev.lanewise.data.internal.Origin;
import dev.lanewise.data.internal.RowSource;
import dev.lanewise.data.internal.SelectedRows;
import dev.lanewise.format.internal.Message;
import dev.lanewise.nn.Predictive;
import dev.lanewise.nn.Scaling;
import java.util.Arrays;
import java.util.List;

/** Gives loaders access to members that are hidden from users. */
final class Parts extends DataParts {
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
    return new Dataset(train, validation, test, classes, names, shape);
  }

  @Override
  public Dataset withOrigin(Dataset data, Origin origin) {
    return data.withOrigin(origin);
  }

  @Override
  public Origin origin(Dataset data) {
    return data.origin();
  }

  @Override
  public Dataset measured(Dataset data, List<String> known, int outputs, String where) {
    return RowsForModel.measured(data, known, outputs, where);
  }

  @Override
  public Message unknownClasses(String where, int unknown, int rows, String example) {
    return RowsForModel.note(where, unknown, rows, example);
  }

  @Override
  public Split agreed(Predictive model, Split rows) {
    return RowsForModel.of(model, rows);
  }

  @Override
  public Dataset agreed(Predictive network, Dataset data) {
    return RowsForModel.of(network, data);
  }

  @Override
  public Dataset resumed(Predictive network, Dataset data) {
    return RowsForModel.ofResumed(network, data);
  }

  @Override
  public Split measured(Predictive model, Split rows) {
    return RowsForModel.measured(model, rows);
  }

  @Override
  public Dataset measured(Predictive model, Dataset data) {
    return RowsForModel.measured(model, data);
  }

  @Override
  public Dataset measured(Predictive model, Dataset data, String where) {
    return RowsForModel.measured(model, data, where);
  }
}
