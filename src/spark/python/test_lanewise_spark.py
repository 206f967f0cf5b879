"""Tests the package with PySpark, in a session with the jar: python3 -m unittest discover src/spark/python

Before, SPARK_HOME must name a Spark, and PYSPARK_SUBMIT_ARGS="--jars JAR pyspark-shell" the jar.
"""

import os
import tempfile
import unittest

from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.evaluation import MulticlassClassificationEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.sql import SparkSession

from lanewise_spark import LanewiseClassifier, LanewiseModel, LanewiseRegressor

PEOPLE = """
    SELECT id, 20 + id % 43 AS age, IF(id % 5 = 0, NULL, IF(id % 2 = 0, 'Ulm', 'Bonn')) AS town,
      IF(id % 43 > 20, 'yes', 'no') AS paid, CAST(id % 43 > 20 AS DOUBLE) AS label FROM range(200)"""
QUICK = {"preset": "course", "epochs": 3}


class LanewiseSparkTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.spark = SparkSession.builder.master("local[2]").getOrCreate()
        cls.people = cls.spark.sql(PEOPLE)
        cls.folder = tempfile.TemporaryDirectory()

    @classmethod
    def tearDownClass(cls):
        cls.spark.stop()
        cls.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def estimator(self, **options):
        return LanewiseClassifier(inputCols=["age", "town"], labelCol="paid", **{**QUICK, **options})

    def test_java_gives_the_same_model(self):
        model = self.estimator(hidden=[7, 5], dropout=0.25, seed=9).fit(self.people)
        jvm, gateway = self.spark._jvm, self.spark.sparkContext._gateway
        names = gateway.new_array(jvm.String, 2)
        names[0], names[1] = "age", "town"
        java = jvm.dev.lanewise.spark.LanewiseClassifier().setInputCols(names).setLabelCol("paid")
        java.setPreset("course").setEpochs(3).setOption("dropout", 0.25).setSeed(9)
        java.setOption("hidden", [7, 5])
        self.assertEqual(java.fit(self.people._jdf).model().sha256(), model.sha256())
        other = self.estimator(hidden=[7, 5], dropout=0.25, seed=8).fit(self.people)
        self.assertNotEqual(other.sha256(), model.sha256())

    def test_columns_have_their_names(self):
        model = self.estimator(predictedLabelCol="expected").fit(self.people)
        scored = model.setProbabilityCol("p").setRawPredictionCol("").transform(self.people)
        self.assertEqual(["p", "prediction", "expected"], scored.columns[-3:])
        self.assertTrue({row.expected for row in scored.collect()} <= {"yes", "no"})

    def test_options_are_those_of_java(self):
        estimator = self.estimator()
        java = {param.name() for param in estimator._java_obj.params()}
        self.assertEqual(java, {param.name for param in estimator.params})
        self.assertIn("dropout: ", estimator.explainParams())
        self.assertEqual([], estimator.getOrDefault("categoricalCols"))
        self.assertEqual(2, estimator.set_option("minCount", 2).getOrDefault("minCount"))
        with self.assertRaisesRegex(ValueError, "parameter dropuot, expected one of .*dropout"):
            LanewiseRegressor(dropuot=0.1)
        with self.assertRaisesRegex(TypeError, "epochs"):
            estimator.set_option("epochs", "many")
        with self.assertRaisesRegex(Exception, "dropout"):
            estimator.set_option("dropout", 2.0)
        self.assertFalse(estimator.isSet("dropout"))
        with self.assertRaisesRegex(Exception, "no column label"):
            LanewiseClassifier(**QUICK).setInputCols(["age"]).fit(self.people.drop("label"))

    def test_stages_are_saved_and_loaded(self):
        estimator = self.estimator(hidden=[4])
        estimator.save(self.path("estimator"))
        loaded = LanewiseClassifier.load(self.path("estimator"))
        self.assertEqual([4], loaded.getOrDefault("hidden"))
        self.assertEqual(["age", "town"], loaded.getOrDefault("inputCols"))
        model = loaded.fit(self.people).setPredictionCol("guess")
        self.assertEqual(estimator.fit(self.people).sha256(), model.sha256())
        model.write().overwrite().save(self.path("model"))
        for path in [self.path("model"), self.path("model/nn_model.npz")]:
            self.assertEqual(model.sha256(), LanewiseModel.load(path).sha256())
        again = LanewiseModel.load(self.path("model"))
        self.assertEqual("guess", again.transform(self.people).columns[-1])
        self.assertEqual(model.uid, again.uid)

    def test_pipelines_contain_stages(self):
        vectors = VectorAssembler(inputCols=["age", "id"], outputCol="features")
        pipeline = Pipeline(stages=[vectors, LanewiseRegressor(scaleTargets="none", **QUICK)])
        pipeline.save(self.path("pipeline"))
        model = Pipeline.load(self.path("pipeline")).fit(self.people)
        model.save(self.path("fitted"))
        loaded = PipelineModel.load(self.path("fitted"))
        self.assertIsInstance(loaded.stages[1], LanewiseModel)
        self.assertEqual(pipeline.fit(self.people).stages[1].sha256(), loaded.stages[1].sha256())
        self.assertEqual(
            model.transform(self.people).collect(), loaded.transform(self.people).collect()
        )

    def test_grids_are_searched(self):
        estimator = LanewiseClassifier(inputCols=["age"], **QUICK)
        grid = ParamGridBuilder().addGrid(estimator.dropout, [0.0, 0.5]).build()
        judge = MulticlassClassificationEvaluator(metricName="accuracy")
        search = CrossValidator(
            estimator=estimator, estimatorParamMaps=grid, evaluator=judge, numFolds=2
        )
        found = search.fit(self.people)
        self.assertEqual(2, len(found.avgMetrics))
        self.assertIsInstance(found.bestModel, LanewiseModel)
        one = estimator.fit(self.people, {estimator.dropout: 0.5})
        self.assertNotEqual(estimator.fit(self.people).sha256(), one.sha256())

    def test_what_a_model_lacks_is_refused(self):
        model = self.estimator().fit(self.people)
        with self.assertRaisesRegex(Exception, "coverageCol: the model has no coverage"):
            model.setCoverageCol("set").setCoverage(0.9).transform(self.people)
        with self.assertRaisesRegex(Exception, "explanationCol: the model keeps nothing"):
            self.estimator().fit(self.people).setExplanationCol("why").transform(self.people)


if __name__ == "__main__":
    unittest.main()
