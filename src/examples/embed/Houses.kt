import dev.lanewise.recipe.Recipe
import dev.lanewise.table.ReadOptions
import dev.lanewise.table.Table
import dev.lanewise.train.TrainingListener

@JvmRecord data class Sale(val size: Double, val kind: String, val sold: String)

@JvmRecord data class House(val size: Double, val kind: String)

fun main() {
    val sales = List(400) { i ->
        val (size, kind) = 20.0 + i % 97 to if (i % 2 == 0) "flat" else "house"
        Sale(size, kind, if (size > if (kind == "flat") 60 else 90) "slowly" else "soon")
    }
    val data = Table.of(sales).dataset(ReadOptions.defaults().withTarget("sold"))
    val progress = TrainingListener { e ->
        if (e.epoch() % 32 == 0) println("epoch ${e.epoch()} of ${e.epochs()}: validation ${e.validLoss()}")
        true // false stops the training
    }
    val model = Recipe.TABLE_FAST.fit(data, 2, progress).model()
    val houses = listOf(House(30.0, "flat"), House(110.0, "house"), House(75.0, "house"))
    val predictions = model.tablePredictor().predict(houses)
    houses.forEachIndexed { i, house -> println("$house: ${predictions.className(i)} ${predictions.byName(i)}") }
}
