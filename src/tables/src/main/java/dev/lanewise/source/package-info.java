/**
 * Reads and writes formats of data files: CSV, IDX, gzip, JSON, mapped npy. This package does not
 * know networks.
 *
 * <p>A reader gives values with their places in the file, so that an error names line and column.
 * It never allocates more than a file's size justifies.
 *
 * <p>This package may use {@code format}. Begin with {@link dev.lanewise.source.FileKind}, which
 * recognises a format from the first bytes, and {@link dev.lanewise.source.Csv}.
 */
package dev.lanewise.source;
