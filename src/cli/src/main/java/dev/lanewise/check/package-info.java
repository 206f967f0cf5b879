/**
 * The gradient check: compares the gradients of training with numerical ones.
 *
 * <p>It runs the training code for one mini-batch and compares the result with central differences
 * of a second, plain implementation of the network in double, which shares no code with it.
 *
 * <p>This package may use {@code model}, and what it may use. Begin with {@link
 * dev.lanewise.check.GradientCheck}, which draws rows and elements; {@code CentralDifferences} is
 * the numerical side, {@code ReferenceNetwork} the plain network.
 */
package dev.lanewise.check;
