import dev.lanewise.nn.Predictions
import dev.lanewise.recipe.Recipe
import dev.lanewise.table.{ReadOptions, Table}
import scala.jdk.CollectionConverters.*

def columns(values: (String, Any)*): java.util.Map[String, Any] = values.toMap.asJava

@main def houses(): Unit =
  val sales = for i <- 0 until 400 yield
    val (size, kind) = (20.0 + i % 97, if i % 2 == 0 then "flat" else "house")
    columns("size" -> size, "kind" -> kind, "price" -> (1000 * size + (if kind == "flat" then 5000 else 0)))
  val data = Table.of(sales.asJava).dataset(ReadOptions.defaults().withTarget("price"))
  val progress: dev.lanewise.train.TrainingListener = e =>
    if e.epoch % 32 == 0 then println(s"epoch ${e.epoch} of ${e.epochs}: validation ${e.validLoss}")
    true // false stops the training
  val model = Recipe.TABLE_FAST.fit(data, 2, progress).model
  val rows = List(columns("size" -> 30, "kind" -> "flat"), columns("size" -> 110, "kind" -> "house"))
  val predictions: Predictions = model.tablePredictor.predict(rows.asJava)
  for i <- rows.indices do println(s"${rows(i)}: ${predictions.byName(i).get("price").longValue}")
