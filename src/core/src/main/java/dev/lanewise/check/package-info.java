/**
 * The gradient check: whether the gradients that training computes are those of the loss.
 *
 * <p>It calls the code that trains for one mini-batch and compares the result with central
 * differences of a second, plain implementation of the network in double, which shares no code with
 * it. {@code cli} has it as a command; tests and users may call it for networks of their own.
 *
 * <p>Begin with {@link dev.lanewise.check.GradientCheck}, which draws rows and elements; {@code
 * CentralDifferences} is the numerical side, {@code ReferenceNetwork} the plain network.
 */
package dev.lanewise.check;
