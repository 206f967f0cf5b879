package dev.lanewise.cli.runs;

import dev.lanewise.cli.options.SmallFile;
import dev.lanewise.cli.print.Problem;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.EdECPublicKey;
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
public final class SigningKey {
  private static final String ALGORITHM = "Ed25519";
  private static final int BYTES = 64; // length of a signature

  // The curve.
  private static final BigInteger PRIME = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  private static final BigInteger NUMERATOR = BigInteger.valueOf(121665); // numerator of -d
  private static final BigInteger DENOMINATOR = BigInteger.valueOf(121666);

  private SigningKey() {}

  /** Returns the signature of a text in Base64. */
  public static String sign(Path key, String text) throws IOException {
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
  public static boolean isSigned(Path key, String text, String signed) throws IOException {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      byte[] encoded = read(key, "public", "PUBLIC");
      PublicKey owner = factory().generatePublic(new X509EncodedKeySpec(encoded));
      if (isOfLowOrder(((EdECPublicKey) owner).getPoint().getY())) {
        throw Problem.failure(
            "--public: %s has a key of low order, for which anybody can sign, expected a key as"
                + " from openssl pkey -in key.pem -pubout -out public.pem",
            key);
      }
      signature.initVerify(owner);
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

  /**
   * Returns whether eight times the point with this y is the neutral element. On the curve of RFC
   * 8032, {@code -x^2 + y^2 = 1 + d x^2 y^2} with {@code d = -121665/121666}, points of order 1 and
   * 2 have {@code y^2 = 1}, those of order 4 have {@code y = 0}, and those of order 8 have {@code
   * x^2 = -y^2}, so that {@code d y^4 + 2 y^2 = 1}.
   */
  private static boolean isOfLowOrder(BigInteger y) {
    BigInteger square = y.multiply(y);
    BigInteger ofEight =
        NUMERATOR
            .multiply(square.multiply(square))
            .subtract(DENOMINATOR.multiply(square.add(square).subtract(BigInteger.ONE)));
    BigInteger all = y.multiply(square.subtract(BigInteger.ONE)).multiply(ofEight);
    return all.mod(PRIME).signum() == 0;
  }

  private static KeyFactory factory() throws NoSuchAlgorithmException {
    return KeyFactory.getInstance(ALGORITHM);
  }

  private static byte[] read(Path key, String option, String kind) throws IOException {
    Matcher pem =
        Pattern.compile("-----BEGIN %1$s KEY-----([^-]*)-----END %1$s KEY-----".formatted(kind))
            .matcher(SmallFile.text(key));
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
          "--%s: this Java runtime has no %s, expected a runtime with the module jdk.crypto.ec",
          option, ALGORITHM);
    }
    String command =
        kind.equals("PRIVATE")
            ? "openssl genpkey -algorithm ed25519 -out key.pem"
            : "openssl pkey -in key.pem -pubout -out public.pem";
    return Problem.failure(
        "--%s: %s is not a PEM file with an %s %s KEY, expected a file as from %s",
        option, key, ALGORITHM, kind, command);
  }
}
