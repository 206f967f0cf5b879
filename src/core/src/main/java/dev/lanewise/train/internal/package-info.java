/**
 * Parts of training that the other modules of Lanewise also use: sums of losses and errors, and
 * warnings with the keys of their remedies. The same rules hold as for {@code train}.
 */
package dev.lanewise.train.internal;
