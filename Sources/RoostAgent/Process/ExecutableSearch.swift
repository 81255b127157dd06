import Glibc

/// Finds programs the way a shell does.
public enum ExecutableSearch {
    /// The folders of a PATH when a job's environment has none.
    public static let defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// The absolute path of a program; nil when there is none in the folders of `path`.
    public static func find(_ name: String, path: String?) -> String? {
        if name.utf8.contains(UInt8(ascii: "/")) { return isExecutable(name) ? name : nil }
        for folder in (path ?? defaultPath).split(separator: ":") where folder.hasPrefix("/") {
            let candidate = "\(folder)/\(name)"
            if isExecutable(candidate) { return candidate }
        }
        return nil
    }

    /// As ``find(_:path:)``.
    ///
    /// - Throws: ``ProcessFailure/programNotFound(_:path:)``.
    static func require(_ name: String, path: String?) throws(ProcessFailure) -> String {
        guard let found = find(name, path: path) else {
            throw .programNotFound(name, path: path ?? defaultPath)
        }
        return found
    }

    static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        return access(path, X_OK) == 0
    }
}
