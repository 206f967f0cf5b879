/**
 * Access to networks for the other packages of Lanewise: the parts of a model that the engine takes
 * ({@link dev.lanewise.nn.internal.MlpState}), the facts of a model file ({@link
 * dev.lanewise.nn.internal.MetadataName}) and the assumptions of a reader where a file says
 * nothing. Begin with {@link dev.lanewise.nn.internal.NetworkMetadata}. It may use what {@code
 * dev.lanewise.nn} may use.
 */
package dev.lanewise.nn.internal;
