package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.OwnJvm;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pages in a real browser, Chromium without a window. A page of the test shows each of them in
 * frames with the widths of a desktop and a phone, and its script measures and reports the result.
 */
public class BrowserTest {
  private static final List<Integer> WIDTHS = List.of(1400, 390);

  private static final String MEASURE =
      """
      <!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body><script>
      const out = document.createElement('pre');
      const frames = [];
      onerror = m => out.append('problem ' + m + '\\n');
      for (const name of NAMES) for (const width of WIDTHS) {
        const frame = document.createElement('iframe');
        frame.style = 'border:0;height:900px;width:' + width + 'px';
        frame.src = name;
        frames.push([name, width, frame]);
        document.body.append(frame);
      }
      onload = () => {
        for (const [name, width, frame] of frames) {
          const d = frame.contentDocument, root = d.documentElement;
          const say = (what, value) => out.append([name, width, what, value].join(' ') + '\\n');
          say('overflow', root.scrollWidth - root.clientWidth);
          say('headings', [...d.querySelectorAll('h1,h2,h3')].map(h => h.tagName[1]).join(''));
          say('charts', d.querySelectorAll('.uplot canvas').length);
          say('flat', [...d.querySelectorAll('canvas,img')].filter(e => {
            const r = e.getBoundingClientRect();
            return r.width < 20 || r.height < 20 || e.tagName == 'IMG' && !e.naturalWidth;
          }).length);
          say('outside', [...d.querySelectorAll('canvas,img,h1,h2,h3,p,pre,dl,figure')].filter(e =>
            !e.closest('.scroll') && e.getBoundingClientRect().right > width + 1).length);
          say('scripts', d.defaultView.touched || window.touched ? 1 : 0);
        }
        document.body.replaceChildren(out);
        document.title = 'measured';
      };
      </script>
      """;

  private static final String OPTIONS =
      "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run"
          + " --allow-file-access-from-files --window-size=1500,900 --enable-logging=stderr"
          + " --dump-dom";

  @TempDir private Path directory;

  /** Returns the path of a browser; null if none is on the PATH. */
  public static String browser() {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      for (String name : List.of("chromium", "chromium-browser", "google-chrome", "chrome")) {
        Path file = Path.of(folder, name);
        if (Files.isExecutable(file)) {
          return file.toString();
        }
      }
    }
    return null;
  }

  /**
   * Opens a page in a browser without a window, whose console must stay empty, and returns what the
   * page is in the end.
   *
   * @param directory for the files of the browser
   * @param arguments further options, and the address of the page
   */
  public static String seen(Path directory, String... arguments)
      throws IOException, InterruptedException {
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    List<String> command = new ArrayList<>(List.of(browser()));
    command.addAll(List.of(OPTIONS.split(" ")));
    command.add("--user-data-dir=" + directory.resolve("profile"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectInput(new File("/dev/null"));
    OwnJvm.start(builder.redirectOutput(out.toFile()).redirectError(err.toFile())).waitFor();
    String seen = Files.readString(out);
    Assumptions.assumeTrue(
        seen.contains("<title>") || seen.contains("<pre>"),
        "the browser does not start here: " + Files.readString(err));
    List<String> console =
        Files.readAllLines(err).stream().filter(line -> line.contains("CONSOLE")).toList();
    assertEquals(List.of(), console);
    return seen;
  }

  private static Map<String, Report> reports() {
    Map<String, Report> reports = new LinkedHashMap<>();
    Rows pictures = Reports.rows(60, 64, 10, 1);
    reports.put(
        "pictures.html",
        Reports.of(
                Model.of(Reports.model(Loss.SOFTMAX, 64, List.of(30, 9), 10)), pictures, pictures)
            .history(
                Reports.history(
                    Stream.iterate(3.0, x -> x * 0.999).limit(3000).mapToDouble(x -> x).toArray()),
                List.of(-1)));
    Rows table = Reports.rows(60, 30, 3, 2);
    String evil = "<script>parent.touched=1;touched=1</script><img src=x onerror=touched=1>";
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      String[] kinds = {evil + i, "\u05d0\u05d1 (" + i + ")", "long_".repeat(40) + i};
      columns.add(kinds[i % 3]);
    }
    Model model = Model.of(Reports.model(Loss.SOFTMAX, 30, List.of(5), 3));
    reports.put(
        "table.html",
        new Report("\u05d0\u05d1\u05d2.csv " + "name".repeat(60), model)
            .data(
                Dataset.of(table, table, table)
                    .withClassNames(List.of(evil, "word".repeat(30), "\u0627\u0644 & \ud83d\ude00"))
                    .withFeatureNames(columns))
            .evaluation("test", table, Evaluator.evaluate(model, table, 1))
            .history(Reports.history(3, 2, 1, 1.5, 2, 2.5, 3, 3, 3, 3), List.of(2))
            .settings(List.of("a=b", "path=" + "/folder".repeat(60)))
            .fact("Fact", "/folder".repeat(60))
            .command("java " + "x".repeat(500)));
    Rows classes = Reports.rows(300, 5, 100, 3);
    reports.put(
        "classes.html",
        Reports.of(Model.of(Reports.model(Loss.SOFTMAX, 5, List.of(), 100)), classes, classes));
    Rows numbers = Rows.of(Reports.numbers(80, 4, 4), Reports.numbers(80, 3, 5));
    reports.put(
        "numbers.html",
        Reports.of(Model.of(Reports.model(Loss.MSE, 4, List.of(7), 3)), numbers, numbers));
    return reports;
  }

  @Test
  void pagesFitAndLoadNothing() throws IOException, InterruptedException {
    Assumptions.assumeTrue(browser() != null, "no chromium or chrome on the PATH");
    Map<String, String> pages = new LinkedHashMap<>();
    reports().forEach((name, report) -> pages.put(name, report.html()));
    pages.put("search.html", SearchPageTest.page());
    for (Map.Entry<String, String> each : pages.entrySet()) {
      Files.writeString(directory.resolve(each.getKey()), each.getValue());
    }
    String names = "['" + String.join("','", pages.keySet()) + "']";
    Path measure = directory.resolve("measure.html");
    Files.writeString(
        measure, MEASURE.replace("NAMES", names).replace("WIDTHS", WIDTHS.toString()));
    Path network = directory.resolve("network.json");
    String seen = seen(directory, "--log-net-log=" + network, measure.toUri().toString());
    for (Map.Entry<String, String> each : pages.entrySet()) {
      Page page = Page.of(each.getValue());
      String headings =
          String.join(
              "", page.all("h1,h2,h3").stream().map(h -> h.tagName().substring(1)).toList());
      for (int width : WIDTHS) {
        String where = "\n" + each.getKey() + " " + width + " ";
        String text = seen.replace("<pre>", "\n");
        assertTrue(text.contains(where + "overflow 0\n"), where + line(text, where, "overflow"));
        assertTrue(text.contains(where + "headings " + headings + "\n"), where + seen);
        assertTrue(
            text.contains(where + "charts " + page.all(".chart > script").size() + "\n"),
            where + seen);
        assertTrue(text.contains(where + "flat 0\n"), where + line(text, where, "flat"));
        assertTrue(text.contains(where + "outside 0\n"), where + line(text, where, "outside"));
        assertTrue(text.contains(where + "scripts 0\n"), where + line(text, where, "scripts"));
      }
    }
    assertTrue(!seen.contains("problem "), seen);
    // Any request to the network would be listed here.
    TreeSet<String> asked = new TreeSet<>();
    Pattern.compile("\"url\":\"((?:https?|wss?|ftp)://[^\"]*)\"")
        .matcher(Files.readString(network))
        .results()
        .map(MatchResult::group)
        .filter(url -> !url.contains("google") && !url.contains("gvt1"))
        .forEach(asked::add);
    assertEquals(new TreeSet<>(), asked);
  }

  private static String line(String text, String where, String what) {
    int at = text.indexOf(where + what);
    return at < 0 ? text : text.substring(at, text.indexOf('\n', at + 1));
  }
}
