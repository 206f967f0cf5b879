/** The formats of files of data: CSV, IDX, gzip, JSON, mapped npy. Knows no network. */
package dev.lanewise.source;
