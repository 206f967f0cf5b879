package dev.lanewise.format;

import dev.lanewise.format.internal.AtomicFile;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A file system over the existing one that fails on request: at the n-th operation that changes a
 * file or folder, or after a number of written bytes. It records these operations.
 */
public final class FaultyFileSystem extends FileSystem {
  /** An operation that changes a file or a folder. */
  public enum Act {
    /** Creates a file, or opens one for writing. */
    OPEN,
    /** Writes bytes, or half of them if it fails. */
    WRITE,
    /** Forces a file to the disk. */
    SYNC,
    /** Forces a folder to the disk. */
    SYNC_FOLDER,
    /** Replaces a file atomically. */
    RENAME,
    /** Replaces a file, perhaps in several steps. */
    MOVE,
    /** Deletes a file. */
    DELETE,
    /** Creates a folder. */
    FOLDER
  }

  /** An operation and the name of its file. */
  public record Done(Act act, String name) {}

  /** Tells whether the file system supports atomic renaming. */
  boolean atomic = true;

  /** Tells whether the file system supports file locks. */
  public boolean locks = true;

  /** Runs before a file is renamed or moved. */
  Runnable beforeMove = () -> {};

  /** Maps a path to its file on a disk; null if paths have no such file. */
  UnaryOperator<Path> onDisk;

  private final FileSystem real;
  private final Provider provider;
  private final List<Done> done = new ArrayList<>();
  private int failing = Integer.MAX_VALUE; // the index of the operation that fails
  private long room = Long.MAX_VALUE; // in bytes
  private boolean hasFailed;
  private int synced;

  /** Makes a file system over the one of a path. */
  public FaultyFileSystem(Path anywhere) {
    real = anywhere.getFileSystem();
    provider = new Provider();
  }

  /** Returns the same path in this file system. */
  public Path at(Path path) {
    return wrap(path);
  }

  /** Clears the record, and makes the operation with this index, from 0, fail. */
  public void failAt(int number) {
    done.clear();
    failing = number;
    room = Long.MAX_VALUE;
    hasFailed = false;
  }

  /** Clears the record, and makes every write fail after this number of bytes. */
  public void fillAfter(long bytes) {
    failAt(Integer.MAX_VALUE);
    room = bytes;
  }

  /** Returns whether the requested failure has happened. */
  public boolean hasFailed() {
    return hasFailed;
  }

  /** Returns how often files and folders were forced to the disk. */
  public int synced() {
    return synced;
  }

  /** Returns the recorded operations; only those that clean up follow the failed one. */
  public List<Done> done() {
    return List.copyOf(done);
  }

  private void act(Act act, Path path) throws FileSystemException {
    done.add(new Done(act, String.valueOf(path.getFileName())));
    if (done.size() - 1 == failing) {
      hasFailed = true;
      throw new FileSystemException(path.toString(), null, "Injected error");
    }
  }

  private int written(Path path, ByteBuffer from, WritableByteChannel to) throws IOException {
    try {
      act(Act.WRITE, path);
    } catch (FileSystemException e) {
      to.write(from.slice(from.position(), from.remaining() / 2));
      throw new IOException("Injected error");
    }
    if (from.remaining() > room) {
      hasFailed = true;
      to.write(from.slice(from.position(), (int) room));
      room = 0;
      throw new IOException("No space left on device");
    }
    int count = to.write(from);
    room -= count;
    return count;
  }

  private Path wrap(Path path) {
    return path == null
        ? null
        : (Path)
            Proxy.newProxyInstance(
                FaultyFileSystem.class.getClassLoader(),
                new Class<?>[] {Path.class, Wrapped.class},
                (proxy, method, arguments) -> {
                  switch (method.getName()) {
                    case "real":
                      return path;
                    case "getFileSystem":
                      return this;
                    case "toFile": // refused to AtomicFile.open, whose writes must go through this
                      // class
                      if (onDisk != null) {
                        return onDisk.apply(path).toFile();
                      } else if (StackWalker.getInstance()
                          .walk(all -> all.anyMatch(FaultyFileSystem::writes))) {
                        throw new UnsupportedOperationException();
                      }
                      return path.toFile();
                    case "iterator":
                      List<Path> names = new ArrayList<>();
                      path.forEach(name -> names.add(wrap(name)));
                      return names.iterator();
                    default:
                  }
                  Object[] given =
                      arguments == null
                          ? null
                          : Arrays.stream(arguments)
                              .map(a -> a instanceof Wrapped other ? other.real() : a)
                              .toArray();
                  try {
                    Object result = method.invoke(path, given);
                    return result instanceof Path other ? wrap(other) : result;
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
  }

  private static boolean writes(StackWalker.StackFrame frame) {
    return frame.getClassName().equals(AtomicFile.class.getName())
        && frame.getMethodName().equals("open");
  }

  /** A path of this file system. */
  public interface Wrapped {
    /** Returns the path in the existing file system. */
    Path real();
  }

  private static Path real(Path path) {
    return path instanceof Wrapped wrapped ? wrapped.real() : path;
  }

  private static boolean changes(Set<? extends OpenOption> options) {
    return options.contains(StandardOpenOption.WRITE)
        || options.contains(StandardOpenOption.APPEND)
        || options.contains(StandardOpenOption.CREATE_NEW);
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return real.getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of();
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return real.supportedFileAttributeViews();
  }

  @Override
  public Path getPath(String first, String... more) {
    return wrap(real.getPath(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String pattern) {
    PathMatcher matcher = real.getPathMatcher(pattern);
    return path -> matcher.matches(real(path));
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return real.getUserPrincipalLookupService();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException();
  }

  /** Passes calls to the existing provider, and makes the requested ones fail. */
  private final class Provider extends FileSystemProvider {
    private final FileSystemProvider below = real.provider();

    @Override
    public String getScheme() {
      return "faulty";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Path getPath(URI uri) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel newFileChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      boolean makes =
          options.contains(StandardOpenOption.CREATE)
              || options.contains(StandardOpenOption.CREATE_NEW)
              || options.contains(StandardOpenOption.TRUNCATE_EXISTING);
      if (makes) {
        act(Act.OPEN, path);
      }
      return new Channel(below.newFileChannel(real(path), options, attributes), path);
    }

    @Override
    public SeekableByteChannel newByteChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      if (!changes(options)) {
        return below.newByteChannel(real(path), options, attributes);
      }
      act(Act.OPEN, path);
      return new Channel(below.newFileChannel(real(path), options, attributes), path);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
        Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
      DirectoryStream<Path> all =
          below.newDirectoryStream(real(folder), path -> filter.accept(wrap(path)));
      return new DirectoryStream<>() {
        @Override
        public Iterator<Path> iterator() {
          List<Path> paths = new ArrayList<>();
          all.forEach(path -> paths.add(wrap(path)));
          return paths.iterator();
        }

        @Override
        public void close() throws IOException {
          all.close();
        }
      };
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
      if (!Files.exists(real(folder))) { // an attempt on an existing folder changes nothing
        act(Act.FOLDER, folder);
      }
      below.createDirectory(real(folder), attributes);
    }

    @Override
    public void delete(Path path) throws IOException {
      if (Files.exists(real(path), LinkOption.NOFOLLOW_LINKS)) {
        act(Act.DELETE, path);
      }
      below.delete(real(path));
    }

    @Override
    public void copy(Path from, Path to, CopyOption... options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void move(Path from, Path to, CopyOption... options) throws IOException {
      boolean atOnce = Arrays.asList(options).contains(StandardCopyOption.ATOMIC_MOVE);
      if (atOnce && !atomic) {
        throw new AtomicMoveNotSupportedException(from.toString(), to.toString(), "by request");
      }
      beforeMove.run();
      act(atOnce ? Act.RENAME : Act.MOVE, to);
      below.move(real(from), real(to), options);
    }

    @Override
    public boolean isSameFile(Path a, Path b) throws IOException {
      return below.isSameFile(real(a), real(b));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
      return below.isHidden(real(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
      return below.getFileStore(real(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
      below.checkAccess(real(path), modes);
    }

    @Override
    public Path readSymbolicLink(Path link) throws IOException {
      return wrap(below.readSymbolicLink(real(link)));
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(
        Path path, Class<V> type, LinkOption... options) {
      return below.getFileAttributeView(real(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
        Path path, Class<A> type, LinkOption... options) throws IOException {
      return below.readAttributes(real(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
        throws IOException {
      return below.readAttributes(real(path), names, options);
    }

    @Override
    public void setAttribute(Path path, String name, Object value, LinkOption... options)
        throws IOException {
      below.setAttribute(real(path), name, value, options);
    }
  }

  /** A channel whose writes can fail. */
  private final class Channel extends FileChannel {
    private final FileChannel below;
    private final Path path;

    public Channel(FileChannel below, Path path) {
      this.below = below;
      this.path = path;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      return written(path, from, below);
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer from, long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void force(boolean all) throws IOException {
      boolean folder = Files.isDirectory(real(path));
      try {
        act(folder ? Act.SYNC_FOLDER : Act.SYNC, path);
      } catch (FileSystemException e) {
        throw new IOException("Injected error"); // without a file name, like errors of the system
      }
      below.force(all);
      synced++;
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
      return below.read(to);
    }

    @Override
    public long read(ByteBuffer[] to, int offset, int length) throws IOException {
      return below.read(to, offset, length);
    }

    @Override
    public int read(ByteBuffer to, long position) throws IOException {
      return below.read(to, position);
    }

    @Override
    public long position() throws IOException {
      return below.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
      below.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return below.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      below.truncate(size);
      return this;
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
      return below.transferTo(position, count, to);
    }

    @Override
    public long transferFrom(ReadableByteChannel from, long position, long count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
      return below.map(mode, position, size);
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
      return below.lock(position, size, shared);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      if (!locks) {
        throw new IOException("No locks available");
      }
      return below.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      below.close();
    }
  }
}
