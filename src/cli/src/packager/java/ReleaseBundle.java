import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/**
 * Makes the archive that one uploads to Maven Central, and checks it against Central's requirements
 * (https://central.sonatype.org/publish/requirements/): {@code java ReleaseBundle.java ROOT VERSION
 * TIMESTAMP}. It publishes nothing. The same sources give the same bytes, apart from signatures.
 */
final class ReleaseBundle {
  private static final String GROUP = "dev/lanewise/";

  /** The modules, whose folders are in src. */
  private static final List<String> MODULES = List.of("cli", "core", "models", "tables");

  private static final List<String> POM =
      List.of("name", "description", "url", "licenses", "developers", "scm");

  private static final List<String> DIGESTS = List.of("MD5", "SHA-1", "SHA-256", "SHA-512");

  private final Path root;
  private final String version;
  private final Map<String, byte[]> files = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();
  private int unsigned; // files

  private ReleaseBundle(Path root, String version) {
    this.root = root;
    this.version = version;
  }

  public static void main(String[] args) throws Exception {
    ReleaseBundle bundle = new ReleaseBundle(Path.of(args[0]), args[1]);
    bundle.take("lanewise-parent", "");
    for (String module : MODULES) {
      bundle.take("lanewise-" + module, "src/" + module);
    }
    Path zip = bundle.root.resolve("target/lanewise-" + args[1] + "-bundle.zip");
    bundle.write(zip, Instant.parse(args[2]));
    System.out.println(zip + ": " + bundle.files.size() + " files");
    if (args[1].endsWith("-SNAPSHOT")) {
      System.out.println("Central takes no snapshots: mvn versions:set sets another version.");
    }
    if (bundle.unsigned > 0) {
      System.out.println("Central takes signed files only: -Dgpg.keyname=KEY signs them.");
    }
    if (!bundle.faults.isEmpty()) {
      throw new IOException("Central would refuse: " + String.join("; ", bundle.faults));
    }
  }

  /** Takes the files of a module, with their signatures and digests. */
  private void take(String artifact, String folder) throws Exception {
    Path module = root.resolve(folder);
    Path target = module.resolve("target");
    String name = artifact + "-" + version;
    add(artifact, name + ".pom", module.resolve("pom.xml"), target);
    checkPom(artifact, Files.readString(module.resolve("pom.xml")), folder.isEmpty());
    for (String bom : List.of("json", "xml")) {
      add(artifact, name + "-cyclonedx." + bom, target.resolve("bom." + bom), target);
    }
    if (folder.isEmpty()) {
      return; // of packaging pom, without jars
    }
    for (String kind : List.of("", "-sources", "-javadoc")) {
      Path jar = target.resolve(name + kind + ".jar");
      add(artifact, name + kind + ".jar", jar, target);
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        if (zip.getEntry("META-INF/LICENSE") == null) {
          faults.add(jar.getFileName() + " has no META-INF/LICENSE");
        }
      }
    }
  }

  private void add(String artifact, String name, Path file, Path target) throws Exception {
    if (!Files.isRegularFile(file)) {
      faults.add("no " + file);
      return;
    }
    String path = GROUP + artifact + "/" + version + "/" + name;
    put(path, Files.readAllBytes(file));
    Path signature = target.resolve(name + ".asc");
    if (!Files.isRegularFile(signature)) {
      signature = target.resolve(file.getFileName() + ".asc");
    }
    if (Files.isRegularFile(signature)) {
      put(path + ".asc", Files.readAllBytes(signature));
    } else {
      unsigned++;
    }
  }

  private void put(String path, byte[] bytes) throws NoSuchAlgorithmException {
    files.put(path, bytes);
    for (String digest : DIGESTS) {
      String ending = digest.toLowerCase().replace("-", "");
      String text = HexFormat.of().formatHex(MessageDigest.getInstance(digest).digest(bytes));
      files.put(path + "." + ending, text.getBytes());
    }
  }

  /** Checks that the pom, or its parent, says what Central asks for. */
  private void checkPom(String artifact, String text, boolean isParent) throws Exception {
    Document pom =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(text)));
    Element project = pom.getDocumentElement();
    for (String element : isParent ? POM : POM.subList(0, 2)) {
      if (child(project, element) == null) {
        faults.add(artifact + ": no <" + element + "> in its pom");
      }
    }
    Element holder = isParent ? project : child(project, "parent");
    if (holder == null || !version.equals(child(holder, "version").getTextContent())) {
      faults.add(artifact + ": another version than " + version);
    }
  }

  private static Element child(Element parent, String name) {
    for (var node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        return element;
      }
    }
    return null;
  }

  private void write(Path zip, Instant time) throws IOException {
    try (OutputStream out = Files.newOutputStream(zip);
        ZipOutputStream entries = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        ZipEntry entry = new ZipEntry(file.getKey());
        entry.setTimeLocal(time.atOffset(ZoneOffset.UTC).toLocalDateTime());
        entries.putNextEntry(entry);
        entries.write(file.getValue());
        entries.closeEntry();
      }
    }
  }
}
