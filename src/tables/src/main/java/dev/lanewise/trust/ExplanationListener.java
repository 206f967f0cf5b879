package dev.lanewise.trust;

/** Follows an {@link Explainer}, and may end it. */
@FunctionalInterface
public interface ExplanationListener {
  /**
   * Called on the calling thread after some rows.
   *
   * @param done number of rows that are explained
   * @return false to end after these
   */
  boolean onRows(int done);
}
