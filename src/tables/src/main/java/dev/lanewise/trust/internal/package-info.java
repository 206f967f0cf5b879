/** Figures of trust that reports and commands show. The same rules hold as for {@code trust}. */
package dev.lanewise.trust.internal;
