import Glibc

/// Programs of this machine by their names.
enum HostPrograms {
    static let defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// The first in the folders of `PATH`.
    static func find(_ name: String, _ environment: [String: String]) throws(ImageBuildFailure) -> String {
        let folders = (environment["PATH"] ?? defaultPath).split(separator: ":")
        for folder in folders where access("\(folder)/\(name)", X_OK) == 0 { return "\(folder)/\(name)" }
        throw .notStarted(program: name, reason: "there is no such program in the folders of PATH")
    }
}
