import CRoostLinux
import Foundation
import RoostControlGroups
import RoostModel

/// Machines that are folders and processes of the server's own user.
struct ProcessForm: MachineForm {
    static let keepsApart = false
    let program: MachineProgramChoice
    let groups: ControlGroups

    func readiness() async -> ProviderReadiness {
        if let failure = program.failure { return ProviderReadiness(failure: failure) }
        let walls = [
            "Machines share files, network and users with this computer: a job can read what the server's user can read.",
            "Machines have no image.",
        ]
        return ProviderReadiness(limits: walls + groups.limits)
    }

    func base(for order: MachineOrder) async throws(ProviderFailure) {
        if let image = order.image {
            throw .image(name: image.name, "machines of the provider 'process' are made of no image")
        }
    }

    func keeperOrder(
        _ order: MachineOrder,
        _ base: Void,
        _ place: MachinePlace,
        leaves: [String]
    ) async throws(ProviderFailure) -> KeeperOrder {
        let folder = place.generation(order.tag.generation)
        // The machine's own folder is not made: one that somebody deletes at this moment does not come back.
        for path in [folder] + ["home", "tmp", "agent"].map({ "\(folder)/\($0)" }) {
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw ProviderFailure(file: path, errno) }
        }
        return KeeperOrder(
            folder: place.path,
            leaves: leaves,
            workingFolder: "\(folder)/home",
            program: program.executable,
            arguments: program.arguments(root: "\(folder)/agent"),
            environment: [
                "PATH": MachineProgramChoice.path, "HOME": "\(folder)/home", "TMPDIR": "\(folder)/tmp",
                "LANG": "C.UTF-8", "USER": NSUserName(), "LOGNAME": NSUserName(), "SHELL": "/bin/sh",
                MachineMark.name: MachineRecord.id(order.tag),
            ]
        )
    }

    func endStrays(of id: String) { MachineMark(id: id).endAll() }

    func remove(_ path: String) async throws(ProviderFailure) {
        let error = roost_remove_tree(path)
        guard error == 0 else { throw ProviderFailure(file: path, error) }
    }
}
