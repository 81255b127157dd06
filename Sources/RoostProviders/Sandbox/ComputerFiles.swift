import Foundation
import RoostModel

/// What machines without an image have: the programs of this computer, and what those need to know of it.
///
/// Nothing that belongs to a person or a service is among it: no home, no `/var`, no `/srv`, and of `/etc` what is named here, as far as everybody may read it.
struct ComputerFiles: Sendable {
    /// Further files and folders that are seen, read only; absolute.
    let shown: [String]

    /// Folders of programs; each machine changes its own view of them.
    private static let programs = ["usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32"]

    /// Programs of distributions look for these.
    private static let settings = [
        "alternatives", "bash.bashrc", "ca-certificates", "ca-certificates.conf", "crypto-policies", "debian_version",
        "default/locale", "fonts", "gai.conf", "group", "host.conf", "inputrc", "java", "java-11-openjdk",
        "java-17-openjdk", "java-21-openjdk", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "locale.alias",
        "locale.conf",
        "localtime", "lsb-release", "magic", "mime.types", "networks", "nsswitch.conf", "os-release", "passwd", "perl",
        "pki/ca-trust", "pki/tls/cert.pem", "pki/tls/certs", "profile", "profile.d", "protocols", "python3",
        "redhat-release", "rpc", "services", "shells", "ssl/certs", "ssl/openssl.cnf", "terminfo", "timezone",
    ]

    /// Empty in a machine; the second is for whoever writes there.
    private static let empty = [
        ("etc", 0o755), ("home", 0o755), ("mnt", 0o755), ("opt", 0o755), ("root", 0o700), ("run", 0o755),
        ("srv", 0o755), ("var", 0o755), ("var/cache", 0o755), ("var/lib", 0o755), ("var/log", 0o755),
        ("var/spool", 0o755), ("var/tmp", 0o1777),
    ]

    /// Folders of this computer that have programs; where one is a link, a machine has the same link.
    var covered: [String] { Self.programs.filter { Entry("/\($0)")?.kind == S_IFDIR } }

    /// Whether a machine would see a folder of this computer.
    func shows(_ path: String) -> Bool {
        let real = URL(filePath: path).resolvingSymlinksInPath().path + "/"
        return (covered.map { "/\($0)" } + shown).contains { real.hasPrefix("\($0)/") }
    }

    // MARK: The lowest layer

    /// Everything that is copied or linked, as it is now.
    ///
    /// - Returns: by its place in a machine, such as `etc/passwd`, in the order of places.
    func entries() -> [Entry] {
        let links = Self.programs.compactMap { Entry("/\($0)") }.filter { $0.kind == S_IFLNK }
        return links + Self.settings.flatMap { Self.entries(below: "/etc/\($0)") }
    }

    private static func entries(below path: String) -> [Entry] {
        guard let entry = Entry(path), entry.isPublic else { return [] }
        guard entry.kind == S_IFDIR else { return [entry] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted() ?? []
        return [entry] + names.flatMap { entries(below: "\(path)/\($0)") }
    }

    /// Makes the files that machines without an image begin with.
    ///
    /// - Parameters:
    ///   - entries: what is copied and linked.
    ///   - folder: is not there yet.
    /// - Throws: ``ProviderFailure``.
    func make(_ entries: [Entry], in folder: String) throws(ProviderFailure) {
        try Self.makeFolder(folder, 0o755)
        for (name, mode) in Self.empty { try Self.makeFolder("\(folder)/\(name)", mode_t(mode)) }
        for name in covered { try Self.makeFolder("\(folder)/\(name)", 0o755) }
        for entry in entries { try entry.copy(into: folder) }
    }

    private static func makeFolder(_ path: String, _ mode: mode_t) throws(ProviderFailure) {
        guard mkdir(path, 0o755) == 0, chmod(path, mode) == 0 else { throw ProviderFailure(file: path, errno) }
    }

    /// A file, a folder or a link of this computer.
    struct Entry: Hashable, Sendable {
        let path: String
        let mode: mode_t
        let size: Int
        /// Seconds and nanoseconds of the last change.
        let changed: [Int]

        /// Nil when there is nothing of the kind.
        init?(_ path: String) {
            var status = stat()
            guard lstat(path, &status) == 0, [S_IFREG, S_IFDIR, S_IFLNK].contains(status.st_mode & S_IFMT) else {
                return nil
            }
            self.path = path
            mode = status.st_mode
            size = Int(status.st_size)
            changed = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
        }

        var kind: mode_t { mode & S_IFMT }

        /// Whether everybody may read it.
        var isPublic: Bool {
            switch kind {
            case S_IFDIR: mode & 0o005 == 0o005
            case S_IFREG: mode & 0o004 == 0o004
            default: true
            }
        }

        /// Copies it to the same place below a folder; what has gone meanwhile is left out.
        func copy(into folder: String) throws(ProviderFailure) {
            let target = folder + path
            do {
                let parent = URL(filePath: target).deletingLastPathComponent().path
                try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
                switch kind {
                case S_IFDIR:
                    try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
                case S_IFLNK:
                    guard let end = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else { return }
                    try FileManager.default.createSymbolicLink(atPath: target, withDestinationPath: end)
                default:
                    guard let content = FileManager.default.contents(atPath: path) else { return }
                    try content.write(to: URL(filePath: target))
                    chmod(target, mode & 0o755)
                }
            } catch { throw .failed("\(target) cannot be made: \(error.localizedDescription)") }
        }
    }
}
