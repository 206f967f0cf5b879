/**
 * How rows are kept in memory or in files, and what is fitted on them. For {@code
 * dev.lanewise.data} and the loaders of the module for tables.
 */
package dev.lanewise.data.internal;
