package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The types that users of the library see: few, and complete in themselves. */
class ExportedTypesTest {
  private static final List<String> MODULES = List.of("engine", "core", "models", "tables", "cli");

  /** A comment before a package, or before a public or protected class or member. */
  private static final Pattern JAVADOC =
      Pattern.compile(
          "(?s)/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@\\w+(?:\\([^)]*\\))?\\s*)*(?:public|protected|package)\\b");

  /** A class in a link or in code. */
  private static final Pattern NAME =
      Pattern.compile("\\{@(?:code|link|linkplain)\\s+(?:\\*\\s+)?[a-z.]*([A-Z]\\w+)");

  /** Public are the types that a user names; what only Lanewise needs is in internal packages. */
  @ParameterizedTest
  @CsvSource({"engine core, 47", "models tables, 70", "cli, 11"})
  void fewTypesArePublic(String modules, int most) throws IOException {
    Set<String> names = new TreeSet<>();
    for (String module : modules.split(" ")) {
      for (Class<?> type : exported(module)) {
        names.add(outermost(type).getName());
      }
    }
    assertTrue(names.size() > 5, names::toString);
    assertTrue(names.size() <= most, () -> names.size() + " types: " + names);
  }

  @Test
  void signaturesNameOnlyTypesThatAreExported() throws IOException {
    Set<String> packages = new HashSet<>();
    List<Class<?>> all = new ArrayList<>();
    for (String module : MODULES) {
      packages.addAll(packages(module));
      all.addAll(exported(module));
    }
    Set<String> leaks = new TreeSet<>();
    for (Class<?> type : all) {
      for (Type named : named(type)) {
        classes(named, new HashSet<>())
            .filter(found -> found.getName().startsWith("dev.lanewise."))
            .filter(found -> !packages.contains(found.getPackageName()))
            .forEach(found -> leaks.add(type.getName() + " names " + found.getName()));
      }
    }
    assertEquals(Set.of(), leaks);
  }

  /** Javadoc of a member that users see names no class that they do not see. */
  @Test
  void javadocNamesOnlyTypesThatAreExported() throws IOException {
    Set<String> hidden = new HashSet<>();
    List<Path> seen = new ArrayList<>();
    for (String module : MODULES) {
      Path sources = OwnJvm.ROOT.resolve("src/" + module + "/src/main/java");
      Set<String> packages = packages(module);
      try (Stream<Path> files = Files.walk(sources)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          Path folder = sources.relativize(file).getParent();
          boolean isExported =
              folder != null && packages.contains(folder.toString().replace('/', '.'));
          String text = Files.readString(file);
          boolean isOfPackage = file.endsWith("package-info.java");
          if (isExported && (isOfPackage || Pattern.compile("(?m)^public ").matcher(text).find())) {
            seen.add(file);
          }
          if (!seen.contains(file)) {
            hidden.add(file.getFileName().toString().replace(".java", ""));
          }
        }
      }
    }
    seen.forEach(file -> hidden.remove(file.getFileName().toString().replace(".java", "")));
    Set<String> found = new TreeSet<>();
    for (Path file : seen) {
      Matcher comment = JAVADOC.matcher(Files.readString(file));
      while (comment.find()) {
        Matcher name = NAME.matcher(comment.group(1));
        while (name.find()) {
          if (hidden.contains(name.group(1))) {
            found.add(file.getFileName() + ": " + name.group());
          }
        }
      }
    }
    assertTrue(seen.size() > 100 && hidden.contains("TrainingLoop"));
    assertEquals(Set.of(), found);
  }

  /** Returns the packages that a module exports to everybody. */
  private static Set<String> packages(String module) throws IOException {
    Path file = classes(module).resolve("module-info.class");
    try (InputStream in = Files.newInputStream(file)) {
      Set<String> found = new HashSet<>();
      for (ModuleDescriptor.Exports export : ModuleDescriptor.read(in).exports()) {
        if (!export.isQualified()) {
          found.add(export.source());
        }
      }
      return found;
    }
  }

  /** Returns the classes that are public, and nested in public ones alone. */
  private static List<Class<?>> exported(String module) throws IOException {
    List<Class<?>> found = new ArrayList<>();
    for (String name : packages(module)) {
      try (Stream<Path> files = Files.list(classes(module).resolve(name.replace('.', '/')))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
          String simple = file.getFileName().toString().replace(".class", "");
          if (!simple.equals("package-info")) {
            Class<?> type = load(name + "." + simple);
            if (isSeen(type)) {
              found.add(type);
            }
          }
        }
      }
    }
    return found;
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, ExportedTypesTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isSeen(Class<?> type) {
    boolean isPublic = (type.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0;
    return isPublic && (type.getEnclosingClass() == null || isSeen(type.getEnclosingClass()));
  }

  private static Class<?> outermost(Class<?> type) {
    return type.getEnclosingClass() == null ? type : outermost(type.getEnclosingClass());
  }

  /** Returns the types in the declaration of a class and of its public and protected members. */
  private static List<Type> named(Class<?> type) {
    List<Type> all = new ArrayList<>(List.of(type.getGenericInterfaces()));
    if (type.getGenericSuperclass() != null) {
      all.add(type.getGenericSuperclass());
    }
    List<Executable> members = new ArrayList<>(List.of(type.getDeclaredConstructors()));
    members.addAll(List.of(type.getDeclaredMethods()));
    for (Executable member : members) {
      if (isSeen(member.getModifiers()) && !member.isSynthetic()) {
        all.addAll(List.of(member.getGenericParameterTypes()));
        all.addAll(List.of(member.getGenericExceptionTypes()));
        if (member instanceof Method method) {
          all.add(method.getGenericReturnType());
        }
      }
    }
    for (Field field : type.getDeclaredFields()) {
      if (isSeen(field.getModifiers()) && !field.isSynthetic()) {
        all.add(field.getGenericType());
      }
    }
    return all;
  }

  private static boolean isSeen(int modifiers) {
    return (modifiers & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0;
  }

  /** Returns the classes that a type consists of. */
  private static Stream<Class<?>> classes(Type type, Set<Type> known) {
    if (!known.add(type)) {
      return Stream.of();
    } else if (type instanceof Class<?> one) {
      return one.isArray() ? classes(one.getComponentType(), known) : Stream.of(one);
    } else if (type instanceof GenericArrayType array) {
      return classes(array.getGenericComponentType(), known);
    } else if (type instanceof ParameterizedType generic) {
      Stream<Class<?>> raw = classes(generic.getRawType(), known);
      Stream<Type> parts = Stream.of(generic.getActualTypeArguments());
      return Stream.concat(raw, parts.flatMap(part -> classes(part, known)));
    }
    Type[] bounds =
        type instanceof WildcardType wildcard
            ? wildcard.getUpperBounds()
            : ((TypeVariable<?>) type).getBounds();
    return Stream.of(bounds).flatMap(bound -> classes(bound, known));
  }

  private static Path classes(String module) {
    return OwnJvm.ROOT.resolve("src/" + module + "/target/classes");
  }
}
