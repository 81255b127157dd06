import Foundation
import RoostImages
import RoostModel

/// How a machine is started.
struct VMLaunch: Sendable {
    let place: VMFolder
    let order: MachineOrder
    /// The path of `roost`.
    let door: String
    let shape: VMShape
    /// In whose memory it goes on; nil for one that starts from its disk.
    var template: VMTemplate?

    /// Where the network that QEMU makes has the machine it runs on.
    private static let host = "10.0.2.2"

    func machine() throws(ProviderFailure) -> QEMUMachine {
        var machine = QEMUMachine(disk: place.disk, form: .qcow2, memory: shape.memory, processors: shape.processors)
        machine.isFast = shape.isFast
        // One that waits was handed this, and must find the same.
        machine.values = template?.values ?? place.values
        var detachment = QEMUMachine.Detachment(
            name: order.tag.name,
            processFile: place.process,
            console: place.console,
            seed: place.seed,
            port: template == nil ? .file(place.said) : .socket("port")
        )
        detachment.saved = template?.memory
        machine.detachment = detachment
        switch order.network {
        case .host: machine.network = .open
        case .server:
            do { machine.network = .door(try RoostImages.ServerDoor(to: order.joining.url), program: door) } catch {
                throw .failed(error.summary)
            }
        }
        return machine
    }

    /// What its agent reads.
    func values(_ machine: QEMUMachine) throws(ProviderFailure) -> String {
        var url = order.joining.url
        var serverDoor: RoostImages.ServerDoor?
        if case .door(let door, _) = machine.network {
            serverDoor = door
        } else if let host = url.host(), host == "localhost" || host.hasPrefix("127.") {
            var parts = URLComponents(url: url, resolvingAgainstBaseURL: false)
            parts?.host = Self.host
            url = parts?.url ?? url
        }
        let joining = order.joining
        let values = BootValues(
            url: url,
            pool: joining.pool,
            agent: joining.agent,
            token: joining.token,
            authority: joining.authority
        )
        do { return try values.text(door: serverDoor) } catch { throw .failed(error.summary) }
    }

    /// What QEMU's own process may not do any more: gain rights, take more of the machine than others.
    ///
    /// It has to begin a session of its own, which its option `elevateprivileges` would forbid, and start the door to the server.
    static let walls = ["-sandbox", "on,obsolete=deny,resourcecontrol=deny"]
}
