package dev.lanewise.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Signs and checks texts with Ed25519 (RFC 8032) and keys in PEM files: PKCS#8 for the private key,
 * as {@code openssl genpkey -algorithm ed25519} writes it, X.509 for the public one, as {@code
 * openssl pkey -pubout} does.
 */
final class SigningKey {
  private static final String ALGORITHM = "Ed25519";
  private static final int BYTES = 64; // of a signature

  private SigningKey() {}

  /** Returns the signature of a text in Base64. */
  static String sign(Path key, String text) throws IOException {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      byte[] encoded = read(key, "sign", "PRIVATE");
      signature.initSign(factory().generatePrivate(new PKCS8EncodedKeySpec(encoded)));
      signature.update(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw wrong(key, "sign", "PRIVATE", e);
    }
  }

  /** Returns whether a signature in Base64 is that of a text by the owner of a public key. */
  static boolean isSigned(Path key, String text, String signed) throws IOException {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      byte[] encoded = read(key, "public", "PUBLIC");
      signature.initVerify(factory().generatePublic(new X509EncodedKeySpec(encoded)));
      signature.update(text.getBytes(StandardCharsets.UTF_8));
      byte[] bytes = Base64.getDecoder().decode(signed);
      // The JDK also confirms a signature with a further byte, and Base64 has texts of equal bytes.
      boolean isOne =
          bytes.length == BYTES && Base64.getEncoder().encodeToString(bytes).equals(signed);
      return isOne && signature.verify(bytes);
    } catch (IllegalArgumentException | SignatureException e) { // no Base64, or no signature
      return false;
    } catch (GeneralSecurityException e) {
      throw wrong(key, "public", "PUBLIC", e);
    }
  }

  private static KeyFactory factory() throws NoSuchAlgorithmException {
    return KeyFactory.getInstance(ALGORITHM);
  }

  private static byte[] read(Path key, String option, String kind) throws IOException {
    Matcher pem =
        Pattern.compile("-----BEGIN %1$s KEY-----([^-]*)-----END %1$s KEY-----".formatted(kind))
            .matcher(FileDigest.text(key));
    if (!pem.find()) {
      throw wrong(key, option, kind, null);
    }
    try {
      return Base64.getMimeDecoder().decode(pem.group(1));
    } catch (IllegalArgumentException e) {
      throw wrong(key, option, kind, null);
    }
  }

  private static Problem wrong(Path key, String option, String kind, Exception e) {
    if (e instanceof NoSuchAlgorithmException) {
      return Problem.failure(
          "--%s: this Java runtime has no %s, expected one with the module jdk.crypto.ec",
          option, ALGORITHM);
    }
    String command =
        kind.equals("PRIVATE")
            ? "openssl genpkey -algorithm ed25519 -out key.pem"
            : "openssl pkey -in key.pem -pubout -out public.pem";
    return Problem.failure(
        "--%s: %s is no PEM file with an %s %s KEY, expected one as by %s",
        option, key, ALGORITHM, kind, command);
  }
}
