/**
 * Parts of file formats that the module for tables also uses: bytes at any position of a file,
 * memory for arrays of a declared size, shapes, and the recognition of formats that are not
 * supported. The same rules hold as for {@code format}.
 */
package dev.lanewise.format.internal;
