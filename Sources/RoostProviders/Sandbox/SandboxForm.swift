import CRoostLinux
import Foundation
import RoostControlGroups
import RoostImages
import RoostModel

/// What machines in sandboxes run.
public enum SandboxProgram: Sendable {
    /// An agent's program of this computer, which need not be in the image.
    case agent(String, authorityFile: String?)
    /// A program of the image.
    case image(MachineProgramChoice)
}

/// Machines that are namespaces over the layers of an image.
struct SandboxForm: MachineForm {
    struct Base: Sendable {
        /// The lowest layer, relative to the provider's folder.
        var layer: String
        var layers: MachineLayers
        var program: MachineProgramChoice
        /// Folders of the computer that the machine has its own view of, without the leading slash.
        var covered: [String] = []
        var mounts: [KeeperOrder.Mount] = []
    }

    static let keepsApart = true
    let folder: String
    let program: SandboxProgram
    let groups: ControlGroups
    let desk: SandboxDesk
    let computer: ComputerFiles
    let computerLayer: ComputerLayer

    init(folder: String, program: SandboxProgram, groups: ControlGroups, shown: [String]) {
        (self.folder, self.program, self.groups) = (folder, program, groups)
        desk = SandboxDesk(folder: folder)
        computer = ComputerFiles(shown: shown)
        computerLayer = ComputerLayer(folder: folder, files: computer)
    }

    /// Where an agent that is not in the image is seen, and where it keeps its files.
    static let agentPlace = "/run/roost-agent"
    static let agentRoot = "/var/lib/roost-agent"
    private static let authorityPlace = "/run/roost-authority.pem"

    func readiness() async -> ProviderReadiness {
        do throws(ProviderFailure) {
            let layers = try await desk.layers()
            if case .agent(let path, _) = program { _ = try await desk.bundle(path) }
            let disk = "The size of a machine's disk is not limited."
            return ProviderReadiness(limits: [layers.limits, disk].compactMap { $0 } + groups.limits)
        } catch {
            return ProviderReadiness(failure: error)
        }
    }

    func base(for order: MachineOrder) async throws(ProviderFailure) -> Base {
        var base = try await lowest(order.image)
        if case .agent(let path, let authority) = program {
            let bundle = try await desk.bundle(path)
            var words = bundle.words(at: Self.agentPlace) + ["boot", "--root", Self.agentRoot]
            base.mounts.append(KeeperOrder.Mount(source: bundle.folder, target: Self.agentPlace))
            if let authority {
                words += ["--sslcacert", Self.authorityPlace]
                base.mounts.append(KeeperOrder.Mount(source: authority, target: Self.authorityPlace))
            }
            base.program = MachineProgramChoice(executable: words[0], words: words)
        }
        return base
    }

    /// An image's layer, or without an image what there is of this computer.
    private func lowest(_ image: MachineImage?) async throws(ProviderFailure) -> Base {
        let layers = try await desk.layers()
        var choice = MachineProgramChoice(executable: "", words: [])
        if case .image(let program) = program { choice = program }
        if let image { return Base(layer: try await desk.layer(image), layers: layers, program: choice) }
        guard !computer.shows(folder) else {
            throw .unavailable(
                "Machines without an image would see \(folder), where the server keeps machines",
                advice: "Give the pool an image, or keep the server's data somewhere else."
            )
        }
        let shown = computer.shown.filter { access($0, F_OK) == 0 }
        return Base(
            layer: try await computerLayer.path(),
            layers: layers,
            program: choice,
            covered: computer.covered,
            mounts: shown.map { KeeperOrder.Mount(source: $0, target: $0) }
        )
    }

    /// Folders of the machine's own over those of the computer.
    private func covers(_ base: Base, _ generation: String) throws(ProviderFailure) -> [KeeperOrder.Cover] {
        var covers: [KeeperOrder.Cover] = []
        for name in base.covered {
            for part in ["upper", "work"] {
                let path = "\(folder)/\(generation)/\(name)-\(part)"
                guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw ProviderFailure(file: path, errno) }
            }
            let (upper, work) = ("\(generation)/\(name)-upper", "\(generation)/\(name)-work")
            let options = base.layers.overlay(over: "/\(name)", upper: upper, work: work)
            covers.append(KeeperOrder.Cover(options: options, target: "\(generation)/root/\(name)"))
        }
        return covers
    }

    func keeperOrder(
        _ order: MachineOrder,
        _ base: Base,
        _ place: MachinePlace,
        leaves: [String]
    ) async throws(ProviderFailure) -> KeeperOrder {
        let id = MachineRecord.id(order.tag)
        let door = order.network == .server ? try ServerDoor(order.joining) : nil
        let generation = place.generation(order.tag.generation)
        try SandboxUpper(folder: "\(generation)/upper", base: "\(folder)/\(base.layer)").make(
            hostName: order.tag.name,
            serverName: door?.name
        )
        for name in ["work", "root"] where mkdir("\(generation)/\(name)", 0o755) != 0 && errno != EEXIST {
            throw ProviderFailure(file: "\(generation)/\(name)", errno)
        }
        let relative = "machines/\(id)/g\(order.tag.generation)"
        let resolver = order.network == .host && access("/etc/resolv.conf", R_OK) == 0 ? "/etc/resolv.conf" : nil
        return KeeperOrder(
            folder: place.path,
            sharedLock: base.layers.lockFile,
            leaves: leaves,
            workingFolder: "/",
            program: base.program.executable,
            arguments: base.program.arguments(root: Self.agentRoot),
            environment: [
                "PATH": MachineProgramChoice.path, "HOME": "/root", "LANG": "C.UTF-8", "USER": "root",
                "LOGNAME": "root", "SHELL": "/bin/sh", MachineMark.name: id,
            ],
            sandbox: KeeperOrder.Sandbox(
                users: SandboxUserChoice(base.layers.users),
                hasHostNetwork: order.network == .host,
                door: door,
                folder: folder,
                overlay: base.layers.overlay(over: base.layer, upper: "\(relative)/upper", work: "\(relative)/work"),
                root: "\(relative)/root",
                hostName: order.tag.name,
                resolver: resolver,
                covers: try covers(base, relative),
                mounts: base.mounts
            )
        )
    }

    func endStrays(of id: String) { MachineMark(id: id).endAll() }

    func remove(_ path: String) async throws(ProviderFailure) {
        // Most files belong to who made the sandbox.
        if roost_remove_tree(path) == 0 { return }
        do { try await desk.layers().remove(path) } catch { throw ProviderFailure(error) }
    }
}

extension SandboxUserChoice {
    init(_ users: MachineLayers.Users) {
        switch users {
        case .same: self = .same
        case .alone: self = .alone
        case .mapped(let users, let groups):
            self = .mapped(
                users: Range(first: users.first, count: users.count),
                groups: Range(first: groups.first, count: groups.count)
            )
        }
    }
}

extension ProviderFailure {
    /// What something else of this computer says, in its own words.
    init(_ error: any Error) {
        switch error {
        case let known as ProviderFailure: self = known
        case let known as any UserFacingError:
            let text = [known.location.map { "\($0):" }, known.summary].compactMap { $0 }.joined(separator: " ")
            self = known.advice.map { .unavailable(text, advice: $0) } ?? .failed(text)
        default: self = .failed("\(error)")
        }
    }
}
