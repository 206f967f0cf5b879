package dev.lanewise.table;

import dev.lanewise.format.FormatException;
import dev.lanewise.parallel.Team;
import dev.lanewise.source.Csv;
import java.io.IOException;

/**
 * Reads the rest of a file in pieces, one per thread, and returns their rows in the order of the
 * file. Pieces are cut at ends of lines. If the piece before ends elsewhere, the line end was
 * inside quotes: the piece is discarded, and reading continues after the last valid piece. So rows
 * and line numbers are the same as with one thread. An error ends a piece before the wrong record.
 * It is reported when one thread continues from there.
 */
final class TablePieces {
  /** Number of wrong cuts above which one thread reads the rest. */
  private static final int MOST_MISSES = 4;

  private final String file;
  private final Team team;
  private final int size; // bytes of a piece
  private final TableBuilder[] pieces; // [members]
  private final long[] starts; // positions of the pieces in the file
  private final long[] ends;
  private final long[] lines; // number of lines in each piece
  private final long[] linesBefore;
  private final boolean[] isBroken;
  private final Csv[] readers; // [members] of the last step
  private final Csv csv; // opens readers at other positions
  private long position; // end of the last valid piece
  private long line; // line at this position
  private int sound; // number of valid pieces in the last step
  private int current; // piece whose rows are returned
  private int taken; // number of its rows already returned
  private int misses;
  private boolean isOver;

  TablePieces(TableBuilder[] pieces, String file, Csv csv, Team team, int size) {
    this.pieces = pieces;
    this.file = file;
    this.team = team;
    this.size = size;
    this.csv = csv;
    int members = pieces.length;
    starts = new long[members];
    ends = new long[members];
    lines = new long[members];
    linesBefore = new long[members];
    isBroken = new boolean[members];
    readers = new Csv[members];
    position = csv.position();
    line = csv.nextLine();
  }

  /** Adds rows to a builder up to a maximum; returns false if there are none. */
  boolean give(TableBuilder builder, int most) throws FormatException {
    while (current == sound) {
      long left = csv.position() + csv.remaining() - position;
      if (isOver || left <= 0) {
        return false;
      }
      read((int) Math.min(pieces.length, (left + size - 1) / size));
    }
    TableBuilder piece = pieces[current];
    int count = Math.min(piece.rows() - taken, most - builder.rows());
    builder.team = team;
    builder.makeRoom(count, position, csv.position() + csv.remaining());
    builder.append(piece, taken, count, linesBefore[current]);
    taken += count;
    if (taken == piece.rows()) {
      current++;
      taken = 0;
    }
    return true;
  }

  /** Returns a reader of the rest of the file for one thread. */
  Csv rest() throws FormatException {
    return csv.from(position, line);
  }

  private void read(int count) {
    team.run(count, this::readPiece);
    sound = 0;
    current = 0;
    while (sound < count && !isOver) {
      if (sound > 0 && starts[sound] != position) {
        misses++;
        isOver = misses > MOST_MISSES;
        return;
      }
      if (readers[sound] != null && !csv.goesOnAs(readers[sound])) {
        isOver = true; // one thread reads on, and finds where the encoding changes
        return;
      }
      linesBefore[sound] = line - 1;
      position = ends[sound];
      line += lines[sound];
      isOver = isBroken[sound];
      sound++;
    }
    misses = Math.max(0, misses - 1);
  }

  private void readPiece(int member) {
    pieces[member].clear();
    readers[member] = null;
    long from = position + (long) member * size;
    long start = from;
    long end = from;
    long last = 1; // line number
    boolean more = true;
    try (Csv part = member == 0 ? csv.from(from, 1) : csv.fromLine(from)) {
      readers[member] = part;
      start = part.position();
      end = start;
      while (more && part.position() < from + size) {
        more = part.next();
        if (more) {
          pieces[member].add(file, part);
        }
        end = part.position();
        last = part.nextLine();
      }
      more = false;
    } catch (IOException e) {
      more = true; // one thread will find the error again
    }
    starts[member] = start;
    ends[member] = end;
    lines[member] = last - 1;
    isBroken[member] = more;
  }
}
