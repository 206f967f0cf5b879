/*
 * For people who change Lanewise. This package may use engine and format, and what these may use.
 * Begin with Mlp and Predictor; ModelFile reads and writes model files.
 */

/**
 * Networks as values: the scaling of the inputs, the layers, the loss, and predictors.
 *
 * <p>A model contains everything that a prediction needs, including the scaling of raw features, so
 * that it is always used with the scaling of its training.
 *
 * <p>All parameters of a network are in one {@code float[]}: W1, b1, W2, b2, ... as in its file. A
 * layer is a view of this array (offsets, inputs, outputs), so an update is one pass, and gradients
 * have the same layout. Weights are [in][out], activations [row][unit], all row-major.
 *
 * <p>Begin with {@link dev.lanewise.nn.Mlp} and {@link dev.lanewise.nn.Predictor}.
 */
package dev.lanewise.nn;
