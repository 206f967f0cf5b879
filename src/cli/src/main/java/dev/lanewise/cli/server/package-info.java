/**
 * The server of models: which are served, how requests become rows, and what is said about them.
 *
 * <p>This package may use {@code answers} and every package that {@code answers} may use. Begin
 * with {@code ModelServer}.
 */
package dev.lanewise.cli.server;
