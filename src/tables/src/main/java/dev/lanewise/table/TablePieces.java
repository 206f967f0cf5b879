package dev.lanewise.table;

import dev.lanewise.format.FormatException;
import dev.lanewise.parallel.Team;
import dev.lanewise.source.Csv;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reads the rest of a file in pieces, as many at once as a team has members, and hands over their
 * rows in the order of the file. The pieces are cut at the ends of lines. Whether such an end is
 * inside quotes only the piece before can tell: where that does not end just there, the next one is
 * thrown away, and the file is cut anew from where the last sound one ended. So rows and their
 * lines are the same as one thread reads. What is wrong in a piece ends it before that record, and
 * becomes an error when one thread reads on from there.
 */
final class TablePieces {
  /** A file in which cuts go wrong more often than this is better read by one thread. */
  private static final int MOST_MISSES = 4;

  private final TableReader reader;
  private final Team team;
  private final int size; // of a piece, in bytes
  private final TableBuilder[] pieces; // [members]
  private final long[] starts; // of the pieces in the file
  private final long[] ends;
  private final long[] lines; // that a piece has
  private final long[] linesBefore;
  private final boolean[] isBroken;
  private final Csv csv; // opens others
  private long position; // where the last sound piece ended
  private long line; // there
  private int sound; // how many of the pieces that were read last
  private int current; // the piece whose rows are taken
  private int taken; // rows of it
  private int misses;
  private boolean isOver;

  TablePieces(TableReader reader, Csv csv, Team team, int size) {
    this.reader = reader;
    this.team = team;
    this.size = size;
    this.csv = csv;
    int members = team.size();
    pieces = new TableBuilder[members];
    Arrays.setAll(pieces, i -> reader.builder());
    starts = new long[members];
    ends = new long[members];
    lines = new long[members];
    linesBefore = new long[members];
    isBroken = new boolean[members];
    position = csv.position();
    line = csv.nextLine();
  }

  /** Adds rows to those of a builder, up to so many; false if there are none. */
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
    reader.makeRoom(builder, count, position);
    builder.append(piece, taken, count, linesBefore[current]);
    taken += count;
    if (taken == piece.rows()) {
      current++;
      taken = 0;
    }
    return true;
  }

  /** What is left of the file for one thread to read. */
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
      linesBefore[sound] = line - 1;
      position = ends[sound];
      line += lines[sound];
      isOver = isBroken[sound];
      sound++;
    }
    misses = Math.max(0, misses - 1);
  }

  /** A member's piece. */
  private void readPiece(int member) {
    pieces[member].clear();
    long from = position + (long) member * size;
    long start = from;
    long end = from;
    long last = 1; // line
    boolean more = true;
    try (Csv part = member == 0 ? csv.from(from, 1) : csv.fromLine(from)) {
      start = part.position();
      end = start;
      while (more && part.position() < from + size) {
        more = part.next();
        if (more) {
          reader.add(part, pieces[member]);
        }
        end = part.position();
        last = part.nextLine();
      }
      more = false;
    } catch (IOException e) {
      more = true; // what is wrong is found again by who reads on
    }
    starts[member] = start;
    ends[member] = end;
    lines[member] = last - 1;
    isBroken[member] = more;
  }
}
