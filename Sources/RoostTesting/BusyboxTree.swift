import Foundation

/// A root file system of a few files with Debian's static busybox, for tests that build images.
public enum BusyboxTree {
    /// The program; nil when the package `busybox-static` is not installed.
    public static let program = ["/bin/busybox", "/usr/bin/busybox"].first {
        FileManager.default.fileExists(atPath: $0)
    }

    /// Makes one in a folder that is not there yet; nothing without the program.
    public static func make(_ folder: String) throws {
        guard let program else { return }
        let files = FileManager.default
        for name in ["bin", "etc", "root", "var/log", "var/lib/dpkg"] {
            try files.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        try files.copyItem(atPath: program, toPath: "\(folder)/bin/busybox")
        let names = [
            "sh", "cat", "ls", "id", "rm", "mkdir", "chmod", "mount", "hostname", "sleep", "ps", "mv", "ln", "grep",
            "tee", "head", "sha256sum", "echo",
        ]
        for name in names {
            try files.createSymbolicLink(atPath: "\(folder)/bin/\(name)", withDestinationPath: "busybox")
        }
        try write("root:x:0:0::/root:/bin/sh\ndaemon:x:1:1::/:/bin/sh\n", "\(folder)/etc/passwd")
        try write("root:x:0:\ndaemon:x:1:\n", "\(folder)/etc/group")
    }

    private static func write(_ text: String, _ path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }
}
