/**
 * Figures of trust that reports and commands show. It may use what {@code dev.lanewise.trust} may
 * use.
 */
package dev.lanewise.trust.internal;
