/**
 * Storage of rows in memory or in files, and statistics that are fitted on them. For {@code
 * dev.lanewise.data} and the loaders of the module for tables.
 */
package dev.lanewise.data.internal;
