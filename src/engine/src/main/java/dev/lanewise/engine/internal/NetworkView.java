package dev.lanewise.engine.internal;

/**
 * What the engine takes of a model.
 *
 * @param parameters W1, b1, W2, b2, ...: the model's own array, to be read, or to be changed once
 *     nobody uses the model any more
 * @param network its layers, which say where in the array their parameters are
 * @param objective the loss
 * @param expansion the expansion of features to inputs; null if the features are the inputs
 */
public record NetworkView(
    float[] parameters, Network network, Objective objective, Expansion expansion) {}
