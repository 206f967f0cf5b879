/**
 * Parts of file formats that the module for tables uses, too: bytes at any place of a file, memory
 * for arrays of a size that a file declares, shapes, and the names of formats that are not read.
 */
package dev.lanewise.format.internal;
