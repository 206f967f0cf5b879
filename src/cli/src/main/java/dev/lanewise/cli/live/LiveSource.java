package dev.lanewise.cli.live;

import java.io.IOException;

/** What a live page shows. */
interface LiveSource {
  String title();

  /** Takes up what is new. */
  void read() throws IOException;

  /** Draws the part of the page that changes. */
  String html();

  boolean hasEnded();

  /** Returns the page of the report of what has ended; null if there is none. */
  default String report() throws IOException {
    return null;
  }
}
