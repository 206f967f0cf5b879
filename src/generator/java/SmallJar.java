import com.googlecode.pngtastic.core.processing.zopfli.Options;
import com.googlecode.pngtastic.core.processing.zopfli.Options.BlockSplitting;
import com.googlecode.pngtastic.core.processing.zopfli.Options.OutputFormat;
import com.googlecode.pngtastic.core.processing.zopfli.Zopfli;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Packs a jar again, a seventh smaller. Zopfli looks longer for repetitions than zlib does, and any
 * zlib reads what it writes. The constants of a class are sorted, so that those alike are
 * neighbours, and what no user can tell is missing is left out; its code stays as it is. Entries of
 * folders, which no class loader asks for, are left out. The same jar always gives the same bytes.
 * The format is that of PKWARE's APPNOTE.TXT.
 *
 * <pre>
 * java -cp asm.jar:asm-tree.jar:pngtastic.jar SmallJar.java FILE.jar
 * </pre>
 */
final class SmallJar {
  private static final String CLASS = ".class";

  /** More of them gain less than a thousandth. */
  private static final int ITERATIONS = 5;

  /** Bytes that are looked at together, more than any class has. */
  private static final int BLOCK = 1 << 16;

  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final short VERSION = 20; // which can read deflated entries
  private static final short UTF8 = 1 << 11; // a flag
  private static final short DEFLATED = 8;
  private static final int FIRST_YEAR = 1980;

  private final ByteArrayOutputStream jar = new ByteArrayOutputStream();
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
  private short entries;

  private SmallJar() {}

  private record Entry(byte[] name, LocalDateTime time, byte[] content) {}

  /** Replaces a jar. */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    List<Entry> entries = new ArrayList<>();
    Set<String> fields = new HashSet<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        byte[] name = entry.getName().getBytes(StandardCharsets.UTF_8);
        if (!entry.isDirectory()) {
          byte[] content = zip.getInputStream(entry).readAllBytes();
          entries.add(new Entry(name, entry.getTimeLocal(), content));
          if (entry.getName().endsWith(CLASS)) {
            fields(content, fields);
          }
        }
      }
    }
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      if (new String(entry.name, StandardCharsets.UTF_8).endsWith(CLASS)) {
        byte[] content = sorted(lean(entry.content, fields));
        entries.set(i, new Entry(entry.name, entry.time, content));
      }
    }
    List<byte[]> packed = entries.parallelStream().map(entry -> packed(entry.content)).toList();
    SmallJar small = new SmallJar();
    for (int i = 0; i < entries.size(); i++) {
      small.add(entries.get(i), packed.get(i));
    }
    Files.write(file, small.bytes());
  }

  /** A constant of a class: its group, what it is sorted by there, and how to add it. */
  private record Constant(int group, String text, Consumer<ClassWriter> add) {}

  /**
   * The same class with sorted constants: strings and numbers first, since code reads the first 255
   * with one byte, then names, then what consists of names.
   */
  private static byte[] sorted(byte[] content) throws IOException {
    ClassReader in = new ClassReader(content);
    char[] buffer = new char[in.getMaxStringLength()];
    List<Constant> constants = new ArrayList<>();
    for (int i = 1; i < in.getItemCount(); i++) {
      int at = in.getItem(i);
      int tag = at == 0 ? 0 : content[at - 1]; // 0 is the second half of a long or a double
      switch (tag) {
        case 1 -> { // a name, or the text of a string
          String text =
              new DataInputStream(new ByteArrayInputStream(content, at, content.length - at))
                  .readUTF();
          constants.add(new Constant(3, kind(text) + text, out -> out.newUTF8(text)));
        }
        case 3, 4, 5, 6 -> { // int, float, long, double
          Object value = in.readConst(i, buffer);
          constants.add(new Constant(tag < 5 ? 2 : 9, "" + value, out -> out.newConst(value)));
        }
        case 7 -> { // a class
          String name = in.readUTF8(at, buffer);
          constants.add(new Constant(4, name, out -> out.newClass(name)));
        }
        case 8 -> { // a string
          String text = in.readUTF8(at, buffer);
          constants.add(new Constant(0, text, out -> out.newUTF8(text)));
          constants.add(new Constant(1, text, out -> out.newConst(text)));
        }
        case 9, 10, 11 -> { // a field, a method, a method of an interface
          String owner = in.readClass(at, buffer);
          int nameAndType = in.getItem(in.readUnsignedShort(at + 2));
          String name = in.readUTF8(nameAndType, buffer);
          String type = in.readUTF8(nameAndType + 2, buffer);
          constants.add(
              new Constant(
                  tag - 3,
                  owner + name + type,
                  tag == 9
                      ? out -> out.newField(owner, name, type)
                      : out -> out.newMethod(owner, name, type, tag == 11)));
        }
        case 12 -> { // a name and its type
          String name = in.readUTF8(at, buffer);
          String type = in.readUTF8(at + 2, buffer);
          constants.add(new Constant(5, type + name, out -> out.newNameType(name, type)));
        }
        default -> {} // few, and they follow as the code does
      }
    }
    constants.sort(Comparator.comparingInt(Constant::group).thenComparing(Constant::text));
    ClassWriter out = new ClassWriter(0);
    constants.forEach(constant -> constant.add.accept(out));
    in.accept(out, 0);
    return out.toByteArray();
  }

  /**
   * What a name is sorted by first: names, classes, types of fields, types of methods; its length.
   */
  private static String kind(String text) {
    char first = text.isEmpty() ? ' ' : text.charAt(0);
    int kind = first == '(' ? 3 : first == 'L' || first == '[' ? 2 : text.contains("/") ? 1 : 0;
    return "" + kind + (char) text.length();
  }

  /**
   * The same class without what nobody can tell is missing: fields of constants, which the compiler
   * has copied to where they are used; generic types and checked exceptions of members that no
   * other package can call, which only compilers read; and lines of instructions that can neither
   * throw nor call, which no stack trace shows.
   */
  private static byte[] lean(byte[] content, Set<String> fields) {
    ClassWriter out = new ClassWriter(0);
    new ClassReader(content)
        .accept(
            new ClassVisitor(Opcodes.ASM9, out) {
              private String owner;

              @Override
              public void visit(
                  int version,
                  int access,
                  String name,
                  String signature,
                  String parent,
                  String[] interfaces) {
                owner = name;
                super.visit(version, access, name, signature, parent, interfaces);
              }

              @Override
              public void visitInnerClass(String name, String outer, String inner, int access) {
                if (!name.equals("java/lang/invoke/MethodHandles$Lookup")) {
                  super.visitInnerClass(name, outer, inner, access);
                }
              }

              @Override
              public FieldVisitor visitField(
                  int access, String name, String type, String signature, Object value) {
                boolean api = isApi(access);
                return value != null && !api && !fields.contains(owner + '.' + name)
                    ? null
                    : super.visitField(access, name, type, api ? signature : null, value);
              }

              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String type, String signature, String[] exceptions) {
                boolean api = isApi(access);
                MethodVisitor method =
                    super.visitMethod(
                        access, name, type, api ? signature : null, api ? exceptions : null);
                return new Lines(access, name, type, method);
              }
            },
            0);
    return out.toByteArray();
  }

  private static boolean isApi(int access) {
    return (access & (Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED)) != 0;
  }

  /** A method that keeps the lines of those instructions that a stack trace can show. */
  private static final class Lines extends MethodNode {
    private final MethodVisitor to;

    private Lines(int access, String name, String type, MethodVisitor to) {
      super(Opcodes.ASM9, access, name, type, null, null);
      this.to = to;
    }

    @Override
    public void visitEnd() {
      LineNumberNode waiting = null;
      int line = -1;
      for (AbstractInsnNode node : instructions.toArray()) {
        if (node instanceof LineNumberNode next) {
          if (waiting != null) {
            instructions.remove(waiting);
          }
          waiting = next;
        } else if (waiting != null && isSeen(node)) {
          if (waiting.line == line) {
            instructions.remove(waiting);
          }
          line = waiting.line;
          waiting = null;
        }
      }
      if (waiting != null) {
        instructions.remove(waiting);
      }
      accept(to);
    }

    private static boolean isSeen(AbstractInsnNode node) {
      return switch (node.getType()) {
        case AbstractInsnNode.FIELD_INSN,
            AbstractInsnNode.METHOD_INSN,
            AbstractInsnNode.INVOKE_DYNAMIC_INSN,
            AbstractInsnNode.TYPE_INSN,
            AbstractInsnNode.MULTIANEWARRAY_INSN,
            AbstractInsnNode.LDC_INSN ->
            true;
        case AbstractInsnNode.INT_INSN -> node.getOpcode() == Opcodes.NEWARRAY;
        case AbstractInsnNode.INSN ->
            switch (node.getOpcode()) {
              case Opcodes.IALOAD,
                  Opcodes.LALOAD,
                  Opcodes.FALOAD,
                  Opcodes.DALOAD,
                  Opcodes.AALOAD,
                  Opcodes.BALOAD,
                  Opcodes.CALOAD,
                  Opcodes.SALOAD,
                  Opcodes.IASTORE,
                  Opcodes.LASTORE,
                  Opcodes.FASTORE,
                  Opcodes.DASTORE,
                  Opcodes.AASTORE,
                  Opcodes.BASTORE,
                  Opcodes.CASTORE,
                  Opcodes.SASTORE,
                  Opcodes.IDIV,
                  Opcodes.LDIV,
                  Opcodes.IREM,
                  Opcodes.LREM,
                  Opcodes.ARRAYLENGTH,
                  Opcodes.ATHROW,
                  Opcodes.MONITORENTER,
                  Opcodes.MONITOREXIT ->
                  true;
              default -> false;
            };
        default -> false;
      };
    }
  }

  /** The fields that the code of a class reads or writes. */
  private static void fields(byte[] content, Set<String> fields) {
    ClassNode node = new ClassNode();
    new ClassReader(content).accept(node, 0);
    for (MethodNode method : node.methods) {
      for (AbstractInsnNode instruction : method.instructions) {
        if (instruction instanceof FieldInsnNode field) {
          fields.add(field.owner + '.' + field.name);
        }
      }
    }
  }

  private static byte[] packed(byte[] content) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try {
      Options options = new Options(OutputFormat.DEFLATE, BlockSplitting.FIRST, ITERATIONS);
      new Zopfli(BLOCK).compress(options, content, packed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private void add(Entry entry, byte[] packed) {
    LocalDateTime t = entry.time;
    CRC32 checksum = new CRC32();
    checksum.update(entry.content);
    byte[] common =
        buffer(26)
            .putShort(VERSION)
            .putShort(UTF8)
            .putShort(DEFLATED)
            .putShort((short) (t.getHour() << 11 | t.getMinute() << 5 | t.getSecond() / 2))
            .putShort(
                (short)
                    (t.getYear() - FIRST_YEAR << 9 | t.getMonthValue() << 5 | t.getDayOfMonth()))
            .putInt((int) checksum.getValue())
            .putInt(packed.length)
            .putInt(entry.content.length)
            .putShort((short) entry.name.length)
            .array(); // and nothing extra
    directory.writeBytes(buffer(6).putInt(CENTRAL).putShort(VERSION).array());
    directory.writeBytes(common);
    directory.writeBytes(buffer(14).putInt(10, jar.size()).array()); // no comment, no attributes
    directory.writeBytes(entry.name);
    jar.writeBytes(buffer(4).putInt(LOCAL).array());
    jar.writeBytes(common);
    jar.writeBytes(entry.name);
    jar.writeBytes(packed);
    entries++;
  }

  private byte[] bytes() {
    ByteBuffer end = buffer(22).putInt(END).putInt(0).putShort(entries).putShort(entries);
    end.putInt(directory.size()).putInt(jar.size());
    jar.writeBytes(directory.toByteArray());
    jar.writeBytes(end.array());
    return jar.toByteArray();
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
