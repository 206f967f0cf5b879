package dev.lanewise.spark;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Predictor;
import dev.lanewise.rows.Schema;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The column function of a model, which returns a struct for each row. */
final class RowFunction implements UDF1<Object, Row> {
  private static final long serialVersionUID = 1L;

  /** The state of a thread. */
  private static final class Workspace {
    final Predictor predictor;
    final double[] classNumbers;
    Inputs.Reader reader;
    StructType schema; // the reader's schema

    Workspace(Model model) {
      predictor = model.predictor(1);
      classNumbers = Outputs.classNumbers(model);
    }
  }

  private final Broadcast<SharedModel.Content> content;
  private final Outputs outputs;
  private final Unseen unseen;
  private final int fields;
  private transient ThreadLocal<Workspace> workspaces; // every task has its own function

  private RowFunction(Broadcast<SharedModel.Content> content, Outputs outputs, Unseen unseen) {
    this.unseen = unseen;
    this.content = content;
    this.outputs = outputs;
    this.fields = outputs.fields().size();
  }

  static UserDefinedFunction of(
      Broadcast<SharedModel.Content> content, Model model, Outputs outputs, Unseen unseen) {
    StructType type = new StructType(outputs.fields().toArray(new StructField[0]));
    return functions.udf(new RowFunction(content, outputs, unseen), type);
  }

  @Override
  public Row call(Object argument) {
    Model model = content.value().model();
    Workspace workspace = workspace(model);
    Object[] values = new Object[fields];
    try {
      double[][] raw = {raw(argument, model, workspace)};
      outputs.put(workspace.predictor.predict(raw), 0, workspace.classNumbers, values, 0);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw Cells.wrong(e, RowText.of(argument));
    }
    return RowFactory.create(values);
  }

  private Workspace workspace(Model model) {
    synchronized (this) {
      if (workspaces == null) {
        workspaces = new ThreadLocal<>();
      }
    }
    Workspace workspace = workspaces.get();
    if (workspace == null) {
      workspace = new Workspace(model);
      workspaces.set(workspace);
    }
    return workspace;
  }

  private double[] raw(Object argument, Model model, Workspace workspace) {
    if (!(argument instanceof Row row)) {
      return Cells.numbers(argument, "features", model.inputs());
    }
    if (workspace.schema != row.schema()) {
      Inputs inputs = Inputs.of(model, row.schema(), null, columns(model, row.schema()));
      workspace.reader = inputs.reader(model, unseen);
      workspace.schema = row.schema();
    }
    return workspace.reader.read(row);
  }

  /** Returns the fields of a struct in order, for a network without a schema. */
  private static String[] columns(Model model, StructType struct) {
    List<String> known = model.schema().map(Schema::columnNames).orElse(null);
    return known == null ? struct.fieldNames() : null;
  }
}
