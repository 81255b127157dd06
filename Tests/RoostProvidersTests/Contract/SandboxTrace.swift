import Testing

/// Something that a job may leave on a machine.
struct SandboxTrace: Sendable, CustomTestStringConvertible {
    var name: String
    /// Leaves it.
    var leave: String
    /// Writes something when it is there.
    var look: String
    /// Whether it can be left at all; else it must not be there even before the reimage.
    var isPossible = true

    var testDescription: String { name }

    static let all: [SandboxTrace] = [
        file("file in /", "/trace"), file("file in /tmp", "/tmp/trace"), file("file in /var/tmp", "/var/tmp/trace"),
        file("file in /dev/shm", "/dev/shm/trace"), file("file in the home folder", "/root/.trace"),
        file("work folder", "/var/lib/roost-agent/_work/1/trace"), file("tool cache", "/opt/hostedtoolcache/trace"),
        file("environment file of the agent", "/var/lib/roost-agent/.env"),
        file("git configuration", "/root/.gitconfig"),
        file("ssh key", "/root/.ssh/id_ed25519"), file("system's git configuration", "/etc/gitconfig"),
        file("cron table", "/var/spool/cron/crontabs/root"), file("cron entry", "/etc/cron.d/trace"),
        file("program on the path", "/usr/bin/trace"), file("profile", "/etc/profile.d/trace.sh"),
        process("process in a session of its own", "/bin/busybox setsid sleep 7101 &", "7101"),
        process("process that was forked twice", "( (sleep 7102 &) &)", "7102"),
        process("process that is deaf to hang-ups", "(trap '' HUP TERM INT; exec sleep 7103) &", "7103"),
        process("process with its own mounts", "/bin/busybox unshare -Urm sh -c 'sleep 7104' &", "7104"),
        SandboxTrace(
            name: "mount",
            leave: "mkdir -p /mnt; mount -t tmpfs none /mnt",
            look: "grep ' /mnt ' /proc/mounts",
            isPossible: false
        ),
        SandboxTrace(
            name: "user",
            leave: "echo 'eve:x:1001:1001::/home/eve:/bin/sh' >> /etc/passwd",
            look: "grep eve /etc/passwd"
        ),
        SandboxTrace(
            name: "installed package",
            leave: "echo 'Package: trace' >> /var/lib/dpkg/status",
            look: "grep trace /var/lib/dpkg/status"
        ),
        SandboxTrace(name: "removed file", leave: "rm /etc/group", look: "[ -e /etc/group ] || echo gone"),
        SandboxTrace(
            name: "changed rights",
            leave: "chmod 777 /etc; chmod 666 /etc/passwd",
            look: "ls -ld /etc /etc/passwd | grep -e drwxrwxrwx -e -rw-rw-rw-"
        ),
        SandboxTrace(
            name: "name of the machine",
            leave: "hostname evil",
            look: "hostname | grep evil",
            isPossible: false
        ),
        SandboxTrace(
            name: "listening port",
            leave: "(/bin/busybox nc -ll -p 7778 -e cat >/dev/null 2>&1 &); "
                + "while ! cat /proc/net/tcp* | grep -q :1E62; do :; done",
            look: "cat /proc/net/tcp* | grep :1E62"
        ),
        SandboxTrace(
            name: "route",
            leave: "/bin/busybox ip route add 10.9.9.0/24 dev lo",
            look: "/bin/busybox ip route | grep 10.9.9",
            isPossible: false
        ),
        SandboxTrace(
            name: "setting of the kernel",
            // What it is already, so that nothing happens to this computer if it can be written.
            leave: "cat /proc/sys/kernel/printk > /proc/sys/kernel/printk && echo 1 > /dev/shm/set",
            look: "[ ! -e /dev/shm/set ] || echo set",
            isPossible: false
        ),
        SandboxTrace(name: "shared memory", leave: "/opt/ipcmk -M 4096", look: "grep -v key /proc/sysvipc/shm"),
        SandboxTrace(name: "semaphores", leave: "/opt/ipcmk -S 2", look: "grep -v key /proc/sysvipc/sem"),
        SandboxTrace(name: "message queue", leave: "/opt/ipcmk -Q", look: "grep -v key /proc/sysvipc/msg"),
    ]

    private static func file(_ name: String, _ path: String) -> SandboxTrace {
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        return SandboxTrace(
            name: name,
            leave: "mkdir -p /\(folder); echo trace > \(path)",
            look: "[ ! -e \(path) ] || cat \(path)"
        )
    }

    private static func process(_ name: String, _ command: String, _ time: String) -> SandboxTrace {
        // The brackets keep the search from finding itself.
        let pattern = "\(time.dropLast())[\(time.suffix(1))]"
        return SandboxTrace(
            name: name,
            leave: "{ \(command) } >/dev/null 2>&1; while ! ps | grep -q \(pattern); do :; done",
            look: "ps | grep \(pattern)"
        )
    }
}
