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
}
