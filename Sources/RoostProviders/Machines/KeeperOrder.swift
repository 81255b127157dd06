import CRoostLinux

/// What a keeper is asked to start, as bytes.
struct KeeperOrder: Sendable {
    struct Mount: Sendable, Hashable {
        var source: String
        var target: String
        var isReadOnly = true
    }

    /// A folder of the machine's own over one of the computer's.
    struct Cover: Sendable, Hashable {
        /// Of its overlay.
        var options: String
        /// Relative to the sandbox's ``Sandbox/folder``.
        var target: String
    }

    /// A sandbox around the program.
    struct Sandbox: Sendable {
        var users: SandboxUserChoice
        var hasHostNetwork: Bool
        /// The way to the server; nil for none.
        var door: ServerDoor?
        /// Paths of the overlay are relative to it.
        var folder: String
        var overlay: String
        var root: String
        var hostName: String
        var resolver: String?
        var covers: [Cover] = []
        var mounts: [Mount]
    }

    var folder: String
    /// A file that stays locked, shared with others, while the machine lives.
    var sharedLock: String?
    var leaves: [String]
    var workingFolder: String
    var program: String
    var arguments: [String]
    var environment: [String: String]
    var sandbox: Sandbox?

    /// The header and the texts; see `roost_machine_order`.
    var bytes: [UInt8] {
        var head = roost_machine_order()
        head.size = UInt32(MemoryLayout<roost_machine_order>.size)
        head.leaves = UInt32(leaves.count)
        head.arguments = UInt32(arguments.count)
        head.variables = UInt32(environment.count)
        var texts = [folder, sharedLock ?? ""] + leaves + [workingFolder, program] + arguments
        texts += environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        if let sandbox { texts += sandbox.texts(&head) }
        return withUnsafeBytes(of: head) { Array($0) } + texts.flatMap { Array($0.utf8) + [0] }
    }
}

extension KeeperOrder.Sandbox {
    fileprivate func texts(_ head: inout roost_machine_order) -> [String] {
        head.is_sandbox = 1
        head.host_network = hasHostNetwork ? 1 : 0
        users.write(to: &head)
        head.port = UInt32(door?.port ?? 0)
        head.family = door?.isIPv6 == true ? 6 : 4
        head.covers = UInt32(covers.count)
        head.mounts = UInt32(mounts.count)
        let server = [door?.address ?? "", door.map { String($0.port) } ?? "", door?.ownAddress ?? ""]
        return [folder, overlay, root, hostName, resolver ?? ""] + server
            + covers.flatMap { [$0.options, $0.target] }
            + mounts.flatMap { [$0.source, $0.target, $0.isReadOnly ? "r" : "w"] }
    }
}
