/*
 * For people who change Lanewise. This package may use no other package. Begin with Npz.
 */

/**
 * Reads and writes named arrays: npy and npz as numpy writes them, with checksums. This package
 * does not know networks.
 *
 * <p>Every reader compares the sizes that a header declares with the number of bytes in the file
 * before it allocates memory, so that neither a cut-off download nor a hostile file can crash, hang
 * or exhaust the program. Such a file only causes a {@link dev.lanewise.format.FormatException} of
 * one line that names the file. Arrays keep the element type of the file (a million bytes stay a
 * million bytes) and are always row-major in memory.
 *
 * <p>A file is replaced at once when its new content is complete, and equal arrays give equal bytes
 * on every machine.
 *
 * <p>Begin with {@link dev.lanewise.format.Npz}.
 */
package dev.lanewise.format;
