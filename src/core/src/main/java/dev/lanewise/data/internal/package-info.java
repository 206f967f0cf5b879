/**
 * Storage of rows in memory or in files, and statistics that are fitted on them, for {@code
 * dev.lanewise.data} and the loaders of the module for tables. Begin with {@link
 * dev.lanewise.data.internal.RowSource}. The same rules hold as for {@code data}.
 */
package dev.lanewise.data.internal;
