import Foundation
import Glibc

/// Processes that have a certain entry in their environment.
enum MarkedProcesses {
    /// Asks all of them to end: with SIGINT, upon which packer takes away what it made in a cloud.
    ///
    /// - Returns: whether there is none left, so that what they used may go.
    static func end(_ entry: String) -> Bool {
        let found = all(entry)
        for process in found { kill(process, SIGINT) }
        return found.isEmpty
    }

    static func all(_ entry: String) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { process in
            guard let handle = FileHandle(forReadingAtPath: "/proc/\(process)/environ"),
                let data = try? handle.readToEnd()
            else { return false }
            return data.split(separator: 0).contains { String(decoding: $0, as: UTF8.self) == entry }
        }
    }
}
