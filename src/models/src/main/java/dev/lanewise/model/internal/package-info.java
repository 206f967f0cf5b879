/**
 * Access to models for the other modules of Lanewise, and the registration of other formats of
 * model files. Begin with {@link dev.lanewise.model.internal.ModelFormat}. It may use what {@code
 * dev.lanewise.model} may use.
 */
package dev.lanewise.model.internal;
