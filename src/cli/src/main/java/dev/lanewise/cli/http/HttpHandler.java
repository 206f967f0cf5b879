package dev.lanewise.cli.http;

import dev.lanewise.cli.print.Problem;
import java.io.IOException;

/** Answers the requests of a server. */
public interface HttpHandler {
  /**
   * Answers a request whose head has been read.
   *
   * @param problem what is wrong with the head, or null
   */
  void handle(HttpRequest request, Problem problem, HttpAnswer answer) throws IOException;
}
