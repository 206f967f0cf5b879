/**
 * Access to models for the other modules of Lanewise, and the registration of other formats of
 * model files. Begin with {@link dev.lanewise.model.internal.ModelFormat}. The same rules hold as
 * for {@code model}.
 */
package dev.lanewise.model.internal;
