package dev.lanewise.report;

/** The results of a task, in the order of the questions that a report answers. */
interface TaskResults {
  /** Writes how good the results are, class by class or target by target. */
  void quality(Html html);

  /** Writes which answers are wrong. */
  void errors(Html html);

  /** Writes whether probabilities or predictions can be believed. */
  void belief(Html html);

  /** Writes curves and single rows, which are for those who want to know more. */
  void details(Html html);
}
