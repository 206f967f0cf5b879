/**
 * Networks as values: the scaling of the inputs, the layers, the loss and the schema of a table.
 *
 * <p>A model contains everything that a prediction needs, including the scaling of raw features, so
 * that it is always used with the scaling of its training.
 *
 * <p>All parameters of a network are in one {@code float[]}: W1, b1, W2, b2, ... as in its file. A
 * layer is a view of this array (offsets, inputs, outputs), so an update is one pass, and gradients
 * have the same layout. Weights are [in][out], activations [row][unit], all row-major. Threads
 * share work by rows: the rows of a mini-batch are independent in the forward pass, the loss and
 * the gradients of the activations, and so are the rows of a weight gradient. Each value is
 * computed by one thread alone.
 */
package dev.lanewise.nn;
