/**
 * What a program that needs no model uses of the engine: matrix products on arrays of float, whose
 * operands are checked. The layers and the passes through a network stand in {@code internal}.
 *
 * <p>This package may use {@code kernel} and {@code parallel}. Begin with {@link
 * dev.lanewise.engine.Product}.
 */
package dev.lanewise.engine;
