/**
 * Reads and writes formats of data files: CSV, IDX, gzip, JSON, mapped npy. This package does not
 * depend on networks.
 */
package dev.lanewise.source;
