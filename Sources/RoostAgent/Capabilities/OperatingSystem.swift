import Glibc

/// The system a machine runs, as `/etc/os-release` names it.
struct OperatingSystem: Hashable, Sendable {
    /// Such as `debian`.
    var id: String?
    /// Such as `13`.
    var version: String?
    /// Such as `Debian GNU/Linux 13 (trixie)`.
    var prettyName: String?

    static let current = OperatingSystem(
        SmallFile.read("/etc/os-release") ?? SmallFile.read("/usr/lib/os-release") ?? ""
    )

    /// Reads the text of an os-release file; see os-release(5).
    init(_ text: String) {
        let pairs = LineFile.parse(text)
        let value: (String) -> String? = { name in
            guard let found = pairs.first(where: { $0.name == name })?.value else { return nil }
            let plain = found.filter { $0 != "\"" && $0 != "'" }
            return plain.isEmpty ? nil : plain
        }
        id = value("ID")
        version = value("VERSION_ID")
        prettyName = value("PRETTY_NAME")
    }

    /// For people: `Linux 6.12.9 (Debian GNU/Linux 13 (trixie))`.
    var description: String { "Linux \(MachineFacts.kernel)" + (prettyName.map { " (\($0))" } ?? "") }

    /// Processors this process may use.
    static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Memory of the machine in MiB.
    static var memory: Int { sysconf(Int32(_SC_PHYS_PAGES)) / 1024 * sysconf(Int32(_SC_PAGESIZE)) / 1024 }
}
