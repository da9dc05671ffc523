package dev.heddle.gateway.testing;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;

/** Certificates that nobody trusts, made by the JDK's own {@code keytool}. */
final class SelfSigned {
    private static final String PASSWORD = "password";

    private SelfSigned() {}

    /** TLS under a new one, for 127.0.0.1. */
    static SslContext serverContext() {
        try {
            Path directory = Files.createTempDirectory("self-signed");
            Path store = directory.resolve("keys.p12");
            make(store);
            var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            Files.delete(store);
            Files.delete(directory);
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, PASSWORD.toCharArray());
            return SslContextBuilder.forServer(managers).build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void make(Path store) throws IOException {
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var made = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "tool",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start()
                .onExit()
                .join();
        if (made.exitValue() != 0) {
            throw new IllegalStateException("keytool ended with " + made.exitValue());
        }
    }
}
