"""Lanewise on Apache Spark: estimators and models for Python's MLlib, in a classic session.

The classes wrap those of the jar lanewise-spark, which must be on Spark's class path (--jars). Their
parameters are those of the Java classes, so explainParams() lists them, and they have the same names:

    from lanewise_spark import LanewiseClassifier
    model = LanewiseClassifier(inputCols=["age", "town"], labelCol="paid", dropout=0.1).fit(people)
    model.setPredictedLabelCol("expected").transform(people).show()
"""

from __future__ import annotations

import sys
from typing import Any, List, TypeVar

from py4j.java_collections import JavaArray
from pyspark.ml.param import TypeConverters
from pyspark.ml.util import JavaMLReadable, JavaMLReader, JavaMLWritable
from pyspark.ml.wrapper import JavaEstimator, JavaModel, JavaParams, JavaWrapper
from pyspark.sql.utils import is_remote

__all__ = ["LanewiseClassifier", "LanewiseModel", "LanewiseRegressor"]

_PACKAGE = "dev.lanewise.spark"
# PipelineModel.load imports the Python class of a stage by the name of its Java class.
sys.modules[_PACKAGE] = sys.modules[__name__]

_CONVERTERS = {
    "BooleanParam": TypeConverters.toBoolean,
    "DoubleArrayParam": TypeConverters.toListFloat,
    "DoubleParam": TypeConverters.toFloat,
    "IntArrayParam": TypeConverters.toListInt,
    "IntParam": TypeConverters.toInt,
    "LongParam": TypeConverters.toInt,
    "Param": TypeConverters.toString,
    "StringArrayParam": TypeConverters.toListString,
}

S = TypeVar("S", bound="_Stage")
E = TypeVar("E", bound="_Estimator")


class _Reader(JavaMLReader):
    """Finds the Java class that reads a stage."""

    @classmethod
    def _java_loader_class(cls, clazz: Any) -> str:
        return _PACKAGE + "." + clazz.__name__


class _Stage(JavaParams, JavaMLReadable, JavaMLWritable):
    """What estimators and models have in common."""

    @classmethod
    def read(cls) -> Any:
        """Returns the reader of saved stages."""
        return _Reader(cls)

    def _create_params_from_java(self) -> None:
        """Gives the stage the parameters of its Java object, with their types and defaults."""
        super()._create_params_from_java()
        for of_java in self._java_obj.params():
            param = self.getParam(of_java.name())
            param.typeConverter = _CONVERTERS[of_java.getClass().getSimpleName()]
            if self._java_obj.hasDefault(of_java):
                value = self._java_obj.getDefault(of_java).get()
                self._setDefault(
                    **{param.name: list(value) if isinstance(value, JavaArray) else value}
                )

    def set_option(self: S, name: str, value: Any) -> S:
        """Sets a parameter by its name, such as "dropout"; explainParams() lists all."""
        if not self.hasParam(name):
            names = ", ".join(param.name for param in self.params)
            raise ValueError("parameter %s, expected one of %s" % (name, names))
        param = self.getParam(name)
        try:
            typed = param.typeConverter(value)
        except TypeError as e:
            raise TypeError("parameter %s: %s" % (name, e)) from e
        self._make_java_param_pair(param, typed)  # checks the value in Java
        return self._set(**{name: typed})

    def setFeaturesCol(self: S, value: str) -> S:
        """Sets the column of vectors, or of arrays of numbers."""
        return self.set_option("featuresCol", value)

    def setInputCols(self: S, value: List[str]) -> S:
        """Sets the input columns, of any kind, in place of a column of vectors."""
        return self.set_option("inputCols", value)

    def setPredictionCol(self: S, value: str) -> S:
        """Sets the column of predictions; "" for none."""
        return self.set_option("predictionCol", value)


class _ClassColumns(_Stage):
    """The columns that predictions of classes have."""

    def setProbabilityCol(self: S, value: str) -> S:
        """Sets the column of the probabilities of the classes; "" for none."""
        return self.set_option("probabilityCol", value)

    def setRawPredictionCol(self: S, value: str) -> S:
        """Sets the column of the natural logarithms of the probabilities; "" for none."""
        return self.set_option("rawPredictionCol", value)

    def setPredictedLabelCol(self: S, value: str) -> S:
        """Sets the column of the names of the predicted classes; "" for none."""
        return self.set_option("predictedLabelCol", value)


class _Estimator(_Stage, JavaEstimator):
    def __init__(self, **options: Any) -> None:
        """Makes an estimator; options are parameters, such as labelCol="paid" or epochs=40."""
        super().__init__()
        if is_remote():
            raise RuntimeError("the session is one of Spark Connect, expected a classic session")
        java_class = _PACKAGE + "." + type(self).__name__
        try:
            self._java_obj = JavaWrapper._new_java_obj(java_class, self.uid)
        except TypeError as e:  # Py4J takes an unknown class for a package
            raise RuntimeError(
                "no class %s, expected the jar lanewise-spark on Spark's class path (--jars)"
                % java_class
            ) from e
        self._create_params_from_java()
        for name, value in options.items():
            self.set_option(name, value)

    def _create_model(self, java_model: Any) -> LanewiseModel:
        return LanewiseModel(java_model)

    def setLabelCol(self: E, value: str) -> E:
        """Sets the column of the classes or numbers to learn."""
        return self.set_option("labelCol", value)

    def setWeightCol(self: E, value: str) -> E:
        """Sets the column of the weights of rows; "" for none."""
        return self.set_option("weightCol", value)

    def setOrderCol(self: E, value: str) -> E:
        """Sets the column that orders the rows before their values; "" for none."""
        return self.set_option("orderCol", value)

    def setValidationIndicatorCol(self: E, value: str) -> E:
        """Sets the column that is true in validation rows; "" for none."""
        return self.set_option("validationIndicatorCol", value)


class LanewiseClassifier(_ClassColumns, _Estimator):
    """Trains a model that predicts classes."""


class LanewiseRegressor(_Estimator):
    """Trains a model that predicts a number."""


class LanewiseModel(_ClassColumns, JavaModel):
    """A trained model, which adds columns of predictions to a table."""

    def __init__(self, java_model: Any = None) -> None:
        super().__init__(java_model)
        if java_model is not None:
            self._transfer_params_from_java()

    @classmethod
    def load(cls, path: str) -> LanewiseModel:
        """Reads a saved stage, or the file of a model, such as nn_model.npz."""
        return cls(_Reader._load_java_obj(cls).load(path))

    def sha256(self) -> str:
        """Returns the digest of the weights."""
        return self._java_obj.model().sha256()

    def setExplanationCol(self, value: str) -> LanewiseModel:
        """Sets the column of what each input column adds to the prediction; "" for none."""
        return self.set_option("explanationCol", value)

    def setCoverageCol(self, value: str) -> LanewiseModel:
        """Sets the column of sets of classes or of intervals, which needs coverage; "" for none."""
        return self.set_option("coverageCol", value)

    def setCoverage(self, value: float) -> LanewiseModel:
        """Sets the probability with which sets and intervals contain the truth, such as 0.9."""
        return self.set_option("coverage", value)
