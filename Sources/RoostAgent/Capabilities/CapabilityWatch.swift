import RoostModel
import CRoostLinux
import Glibc
import Synchronization

/// Tells when what a scan found may have changed: a tool in a folder of PATH, or one of the agent's files.
///
/// The kernel reports changes; nothing is looked at while nothing happens.
final class CapabilityWatch: Sendable {
    /// Which names in a folder matter; nil is all of them.
    typealias Interests = [String: Set<String>?]

    /// Changes come in bursts, as when a package is installed: the news are told when this long nothing came.
    private static let quiet = Duration.milliseconds(400)
    /// But not later than this after the first.
    private static let longest = Duration.seconds(5)

    private let watch: OwnedDescriptor
    private let stopping: OwnedDescriptor
    private let interests: [Int32: Set<String>?]

    /// Watches folders; nil when the kernel gives no watch.
    ///
    /// A folder that does not exist yet is waited for in the folder above it.
    init?(_ folders: Interests) {
        let descriptor = roost_watch_open()
        guard descriptor >= 0 else { return nil }
        watch = OwnedDescriptor(descriptor)
        stopping = OwnedDescriptor(roost_eventfd())
        var interests: [Int32: Set<String>?] = [:]
        for (folder, names) in folders {
            var (place, wanted) = (folder, names)
            while !FileTree.isFolder(place), let slash = place.lastIndex(of: "/"), slash > place.startIndex {
                wanted = [String(place[place.index(after: slash)...])]
                place = String(place[..<slash])
            }
            let number = roost_watch_folder(descriptor, place)
            guard number >= 0 else { continue }
            // Two folders may be one through a link, or wait in the same folder above.
            if let known = interests[number] {
                interests[number] = known.flatMap { known in wanted.map { known.union($0) } }
            } else {
                interests[number] = .some(wanted)
            }
        }
        self.interests = interests
    }

    /// What a scan depends on.
    static func interests(root: AgentRoot, environment: AgentEnvironment) -> Interests {
        var folders: Interests = [:]
        for folder in environment.pathFolders { folders[folder] = CapabilityTool.programs }
        let own = [AgentRoot.File.capabilities, .environment, .path].map(\.rawValue)
        folders[root.home] = (folders[root.home] ?? [])?.union(own)
        return folders
    }

    /// Waits for a change that matters and the end of its burst; false when its task is cancelled first.
    ///
    /// Changes count from the moment the watch was made. It tells one change; who wants the next makes a new watch before looking at what changed.
    func change() async -> Bool {
        await withTaskCancellationHandler {
            let hasChanged: Bool? = try? await OwnThread.run { deliver in deliver(self.waitForChange()) }
            return hasChanged ?? false
        } onCancel: {
            var one: UInt64 = 1
            _ = write(stopping.number, &one, MemoryLayout<UInt64>.size)
        }
    }

    /// Blocks until something that matters has changed and the burst is over; false when it is to stop.
    private func waitForChange() -> Bool {
        let clock = ContinuousClock()
        var first: ContinuousClock.Instant?
        while true {
            var requests = [
                pollfd(fd: watch.number, events: Int16(POLLIN), revents: 0),
                pollfd(fd: stopping.number, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&requests, 2, first == nil ? -1 : Int32(Self.quiet / .milliseconds(1)))
            if ready < 0, errno == EINTR { continue }
            if ready < 0 || requests[1].revents != 0 { return false }
            if ready == 0 { return true }
            if readEvents() { first = first ?? clock.now }
            if let first, clock.now - first >= Self.longest { return true }
        }
    }

    /// Takes all events that wait; whether one of them matters.
    private func readEvents() -> Bool {
        var matters = false
        while true {
            var count = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: 16 << 10) { buffer, filled in
                count = read(watch.number, buffer.baseAddress, buffer.count)
                filled = max(0, count)
            }
            guard count > 0 else { return matters }
            matters = Self.events(in: bytes).contains(where: isRelevant) || matters
        }
    }

    private func isRelevant(_ event: Event) -> Bool {
        if event.isStale { return true }
        guard let names = interests[event.folder] else { return false }
        return names?.contains(event.name) ?? true
    }

    private struct Event {
        var folder: Int32
        var isStale: Bool
        var name: String
    }

    /// Reads the kernel's records: `wd:i32 mask:u32 cookie:u32 length:u32 name[length]`; see inotify(7).
    private static func events(in bytes: [UInt8]) -> [Event] {
        bytes.withUnsafeBytes { buffer in
            var events: [Event] = []
            var start = 0
            while start + 16 <= buffer.count {
                let length = Int(buffer.loadUnaligned(fromByteOffset: start + 12, as: UInt32.self))
                let end = min(buffer.count, start + 16 + length)
                let name = buffer[(start + 16)..<end].prefix { $0 != 0 }
                let mask = buffer.loadUnaligned(fromByteOffset: start + 4, as: UInt32.self)
                events.append(
                    Event(
                        folder: buffer.loadUnaligned(fromByteOffset: start, as: Int32.self),
                        isStale: roost_watch_is_stale(mask) != 0,
                        name: String(decoding: name, as: UTF8.self)
                    )
                )
                start = end
            }
            return events
        }
    }
}
