import Foundation
import RoostTesting

/// Hears from the kernel when files of a folder change.
final class FolderWatch: Sendable {
    private let descriptor: Int32

    init(_ folder: String) throws {
        descriptor = inotify_init1(O_CLOEXEC)
        guard descriptor >= 0, inotify_add_watch(descriptor, folder, UInt32(IN_MODIFY | IN_CREATE | IN_MOVED_TO)) >= 0
        else { throw TestFailure("\(folder) cannot be watched") }
    }

    deinit { close(descriptor) }

    /// Waits for changes since it was asked last.
    func next() async throws {
        let descriptor = descriptor
        try await offThread {
            try Patience.wait(for: descriptor, "a change of the folder")
            var events = [UInt8](repeating: 0, count: 4096)
            guard read(descriptor, &events, events.count) > 0 else { throw TestFailure("changes cannot be read") }
        }
    }
}
