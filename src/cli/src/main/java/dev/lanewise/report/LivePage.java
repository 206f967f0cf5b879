package dev.lanewise.report;

import dev.lanewise.report.draw.Html;

/**
 * The page of a training that goes on. It is made once; its script asks the server for events with
 * the part that changes, {@link Report#training}, and shows the last one. At the end it gets the
 * report, which it keeps, because the server ends with the training.
 */
public final class LivePage {
  private static final String BODY =
      """
      </h1>
      <p id="link" class="warn" role="status" hidden></p>
      <p><button id="stop" title="as Ctrl-C: what was trained is saved">Stop</button></p>
      </header>
      <main id="live"></main>
      <p id="end" class="lead" hidden><a id="report" target="_blank">Open the report</a></p>
      <script>
      const at = id => document.getElementById(id);
      const say = text => { at('link').hidden = !text; at('link').textContent = text; };
      at('stop').onclick = () => fetch('stop', {method: 'POST'}).then(
        answer => { at('stop').disabled = answer.ok; }, () => say('The program did not answer.'));
      const open = () => {
        const source = new EventSource('events');
        source.onmessage = event => { say(''); at('live').innerHTML = event.data; };
        source.addEventListener('report', event => {
          at('report').href = URL.createObjectURL(new Blob([event.data], {type: 'text/html'}));
          at('end').hidden = false;
        });
        source.addEventListener('end', () => { source.close(); at('stop').hidden = true; });
        source.onerror = () => {
          source.close();
          say('The connection is lost, perhaps because the program has ended. It is tried again.');
          setTimeout(open, 2000);
        };
      };
      open();
      </script>
      """;

  private LivePage() {}

  /**
   * Makes the page, which asks {@code events} beside its address for the part that changes.
   *
   * @param title title of the page
   * @param canStop whether it has a button, which posts to {@code stop}
   * @return a whole HTML document
   */
  public static String page(String title, boolean canStop) {
    String body = canStop ? BODY : BODY.replace("<button ", "<button hidden ");
    return new Html().add("<header><h1>").name(title).add(body).page(title);
  }
}
