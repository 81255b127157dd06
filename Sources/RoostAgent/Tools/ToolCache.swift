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
