/**
 * The file of a search that the command line writes. It may use what {@code dev.lanewise.selection}
 * may use.
 */
package dev.lanewise.selection.internal;
