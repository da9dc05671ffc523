package dev.heddle.gateway.testing;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Reads how much another JVM on this machine has allocated on its heap since it began, by all its threads. */
public final class AllocationMeter implements AutoCloseable {
    private final JMXConnector connector;
    private final ThreadMXBean threads;

    @SuppressWarnings("BanJNDI") // The address is that of a process on this machine, told by that process.
    public AllocationMeter(long pid) {
        try {
            this.connector = JMXConnectorFactory.connect(new JMXServiceURL(agentOf(pid)));
            this.threads = ManagementFactory.newPlatformMXBeanProxy(
                    connector.getMBeanServerConnection(), ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
        } catch (IOException | AttachNotSupportedException error) {
            throw new IllegalStateException("process " + pid + " cannot be asked", error);
        }
    }

    public long bytes() {
        return threads.getTotalThreadAllocatedBytes();
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }

    private static String agentOf(long pid) throws IOException, AttachNotSupportedException {
        var machine = VirtualMachine.attach(Long.toString(pid));
        try {
            return machine.startLocalManagementAgent();
        } finally {
            machine.detach();
        }
    }
}
