/**
 * The page that shows a training while it runs.
 *
 * <p>This package may use {@code http} and {@code runs}, and what these may use. Begin with {@code
 * LiveServer}.
 */
package dev.lanewise.cli.live;
