/**
 * Lanewise as stages of Spark's MLlib: estimators and a model for pipelines, a column function for
 * SQL, one model a key. A model that is trained here has the bits that one machine gives it on the
 * same rows in the canonical order, whatever the cluster.
 */
package dev.lanewise.spark;
