package dev.lanewise.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lanewise.format.FormatException;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Words;
import dev.lanewise.trust.Explanation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers requests for predictions. A request waits for its turn after its body was read; the
 * number of turns limits how many requests are predicted at once, of whatever model.
 */
public final class PredictionService {
  private static final String CSV = "text/csv; charset=utf-8";
  private static final Pattern CSV_TYPE = Pattern.compile("text/(csv|tab-separated-values)\\b.*");
  private static final String LINES = "application/x-ndjson";
  private static final Pattern LINE = Pattern.compile("body: line ([0-9]+)");
  private static final Pattern CHARSET =
      Pattern.compile(".*charset *= *\"?(utf-8|us-ascii)\"?( *;.*)?");
  private static final int BLOCK = 1 << 16; // bytes of a body that are read at once

  /** Milliseconds to wait for the memory of an answer that was ended, and all of them. */
  private static final int TICK = 5;

  private static final int PATIENCE = 1000;

  /** Maximum characters of the notes in the head of an answer. */
  private static final int MOST_NOTES = 4000;

  /**
   * The limits of a server.
   *
   * @param scorers number of requests that are predicted at once
   * @param queue number of requests that may wait
   * @param bytes maximum length of a body
   * @param seconds time in which a client must send a request, or receive its answer
   * @param memory bytes for the bodies and the results of all requests
   */
  public record Limits(int scorers, int queue, int bytes, int seconds, long memory) {}

  public final Semaphore turns;

  /** The one turn to explain, as explanations take longer than predictions. */
  public final Semaphore explaining = new Semaphore(1, true);

  /** Requests that wait for a turn. */
  final AtomicInteger waiting = new AtomicInteger();

  private final Limits limits;
  private final BooleanSupplier isStopping;
  private final BooleanSupplier relief;

  /** Bytes of memory that no request has. */
  public final AtomicLong free;

  /**
   * Makes a service.
   *
   * @param isStopping whether answers that begin now end their connections
   * @param relief ends an answer that its client does not take, or returns false
   */
  PredictionService(Limits limits, BooleanSupplier isStopping, BooleanSupplier relief) {
    this.isStopping = isStopping;
    this.relief = relief;
    this.limits = limits;
    turns = new Semaphore(limits.scorers(), true);
    free = new AtomicLong(limits.memory());
  }

  /** Answers rows in JSON or CSV with their predictions in JSON or CSV. */
  void predict(ModelSlot slot, HttpRequest request, HttpAnswer answer) throws IOException {
    ServedModel model = slot.model();
    String type = checkedType(request);
    boolean isCsv = type.startsWith("text/") && CSV_TYPE.matcher(type).matches();
    String accepted = request.lower("Accept");
    boolean wantsCsv =
        accepted.contains("text/csv") || isCsv && !accepted.contains(HttpAnswer.JSON);
    AtomicLong taken = new AtomicLong();
    try {
      if (type.contains("ndjson") || type.contains("jsonl")) {
        predictLines(slot, request, answer, taken);
        return;
      }
      Body body = body(request, taken);
      Answer rows = answer(slot, model, body, isCsv, 0, taken);
      answer.set(200, wantsCsv ? CSV : HttpAnswer.JSON);
      answer.close(isStopping.getAsBoolean());
      answer.field("Vary", "Accept");
      if (wantsCsv) {
        writeCsv(model.outputs, rows, answer);
      } else {
        model.json.write(rows, false, answer);
      }
      answer.end();
    } finally {
      free.addAndGet(taken.get());
    }
  }

  /**
   * Answers lines of JSON, each with a row, with a line each. The lines that have come are answered
   * before the next ones are read, so that a body of any length takes the memory of its longest
   * line. Each line has the time of a request from its first byte to its last one. What is wrong in
   * later lines is the last line of the answer.
   */
  private void predictLines(
      ModelSlot slot, HttpRequest request, HttpAnswer answer, AtomicLong taken) throws IOException {
    ServedModel model = slot.model();
    byte[] block = request.room();
    answer.set(200, LINES);
    answer.field("Vary", "Accept");
    long answered = 0; // lines
    int count = 0;
    boolean begins = true; // whether a line does
    AtomicLong results = new AtomicLong();
    try {
      for (int more = 0; more >= 0; ) {
        request.waits.accept(begins);
        more = request.read(block, count, block.length - count);
        request.ends.run();
        begins = count == 0; // with these bytes
        boolean isFull = count + more == block.length;
        int lines = 0;
        int end = 0; // end of the last whole line
        for (int left = more; left > 0; left--) {
          if (block[count++] == '\n') {
            lines++;
            end = count;
          }
        }
        if (more < 0 && count > 0) { // the last line may lack its end
          lines = 1;
          end = count;
        }
        if (lines > 0) {
          Answer rows = answer(slot, model, new Body(block, end), false, lines, results);
          answer.awaitClient();
          model.json.write(rows, true, answer);
          answer.push();
          free.addAndGet(results.getAndSet(0));
          answered += lines;
          begins = true;
          count -= end;
          System.arraycopy(block, end, block, 0, count);
        }
        if (count > limits.bytes()) {
          throw Problem.refusal(413, "body: line 1 is longer than %s bytes", limits.bytes());
        } else if (count == block.length || isFull && block.length < BLOCK) {
          long length = Math.min(limits.bytes() + 1L, Math.max(BLOCK, 2L * count));
          block = resized(block, (int) length, taken);
        } else if (count < BLOCK && block.length > BLOCK) { // a long line made the block larger
          block = resized(block, BLOCK, taken);
        } else if (isStopping.getAsBoolean() && !request.hasEnded()) {
          throw Problem.refusal(503, "this server stops, expected requests to another server");
        }
      }
      if (answered == 0) {
        throw Problem.refusal(400, "body: no row, expected at least one row");
      }
    } catch (Problem | FormatException e) {
      if (answered == 0) {
        throw e;
      }
      String text = Words.of(e);
      Matcher place = LINE.matcher(text);
      if (place.lookingAt()) {
        text = "body: line " + (answered + Long.parseLong(place.group(1))) + place.replaceFirst("");
      }
      answer.close(true);
      answer.write(answer.text().append(new Json().put("error", text)).append('\n'));
    } finally {
      free.addAndGet(results.get());
    }
    answer.end();
  }

  /** Answers a row in JSON with what each of its columns adds to the prediction. */
  void explain(ModelSlot slot, HttpRequest request, HttpAnswer answer) throws IOException {
    ServedModel model = slot.model();
    if (checkedType(request).startsWith("text/csv")) {
      throw Problem.refusal(415, "Content-Type text/csv, expected a row in JSON");
    } else if (model.explainer == null) {
      throw Problem.refusal(
          404,
          "the model keeps nothing of its training rows or predicts several numbers, expected one"
              + " of a table with one target");
    }
    AtomicLong taken = new AtomicLong();
    try {
      Body body = body(request, taken);
      Json json;
      awaitTurn(explaining, false);
      try {
        awaitTurn(turns, false);
        try {
          json = explain(model, body);
        } finally {
          turns.release();
        }
      } finally {
        explaining.release();
      }
      answer.set(200, HttpAnswer.JSON);
      answer.close(isStopping.getAsBoolean());
      answer.write(answer.text().append(json).append('\n'));
      answer.end();
    } finally {
      free.addAndGet(taken.get());
    }
  }

  private static Json explain(ServedModel model, Body body) throws IOException {
    Scorer scorer = model.scorer();
    try {
      Answer row = scorer.score(body.bytes, body.count, false, 0);
      if (row.rows() != 1) {
        throw Problem.refusal(400, "body: %s rows, expected one to explain", row.rows());
      }
      Explanation why = model.explainer.explain(scorer.features()).get(0);
      List<String> names = model.explainer.columns();
      List<Json> columns = new ArrayList<>();
      for (int c = 0; c < names.size(); c++) {
        Double part = why.contributions().get(c);
        columns.add(new Json().put("column", names.get(c)).put("contribution", part));
      }
      Json json = Explanations.figures(model.outputs.model(), why).put("columns", columns);
      return row.notes().isEmpty() ? json : json.put("notes", row.notes());
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw Problem.refusal(400, "%s", Words.of(e));
    } finally {
      model.giveBack(scorer);
    }
  }

  /** Answers tensors with tensors (Open Inference Protocol, version 2). */
  void infer(ModelSlot slot, HttpRequest request, HttpAnswer answer) throws IOException {
    ServedModel model = slot.model();
    checkedType(request);
    if (request.field("Inference-Header-Content-Length") != null) {
      throw Problem.refusal(
          400,
          "body: binary tensors, expected JSON (clients of Triton: set_data_from_numpy(...,"
              + " binary_data=False))");
    }
    AtomicLong taken = new AtomicLong();
    try {
      Body body = body(request, taken);
      TensorRequest asked;
      Answer found;
      awaitTurn(turns, false);
      try {
        asked = new TensorRequest(body.bytes, body.count, bytes -> take(taken, bytes));
        ByteBuffer rows = asked.rows(model.outputs.model());
        Body text = new Body(rows.array(), rows.position());
        found = answerNow(slot, model, text, false, 0, taken);
      } finally {
        turns.release();
      }
      String tensors = model.tensors.answer(asked, found);
      answer.set(200, HttpAnswer.JSON);
      answer.close(isStopping.getAsBoolean());
      answer.write(tensors.getBytes(UTF_8));
      answer.end();
    } finally {
      free.addAndGet(taken.get());
    }
  }

  /** Returns the type of a body, unless this server cannot read it. */
  private static String checkedType(HttpRequest request) {
    String type = request.lower("Content-Type");
    String encoding = request.lower("Content-Encoding");
    if (!encoding.isEmpty() && !encoding.equals("identity")) {
      throw Problem.refusal(
          415,
          "Content-Encoding %s, expected a body that is not compressed",
          HttpRequest.tame(encoding));
    }
    if (type.contains("charset") && !CHARSET.matcher(type).matches()) {
      throw Problem.refusal(415, "Content-Type %s, expected charset=utf-8", HttpRequest.tame(type));
    }
    return type;
  }

  private static void writeCsv(Outputs outputs, Answer rows, HttpAnswer answer) throws IOException {
    if (!rows.notes().isEmpty()) {
      answer.field("Lanewise-Notes", brief(rows.notes()));
    }
    AnswerPrinter lines = CsvPredictions.to(answer);
    lines.begin(outputs, 0, null);
    for (int row = 0; row < rows.rows(); row++) {
      lines.row(row, new String[0], null, rows, row);
    }
    lines.end();
  }

  /** Joins notes in ASCII, and cuts them to a length that clients accept in a head. */
  public static String brief(List<String> notes) {
    String text = String.join("; ", notes).replaceAll("[^ -~]", "?");
    return text.length() <= MOST_NOTES
        ? text
        : text.substring(0, MOST_NOTES) + "... (" + notes.size() + " notes in all)";
  }

  private record Body(byte[] bytes, int count) {}

  private Body body(HttpRequest request, AtomicLong taken) throws IOException {
    int mostBytes = limits.bytes();
    long length = request.announced();
    long end = length > 0 ? length : mostBytes + 1L; // more is never needed
    byte[] body = request.room();
    int count = 0;
    while (length <= mostBytes && count <= mostBytes) {
      int more = request.read(body, count, body.length - count);
      if (more < 0) {
        break;
      }
      count += more;
      if (count == body.length && count <= mostBytes && !request.hasEnded()) {
        body = resized(body, (int) Math.min(end, Math.max(BLOCK, 2L * count)), taken);
      }
    }
    if (length > mostBytes || count > mostBytes) {
      throw Problem.refusal(
          413,
          "body: more than %s bytes, expected at most this number: send fewer rows at once"
              .formatted(mostBytes));
    }
    return new Body(body, count);
  }

  private Answer answer(
      ModelSlot slot, ServedModel model, Body body, boolean isCsv, int lines, AtomicLong taken)
      throws IOException {
    awaitTurn(turns, lines > 0);
    try {
      return answerNow(slot, model, body, isCsv, lines, taken);
    } finally {
      turns.release();
    }
  }

  private Answer answerNow(
      ModelSlot slot, ServedModel model, Body body, boolean isCsv, int lines, AtomicLong taken)
      throws IOException {
    Scorer scorer = model.scorer();
    long begin = System.nanoTime();
    try {
      Answer answer = model.outputs.noted(scorer.score(body.bytes, body.count, isCsv, lines));
      take(taken, (long) Double.BYTES * answer.results().length);
      slot.scored(answer, scorer, System.nanoTime() - begin);
      return answer;
    } finally {
      model.giveBack(scorer);
    }
  }

  /** Waits for a turn, in order of arrival. */
  private void awaitTurn(Semaphore turns, boolean always) {
    if (turns.tryAcquire()) {
      return;
    }
    try {
      if (waiting.incrementAndGet() > limits.queue() && !always) {
        throw Problem.refusal(
            503, limits.queue() + " requests are waiting, expected fewer requests at once");
      }
      turns.acquire();
    } catch (InterruptedException e) {
      throw Problem.refusal(503, "this server stops, expected requests to another server");
    } finally {
      waiting.decrementAndGet();
    }
  }

  /** Returns the bytes in an array of another length, for which memory is reserved. */
  private byte[] resized(byte[] bytes, int length, AtomicLong taken) {
    take(taken, length - bytes.length);
    return Arrays.copyOf(bytes, length);
  }

  /**
   * Reserves bytes of the common budget for the body or the results of a request. Where they are in
   * use, answers that their clients do not take make room.
   */
  private void take(AtomicLong taken, long bytes) {
    boolean isThere = free.addAndGet(-bytes) >= 0;
    if (taken.addAndGet(bytes) > limits.memory()) {
      throw Problem.refusal(
          413,
          "body: more than the %s bytes of memory for bodies, expected fewer rows at once, or a"
              + " server with more memory (java -Xmx)",
          limits.memory());
    }
    for (int t = 0; !isThere && t < PATIENCE && relief.getAsBoolean(); t += TICK) {
      HttpListener.pause(TICK);
      isThere = free.get() >= 0;
    }
    if (!isThere) {
      throw Problem.refusal(
          503, "the memory for bodies is in use, expected fewer requests at once");
    }
  }
}
