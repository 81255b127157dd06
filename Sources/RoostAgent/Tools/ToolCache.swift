import Glibc

/// The agent's folder of tools: `_tool/NAME/VERSION/ARCHITECTURE`, complete when `ARCHITECTURE.complete` stands beside it, as hosted images
/// and the tasks of the vendor fill it.
struct ToolCache: Sendable {
    /// One installed version of a tool.
    struct Found: Sendable, Hashable {
        var version: ToolVersion
        /// The folder of the installation.
        var folder: String
    }

    let folder: String

    /// Complete installations of a tool for one processor.
    func versions(of name: String, architecture: String) -> [Found] {
        FileTree.names(in: "\(folder)/\(name)").sorted().compactMap { version in
            let place = "\(folder)/\(name)/\(version)/\(architecture)"
            guard let number = ToolVersion(version), FileTree.isFile("\(place).complete"), FileTree.isFolder(place)
            else {
                return nil
            }
            return Found(version: number, folder: place)
        }
    }

    /// Any complete installation, whatever it is called.
    struct Installation: Sendable, Hashable {
        /// Below the tool cache, such as `node/20.1.0/x64`.
        var name: String
        var folder: String
        /// The file that says that it is complete.
        var mark: String { "\(folder).complete" }
        /// The name as that of a file.
        var noteName: String { String(name.map { $0 == "/" ? "@" : $0 }) }
    }

    /// All complete installations.
    func all() -> [Installation] {
        FileTree.names(in: folder).sorted().flatMap { tool in
            FileTree.names(in: "\(folder)/\(tool)").sorted().flatMap { version in
                let place = "\(folder)/\(tool)/\(version)"
                return FileTree.names(in: place).sorted().compactMap { name -> Installation? in
                    guard name.hasSuffix(".complete") else { return nil }
                    let architecture = String(name.dropLast(9))
                    let found = Installation(
                        name: "\(tool)/\(version)/\(architecture)",
                        folder: "\(place)/\(architecture)"
                    )
                    return FileTree.isRealFolder(found.folder) ? found : nil
                }
            }
        }
    }

    /// Notes that a job uses the installation in which a path lies: the mark's time of access, which nothing else sets, is the last use.
    func noteUse(of path: String) {
        guard path.hasPrefix("\(folder)/") else { return }
        let parts = path.dropFirst(folder.count + 1).split(separator: "/")
        guard parts.count >= 3 else { return }
        let mark = "\(folder)/\(parts.prefix(3).joined(separator: "/")).complete"
        var status = stat()
        guard stat(mark, &status) == 0 else { return }
        utimensat(AT_FDCWD, mark, [timespec(tv_sec: time(nil), tv_nsec: 0), status.st_mtim], 0)
    }

    /// What the vendor's tools call the processor of this machine.
    static var architecture: String {
        var name = utsname()
        guard uname(&name) == 0 else { return "x64" }
        let machine = withUnsafePointer(to: &name.machine) { machine in
            machine.withMemoryRebound(to: CChar.self, capacity: 65) { String(cString: $0) }
        }
        switch machine {
        case "aarch64", "arm64": return "arm64"
        case "x86_64": return "x64"
        case "i386", "i586", "i686": return "x86"
        default: return machine
        }
    }
}
