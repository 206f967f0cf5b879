/**
 * Parts of file formats that the other packages and modules also use: files that are replaced at
 * once ({@code AtomicFile}), the checksum of a model file ({@code SealedNpz}), messages with the
 * keys of their remedies, bytes at any position of a file, memory for arrays of a declared size,
 * shapes, and the recognition of formats that are not supported. It may use what {@code
 * dev.lanewise.format} may use.
 */
package dev.lanewise.format.internal;
