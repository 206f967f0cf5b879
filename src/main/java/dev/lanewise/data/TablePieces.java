package dev.lanewise.data;

import dev.lanewise.format.Csv;
import dev.lanewise.format.FormatException;
import dev.lanewise.parallel.Team;
import java.io.IOException;

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
  private final Piece[] pieces;
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
    pieces = new Piece[team.size()];
    for (int i = 0; i < pieces.length; i++) {
      pieces[i] = new Piece(reader.builder());
    }
    position = csv.position();
    line = csv.nextLine();
  }

  private static final class Piece {
    final TableBuilder rows;
    long start;
    long end;
    long lines; // that it has
    long linesBefore;
    boolean isBroken;

    Piece(TableBuilder rows) {
      this.rows = rows;
    }
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
    Piece piece = pieces[current];
    int count = Math.min(piece.rows.rows() - taken, most - builder.rows());
    if (count > 0) {
      reader.makeRoom(builder, count, position);
      builder.append(piece.rows, taken, count, piece.linesBefore);
    }
    taken += count;
    if (taken == piece.rows.rows()) {
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
      Piece piece = pieces[sound];
      if (sound > 0 && piece.start != position) {
        misses++;
        isOver = misses > MOST_MISSES;
        return;
      }
      piece.linesBefore = line - 1;
      position = piece.end;
      line += piece.lines;
      isOver = piece.isBroken;
      sound++;
    }
    misses = Math.max(0, misses - 1);
  }

  /** A member's piece. */
  private void readPiece(int member) {
    Piece piece = pieces[member];
    piece.rows.clear();
    piece.isBroken = true;
    piece.lines = 0;
    long from = position + (long) member * size;
    try (Csv part = member == 0 ? csv.from(from, 1) : csv.fromLine(from)) {
      piece.start = part.position();
      piece.end = piece.start;
      boolean more = true;
      while (more && part.position() < from + size) {
        more = part.next();
        if (more) {
          reader.add(part, piece.rows);
        }
        piece.end = part.position();
        piece.lines = part.nextLine() - 1;
      }
      piece.isBroken = false;
    } catch (IOException e) {
      return; // what is wrong is found again by who reads on
    }
  }
}
