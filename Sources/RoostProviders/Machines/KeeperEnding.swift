import CRoostLinux
import Dispatch
import Glibc
import RoostModel

/// Ends the keeper of a machine, and with it all that runs on the machine.
struct KeeperEnding: Sendable {
    let place: MachinePlace

    /// A machine whose processes hang in the kernel takes longer, and is tried again.
    private static let patience: UInt64 = 30_000_000_000
    /// A keeper that has just been made has no socket yet.
    private static let pause: useconds_t = 2_000

    /// Waits until it is gone; not for a thread of tasks.
    ///
    /// - Throws: ``ProviderFailure/failed(_:)`` when it does not end.
    func run() throws(ProviderFailure) {
        let begin = DispatchTime.now().uptimeNanoseconds
        while place.isAlive {
            if !ask() { usleep(Self.pause) }
            guard DispatchTime.now().uptimeNanoseconds - begin < Self.patience else {
                throw .failed("The processes of the machine in \(place.path) do not end")
            }
        }
    }

    /// Whether the keeper took the request and has closed its end.
    private func ask() -> Bool {
        let socket = roost_keeper_connect(place.path)
        guard socket >= 0 else { return false }
        defer { close(socket) }
        guard send(socket, "e", 1, Int32(MSG_NOSIGNAL)) == 1 else { return false }
        var source = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&source, 1, 10_000) > 0
    }
}
