package dev.lanewise.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.SmallFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/** The certificate of a server and its key in PEM files (RFC 7468). */
final class TlsFiles {
  private static final Pattern KEY =
      Pattern.compile("(?s)-----BEGIN ([A-Z ]*PRIVATE KEY)-----(.*?)-----END \\1-----");

  /** What TLS in Java accepts, each with a signature that shows whether key and certificate fit. */
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA");

  private TlsFiles() {}

  /**
   * Reads a certificate and its key. Certificates of its issuers may follow the certificate in its
   * file.
   *
   * @throws Problem if one of them cannot be used, or the key belongs to another certificate
   */
  static SSLSocketFactory read(Path chainFile, Path keyFile, Output output) throws IOException {
    String text = KEY.matcher(SmallFile.text(chainFile)).replaceAll(""); // some have both
    String base64 = key(keyFile);
    char[] none = new char[0];
    try {
      Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(text.getBytes(ISO_8859_1)))
              .toArray(new Certificate[0]);
      if (chain.length == 0) {
        throw wrong("cert", chainFile, "has no certificate, expected -----BEGIN CERTIFICATE-----");
      }
      X509Certificate own = (X509Certificate) chain[0];
      String kind = own.getPublicKey().getAlgorithm();
      if (!SIGNATURES.containsKey(kind)) {
        throw wrong("cert", chainFile, "has a key of the kind " + kind + ", expected RSA or EC");
      }
      PrivateKey key;
      try {
        byte[] encoded = Base64.getMimeDecoder().decode(base64);
        key = KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        Signature signature = Signature.getInstance(SIGNATURES.get(kind));
        signature.initSign(key);
        byte[] signed = signature.sign(); // signs the empty text
        signature.initVerify(own);
        if (!signature.verify(signed)) {
          throw new InvalidKeySpecException("its key is another one");
        }
      } catch (InvalidKeySpecException | IllegalArgumentException e) {
        throw wrong("key", keyFile, "is not the key of the first certificate in " + chainFile);
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, none);
      store.setKeyEntry("server", key, none, chain);
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, none);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      if (own.getNotAfter().getTime() < System.currentTimeMillis()) {
        output.hint(
            "%s: the certificate expired at %s, so that clients refuse it",
            chainFile, own.getNotAfter().toInstant());
      }
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      String expected = "expected the certificate of this server first, then that of each issuer";
      throw wrong("cert", chainFile, "cannot be used (" + e.getMessage() + "), " + expected);
    }
  }

  /** Reads a key in PKCS#8, in Base64. */
  private static String key(Path file) throws IOException {
    Matcher found = KEY.matcher(SmallFile.text(file));
    if (!found.find()) {
      throw wrong("key", file, "has no key, expected -----BEGIN PRIVATE KEY-----");
    } else if (!found.group(1).equals("PRIVATE KEY")) {
      String command = "openssl pkcs8 -topk8 -nocrypt -in " + file + " -out key.pem";
      String label = found.group(1);
      throw wrong("key", file, "has an " + label + ", expected a PRIVATE KEY, as by " + command);
    }
    return found.group(2);
  }

  private static Problem wrong(String option, Path file, String text) {
    return Problem.failure("--tls-%s: %s %s", option, file, text);
  }
}
