/**
 * Storage of rows in memory or in files, and statistics that are fitted on them, for {@code
 * dev.lanewise.data} and the loaders of the module for tables. Begin with {@link
 * dev.lanewise.data.internal.RowSource}. It may use what {@code dev.lanewise.data} may use.
 */
package dev.lanewise.data.internal;
