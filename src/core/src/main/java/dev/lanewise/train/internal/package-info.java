/**
 * Parts of training that the other modules of Lanewise also use: sums of losses and errors, and
 * warnings with the keys of their remedies. It may use what {@code dev.lanewise.train} may use.
 */
package dev.lanewise.train.internal;
