/**
 * Lanewise as stages of Spark's MLlib: estimators and a model for pipelines, a column function for
 * SQL, and one model per key. Training gives the same bits on every cluster, and the same as one
 * machine gives with these rows in the canonical order.
 */
package dev.lanewise.spark;
