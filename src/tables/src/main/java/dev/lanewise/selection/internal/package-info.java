/**
 * The file of a search that the command line writes. The same rules hold as for {@code selection}.
 */
package dev.lanewise.selection.internal;
