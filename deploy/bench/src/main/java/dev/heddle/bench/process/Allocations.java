package dev.heddle.bench.process;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Counts exactly what another JVM allocates, as its threads count it. The JVM is made to serve JMX for that, which costs
 * it some threads and megabytes: let it go before those are measured.
 */
public final class Allocations implements AutoCloseable {
    private final JMXConnector connector;
    private final MBeanServerConnection connection;

    private Allocations(JMXConnector connector) throws IOException {
        this.connector = connector;
        this.connection = connector.getMBeanServerConnection();
    }

    @SuppressWarnings("BanJNDI") // The address is that of a child of ours.
    public static Allocations of(Child jvm) {
        try {
            var machine = VirtualMachine.attach(Long.toString(jvm.pid()));
            var address = machine.startLocalManagementAgent();
            machine.detach();
            return new Allocations(JMXConnectorFactory.connect(new JMXServiceURL(address)));
        } catch (AttachNotSupportedException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of all threads since the start, those that have ended among them. */
    public long bytes() {
        try {
            var threads = new ObjectName("java.lang:type=Threading");
            return (Long) connection.getAttribute(threads, "TotalThreadAllocatedBytes");
        } catch (JMException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            connector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
