/**
 * The network as a value: how its inputs are scaled, its layers, what it computes.
 *
 * <p>A model carries everything that a prediction needs, the scaling of raw features included, so
 * that whoever loads it cannot apply another scaling than the one it was trained with.
 *
 * <p>All parameters of a network stand in one {@code float[]}, W1, b1, W2, b2, ... as in its file;
 * a layer is a view of it (offsets, inputs, outputs), so an update is one pass and a gradient an
 * array of the same layout. Weights are [in][out], activations [row][unit], all row-major. Rows of
 * a mini-batch are independent through the forward pass, the loss and the gradients of the
 * activations; rows of a weight gradient are independent of each other. That is what threads share:
 * each value is computed whole by one of them.
 */
package dev.lanewise.nn;
