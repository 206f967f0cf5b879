/**
 * Bytes to named arrays and back: npy and npz as numpy writes them, IDX, CSV. Knows no network.
 *
 * <p>A file is a claim to be checked. Every reader compares the sizes that a header declares with
 * the bytes that are there before it takes memory for them, so that neither a cut-off download nor
 * a hostile file can crash, hang or exhaust the program: all that comes of one is a {@link
 * dev.lanewise.format.FormatException} of one line that names the file. Arrays keep the element
 * type of the file (a million bytes stay a million bytes) and are row-major whatever the file was.
 *
 * <p>Written files go through {@link dev.lanewise.format.AtomicFile}, and the same arrays give the
 * same bytes on every machine and day.
 */
package dev.lanewise.format;
