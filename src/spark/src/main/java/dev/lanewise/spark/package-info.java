/**
 * Lanewise as stages of Spark's MLlib: estimators and a model for pipelines, a column function for
 * SQL, and one model per key. Training gives the same bits on every cluster, and on one machine
 * with the rows in the canonical order.
 */
package dev.lanewise.spark;
